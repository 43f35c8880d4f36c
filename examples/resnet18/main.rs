//! ResNet-18 in torchvision's layout: times it on one 224×224 image, then trains it on 32×32.
//!
//! ```text
//! cargo run --release --example resnet18
//! cargo run --release --example resnet18 -- --save FILE
//! cargo run --release --example resnet18 -- --load FILE --epochs 0  # only measures
//! ```
//!
//! The weights have torchvision's names and layouts, so FILE may also come from PyTorch.
mod cli;
#[path = "../common/mod.rs"]
mod common;
mod digits;
mod network;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use shapewright::data::{Images, Loader, Normalize};
use shapewright::on_device;
use shapewright::ops::Backend;
use shapewright::plot::{Curves, Heatmap, Panels};
use shapewright::prelude::*;
use shapewright::train::{Classification, Epoch, Trainer, schedule};

use cli::Args;
use network::ResNet18;

type Net<D> = ResNet18<10, f32, D>;

/// The seed of the held-out pictures: none that one would give as `--seed`.
const TEST_SEED: u64 = u64::MAX;

fn main() -> ExitCode {
    common::exit_code(run(&Args::parse()))
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    common::use_threads(args.threads)?;
    if let Some(file) = &args.save {
        common::prepare(file)?;
    }
    args.pictures.prepare()?;
    let device = args.device.open(args.seed)?;
    writeln!(io::stdout(), "device: {device}")?;
    on_device!(device, dev => run_on(&dev, args))
}

fn run_on<D: Backend<f32>>(dev: &D, args: &Args) -> Result<(), Box<dyn Error>> {
    let mut net: Net<D> =
        dev.try_build_module::<ResNet18<10>, f32>().map_err(shapewright::Error::device)?;
    if let Some(file) = &args.load {
        net.load_safetensors(file)?;
    }

    let mut out = io::stdout();
    writeln!(out, "{}", ResNet18::<1000>::summary(224, 224))?;
    let time = time_one_image(dev)?;
    writeln!(out, "one image of 224 × 224: {:.1} ms", time.as_secs_f64() * 1e3)?;

    writeln!(out, "\nthe same network for 10 classes on coloured digits of 32 × 32")?;
    let test = loader(digits::draw(args.test_size, TEST_SEED)?, 100);
    let (net, history) = train(dev, net, args, &test)?;
    let evaluation = Classification::default().measure(dev, &net, &test)?;
    writeln!(out, "test accuracy: {:.1} %", 100.0 * evaluation.accuracy())?;
    let panels = Panels::new()
        .with(Curves::training(&history).title("ResNet-18 on coloured digits"))
        .with(Heatmap::confusion(&evaluation.confusion).title("held-out digits"));
    args.pictures.save("resnet18.png", &panels)?;
    if let Some(file) = &args.save {
        net.save_safetensors(file)?;
        writeln!(out, "weights: {}", file.display())?;
    }
    Ok(())
}

/// Trains with Adam, and tells of each epoch.
fn train<D: Backend<f32>>(
    dev: &D,
    net: Net<D>,
    args: &Args,
    test: &Loader,
) -> Result<(Net<D>, Vec<Epoch>), Box<dyn Error>> {
    let images = digits::draw(args.train_size, args.seed)?;
    writeln!(io::stdout(), "training on {}, testing on {} others", images.len(), args.test_size)?;
    // A batch of one image has no variance for a batch norm.
    let train = loader(images, args.batch).shuffle(args.seed).drop_last(true);
    let mut trainer = Trainer::new(dev, net, AdamConfig { lr: args.lr, ..Default::default() })
        .epochs(args.epochs)
        .schedule(schedule::Linear { end: 0.0 })
        .on_epoch(|epoch| Ok(writeln!(io::stdout(), "{epoch}")?));
    if args.epochs > 0 {
        trainer.fit(&train, test)?;
    }
    let history = trainer.history().to_vec();
    Ok((trainer.into_network(), history))
}

fn loader(images: Images, batch: usize) -> Loader {
    Loader::new(images).batch_size(batch).normalize(Normalize::new([0.4; 3], [0.3; 3]))
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
