//! Trains LeNet to read digits, and measures it.
//!
//! ```text
//! cargo run --release --example lenet                     # on digits that the program draws itself
//! cargo run --release --example lenet -- --data DIR       # on MNIST's files
//! cargo run --release --example lenet -- --resume         # goes on where a training was stopped
//! cargo run --release --example lenet -- --evaluate FILE  # measures a network's weights
//! ```
mod cli;
#[path = "../common/mod.rs"]
mod common;
mod datasets;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use shapewright::data::{Augment, Loader, Normalize};
use shapewright::on_device;
use shapewright::ops::Backend;
use shapewright::plot::{Curves, Heatmap, Panels};
use shapewright::prelude::*;
use shapewright::train::{Classification, Evaluation, Trainer};

use cli::Args;
use datasets::Digits;

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

// 156 + 2416 of the convolutions, 48 120 + 10 164 + 850 of the linear layers.
const _: () = assert!(LeNet::PARAMETERS == 61_706);

fn main() -> ExitCode {
    common::exit_code(run(&Args::parse()))
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    common::use_threads(args.threads)?;
    let device = args.device.open(args.seed)?;
    writeln!(io::stdout(), "device: {device}")?;
    on_device!(device, dev => run_on(&dev, args))
}

fn run_on<D: Backend<f32>>(dev: &D, args: &Args) -> Result<(), Box<dyn Error>> {
    let net = dev.try_build_module::<LeNet, f32>().map_err(shapewright::Error::device)?;
    match &args.evaluate {
        Some(file) => evaluate(dev, net, file, &args.digits()?).map(drop),
        None => train(dev, net, args),
    }
}

fn train<D: Backend<f32>>(dev: &D, net: LeNet<f32, D>, args: &Args) -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout();
    writeln!(out, "{}", LeNet::summary().with_batch(args.batch))?;
    common::prepare(&args.weights)?;
    common::prepare(&args.checkpoint)?;
    args.pictures.prepare()?;
    let digits = args.digits()?;
    writeln!(out, "training on {}, testing on {}", digits.train_origin, digits.test_origin)?;
    let train = Loader::new(digits.train.clone())
        .batch_size(args.batch)
        .shuffle(args.seed)
        .augment(Augment::new().shift(args.shift))
        .normalize(Normalize::MNIST);
    let test = test_loader(&digits);

    let mut trainer = Trainer::new(dev, net, AdamConfig { lr: args.lr, ..Default::default() })
        .epochs(args.epochs)
        .seed(args.seed)
        .schedule(args.schedule.build(train.batches()))
        .checkpoint(&args.checkpoint)
        .best_weights(&args.weights)
        .on_epoch(|epoch| Ok(writeln!(io::stdout(), "{epoch}")?));
    if let Some(log) = &args.log {
        trainer = trainer.log(log).log_every(args.log_every);
    }
    if args.resume {
        trainer.resume(&args.checkpoint)?;
    }
    trainer.fit(&train, &test)?;

    let time: f64 = trainer.history().iter().map(|epoch| epoch.seconds).sum();
    writeln!(out, "training time: {time:.1} s")?;
    let history = trainer.history().to_vec();
    let evaluation = evaluate(dev, trainer.into_network(), &args.weights, &digits)?;
    let panels = Panels::new()
        .with(Curves::training(&history).title("LeNet"))
        .with(Heatmap::confusion(&evaluation.confusion).title(&digits.test_origin));
    args.pictures.save("lenet.png", &panels)
}

/// Loads the weights in a file and tells how good they are.
fn evaluate<D: Backend<f32>>(
    dev: &D,
    mut net: LeNet<f32, D>,
    file: &std::path::Path,
    digits: &Digits,
) -> Result<Evaluation, Box<dyn Error>> {
    net.load_safetensors(file)?;
    let evaluation = Classification::default().measure(dev, &net, &test_loader(digits))?;
    let accuracy = 100.0 * evaluation.accuracy();
    let mut out = io::stdout();
    writeln!(out, "weights: {} on {}", file.display(), digits.test_origin)?;
    writeln!(out, "{}", evaluation.confusion)?;
    writeln!(out, "test accuracy: {accuracy:.2} %")?;
    Ok(evaluation)
}

fn test_loader(digits: &Digits) -> Loader {
    Loader::new(digits.test.clone()).batch_size(250).normalize(Normalize::MNIST)
}
