//! ResNet-18 in torchvision's layout: times it on one 224×224 image, then trains it on 32×32.
//!
//! ```text
//! cargo run --release --example resnet18
//! cargo run --release --example resnet18 -- --save FILE
//! cargo run --release --example resnet18 -- --load FILE --steps 0  # only measures
//! ```
mod cli;
#[path = "../common/mod.rs"]
mod common;
mod network;
mod pictures;
mod training;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use shapewright::on_device;
use shapewright::ops::Backend;
use shapewright::prelude::*;

use cli::Args;
use network::ResNet18;

/// The seed of the held-out pictures: none that one would give as `--seed`.
const TEST_SEED: u64 = u64::MAX;

fn main() -> ExitCode {
    common::exit_code(run(&Args::parse(), &mut io::stdout().lock()))
}

fn run(args: &Args, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    common::use_threads(args.threads)?;
    if let Some(file) = &args.save {
        common::prepare(file)?;
    }
    let device = args.device.open(args.seed)?;
    writeln!(out, "device: {device}")?;
    on_device!(device, dev => run_on(&dev, args, out))
}

fn run_on<D: Backend<f32>>(
    dev: &D,
    args: &Args,
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    let mut net =
        dev.try_build_module::<ResNet18<10>, f32>().map_err(shapewright::Error::device)?;
    if let Some(file) = &args.load {
        net.load_safetensors(file)?;
    }

    writeln!(out, "{}", ResNet18::<1000>::summary(224, 224))?;
    let time = time_one_image(dev)?;
    writeln!(out, "one image of 224 × 224: {:.1} ms", time.as_secs_f64() * 1e3)?;

    let count = args.steps * args.batch;
    writeln!(out, "\nthe same network for 10 classes on coloured digits of 32 × 32")?;
    if args.steps > 0 {
        writeln!(out, "training on {count}, testing on {} others", args.test_size)?;
        training::train(&mut net, dev, args, &pictures::draw(count, args.seed)?, out)?;
    }
    let accuracy = training::evaluate(&net, dev, &pictures::draw(args.test_size, TEST_SEED)?)?;
    writeln!(out, "test accuracy: {accuracy:.1} %")?;
    if let Some(file) = &args.save {
        net.save_safetensors(file)?;
        writeln!(out, "weights: {}", file.display())?;
    }
    Ok(())
}

/// The fastest of a few forward passes, of which the first finds cold caches.
fn time_one_image<D: Backend<f32>>(dev: &D) -> Result<Duration, Box<dyn Error>> {
    let net = dev.try_build_module::<ResNet18<1000>, f32>().map_err(shapewright::Error::device)?;
    let image: Tensor<Rank3<3, 224, 224>, f32, _> = dev.sample_normal();
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        let _scores: Tensor<Rank1<1000>, f32, _> = net.try_forward_one(image.clone())?;
        // A GPU has only been told what to do so far.
        dev.try_synchronize().map_err(shapewright::Error::device)?;
        best = best.min(start.elapsed());
    }
    Ok(best)
}
