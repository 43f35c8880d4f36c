//! Trains LeNet to read digits, and measures it.
//!
//! ```text
//! cargo run --release --example lenet                     # on digits that the program draws itself
//! cargo run --release --example lenet -- --data DIR       # on MNIST's files
//! cargo run --release --example lenet -- --evaluate FILE  # measures a checkpoint
//! ```
mod cli;
#[path = "../common/mod.rs"]
mod common;
mod datasets;
mod training;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use shapewright::on_device;
use shapewright::ops::Backend;
use shapewright::prelude::*;
use shapewright::weights::Weights;

use cli::Args;
use training::{evaluate, train};

net! {
    /// LeNet-5 (LeCun, 1998) for 28×28 grey images, with ReLU and maximum pooling.
    pub struct LeNet: [1, 28, 28] -> [10] {
        conv1: Conv2d(6, kernel = 5, padding = 2),
        ReLU,
        MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5),
        ReLU,
        MaxPool2d(2),
        Flatten,
        fc1: Linear(400 -> 120),
        ReLU,
        fc2: Linear(120 -> 84),
        ReLU,
        fc3: Linear(84 -> 10),
    }
}

fn main() -> ExitCode {
    common::exit_code(run(&Args::parse(), &mut io::stdout().lock()))
}

fn run(args: &Args, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    common::use_threads(args.threads)?;
    let device = args.device.open(args.seed)?;
    writeln!(out, "device: {device}")?;
    on_device!(device, dev => run_on(&dev, args, out))
}

fn run_on<D: Backend<f32>>(
    dev: &D,
    args: &Args,
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    let mut net = dev.try_build_module::<LeNet, f32>().map_err(shapewright::Error::device)?;

    if let Some(file) = &args.evaluate {
        net.load_safetensors(file)?;
        let test = datasets::test(args)?;
        writeln!(out, "{} on {}", file.display(), test.origin)?;
        writeln!(out, "test accuracy: {:.2} %", evaluate(&net, dev, &test.images)?)?;
        return Ok(());
    }

    writeln!(out, "{}", LeNet::summary().with_batch(args.batch))?;
    common::prepare(&args.checkpoint)?;
    let (train_set, test_set) = (datasets::train(args)?, datasets::test(args)?);
    writeln!(out, "training on {}, testing on {}", train_set.origin, test_set.origin)?;
    let start = Instant::now();
    let accuracy = train(&mut net, dev, args, &train_set.images, &test_set.images, out)?;
    writeln!(out, "training time: {:.1} s", start.elapsed().as_secs_f64())?;
    writeln!(out, "test accuracy: {accuracy:.2} %")?;
    writeln!(out, "checkpoint: {}", args.checkpoint.display())?;
    Ok(())
}
