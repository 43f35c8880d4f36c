//! Layers that make images smaller and larger: pools, upsampling, transposed convolution.
//!
//! ```text
//! cargo run --release --example pooling_and_upsampling
//! ```
//!
//! Each comes with numbers that can be checked by hand, and the program ends with an error where one
//! is wrong.
mod checkerboard;
#[path = "../common/mod.rs"]
mod common;
mod pooling;
mod transposed;
mod upsampling;

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;
use shapewright::data::Digits;
use shapewright::prelude::*;

use common::Pictures;

/// Makes small images smaller and larger.
#[derive(Parser)]
#[command(name = "pooling_and_upsampling")]
struct Args {
    #[command(flatten)]
    pictures: Pictures,
}

/// An image of one channel.
type Image<const H: usize, const W: usize> = Tensor<Rank3<1, H, W>, f32, AutoDevice>;

fn main() -> ExitCode {
    common::exit_code(run(&Args::parse().pictures))
}

fn run(pictures: &Pictures) -> Result<(), Box<dyn Error>> {
    let dev = AutoDevice::default();
    pooling::run(&dev, pictures)?;
    upsampling::run(&dev, pictures)?;
    transposed::run(&dev, pictures)?;
    checkerboard::run(&dev, pictures)
}

/// A drawn digit, from 0 to 1.
fn digit(dev: &AutoDevice) -> Image<28, 28> {
    let digits = Digits::draw(10, 0);
    let pixels = digits.sample(3).0.iter().map(|&pixel| f32::from(pixel) / 255.0);
    dev.tensor_from_vec(pixels.collect(), Default::default())
}
