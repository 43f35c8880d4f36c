//! Filters: hand-made kernels, what padding does, and how the channels of an image add up.
//!
//! ```text
//! cargo run --release --example filters
//! ```
//!
//! Before kernels were learned they were made by hand: one finds edges, one blurs. Here a network of
//! one layer gets such a kernel as its weight.
mod channels;
#[path = "../common/mod.rs"]
mod common;
mod padding;
mod well_known;

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;
use shapewright::prelude::*;

use common::Pictures;

/// Applies hand-made filters to images.
#[derive(Parser)]
#[command(name = "filters")]
struct Args {
    #[command(flatten)]
    pictures: Pictures,
}

fn main() -> ExitCode {
    common::exit_code(run(&Args::parse().pictures))
}

fn run(pictures: &Pictures) -> Result<(), Box<dyn Error>> {
    let dev = AutoDevice::default();
    padding::run(&dev, pictures)?;
    channels::run(&dev)?;
    well_known::run(&dev, pictures)
}
