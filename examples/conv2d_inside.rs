//! What is inside a `Conv2d`: its weight, its bias, and how one output pixel comes about.
//!
//! ```text
//! cargo run --release --example conv2d_inside
//! ```
//!
//! The layer slides ten kernels of 5 × 5 over a 28 × 28 image. A kernel fits at 28 - 5 + 1 = 24
//! places in each direction, so each makes a feature map of 24 × 24; padding `p` and stride `s` turn
//! that into (28 + 2·p - 5) / s + 1. A kernel has 25 weights and one bias, however large the image
//! is: 250 and 10 for all ten. The layer is untrained, and its random kernels already answer to
//! edges of different directions.
mod common;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use shapewright::data::{Digits, Loader};
use shapewright::plot::{ImageGrid, Panels};
use shapewright::prelude::*;

net! {
    /// One layer. `[10, 24, 24]` is no wish: with another number this does not compile.
    struct Net: [1, 28, 28] -> [10, 24, 24] {
        conv: Conv2d(10, kernel = 5),
    }
}

/// Looks into a convolution of ten kernels.
#[derive(Parser)]
#[command(name = "conv2d_inside")]
struct Args {
    #[command(flatten)]
    pictures: common::Pictures,
}

fn main() -> ExitCode {
    common::exit_code(run(&Args::parse().pictures))
}

fn run(pictures: &common::Pictures) -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout();
    let dev = AutoDevice::seed_from_u64(0);
    let net = dev.build_module::<Net, f32>();
    writeln!(out, "{}\n", Net::summary())?;

    // The weight is [out channels, in channels, kernel height, kernel width].
    let weight: &Tensor<Rank4<10, 1, 5, 5>, f32, _> = &net.conv.weight;
    let bias: &Tensor<Rank1<10>, f32, _> = net.conv.bias().ok_or("the layer has a bias")?;
    let (weights, biases) = (weight.shape().num_elements(), bias.shape().num_elements());
    writeln!(out, "conv.weight {:?}: {weights} numbers", weight.shape().concrete())?;
    writeln!(out, "conv.bias {:?}: {biases} numbers", bias.shape().concrete())?;
    writeln!(out, "together {} parameters", Net::PARAMETERS)?;
    assert_eq!((weights, biases, Net::PARAMETERS), (250, 10, 260));

    // The batch stands before the shape, and the layer treats all of its images alike.
    let digits = Loader::new(Digits::draw(128, 0)).batch_size(128);
    let batch = digits.epoch(0).next().ok_or("there is a batch")??;
    let images = batch.images::<1, 28, 28, f32, _>(&dev)?;
    let features = net.try_forward(images.clone())?;
    let (from, to) = (images.shape().concrete(), features.shape().concrete());
    writeln!(out, "\na batch {from:?} becomes {to:?}")?;
    assert_eq!(to, [128, 10, 24, 24]);

    // One digit, without a batch.
    let digit: Tensor<Rank3<1, 28, 28>, f32, _> = images.select(dev.tensor(3));
    let maps = net.try_forward_one(digit.clone())?;

    // A pixel of a feature map is the sum of the kernel times the window below it, and the bias.
    let (channel, y, x) = (4, 10, 12);
    let (kernel, pixels) = (weight.array()[channel][0], digit.array()[0]);
    let products = (0..5).flat_map(|i| (0..5).map(move |j| kernel[i][j] * pixels[y + i][x + j]));
    let by_hand = bias.array()[channel] + products.sum::<f32>();
    let by_layer = maps.array()[channel][y][x];
    writeln!(out, "map {channel}, row {y}, column {x}: {by_layer:.5}, by hand {by_hand:.5}")?;
    if (by_layer - by_hand).abs() > 1e-5 {
        return Err(format!("the layer gives {by_layer}, its definition {by_hand}").into());
    }

    let kernels = ImageGrid::kernels(weight)?.columns(5).captions(0..10).title("conv.weight");
    pictures.save("conv2d_inside_kernels.png", &kernels)?;
    let maps = ImageGrid::channels(&maps)?.columns(5).captions(0..10).title("its ten feature maps");
    let panels = Panels::new().with(ImageGrid::new(&digit)?.scale(6.0).title("a digit")).with(maps);
    pictures.save("conv2d_inside_features.png", &panels)
}
