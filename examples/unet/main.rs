//! A U-Net that says of every pixel what it is of: background, circle, square or triangle.
//!
//! ```text
//! cargo run --release --example unet
//! cargo run --release --example unet -- --short  # a few seconds of training, worse figures
//! ```
//!
//! The skips are `Concat` blocks with an empty branch (`network`). The scenes are drawn (`scenes`),
//! with the class of each pixel as label; what is trained for, and the mean of intersection over
//! union (IoU), is an `Objective` of the program's own (`objective`).
#[path = "../common/mod.rs"]
mod common;
mod network;
mod objective;
mod scenes;
#[path = "../common/shapes.rs"]
mod shapes;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use shapewright::plot::{ClassMap, Curves, ImageGrid, Panels};
use shapewright::prelude::*;
use shapewright::train::{Classification, ConfusionMatrix, Trainer, schedule};

use network::UNet;
use objective::{Segmentation, mean_iou};
use scenes::{CLASSES, SIZE, Scenes};

/// Trains a U-Net to find circles, squares and triangles.
#[derive(Parser)]
#[command(name = "unet")]
struct Args {
    /// Train for a few seconds only
    #[arg(long)]
    short: bool,

    #[command(flatten)]
    pictures: common::Pictures,
}

const BATCH: usize = 4;

/// Scenes in the picture of masks.
const SHOWN: usize = 4;

fn main() -> ExitCode {
    common::exit_code(run(&Args::parse()))
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    args.pictures.prepare()?;
    let mut out = io::stdout();
    let (batches, epochs) = if args.short { (24, 1) } else { (120, 10) };
    let train = Scenes::batches(batches, BATCH, 1);
    let test = Scenes::batches(if args.short { 4 } else { 24 }, BATCH, 2);
    writeln!(out, "{}\n", UNet::summary().with_batch(BATCH))?;

    let dev = Cpu::seed_from_u64(0);
    let net = dev.build_module::<UNet, f32>();
    let (training, testing) = (train.len() * BATCH, test.len() * BATCH);
    writeln!(out, "training on {training} drawn scenes, testing on {testing} others")?;
    let mut trainer = Trainer::new(&dev, net, AdamConfig { lr: 5e-3, ..Default::default() })
        .objective(Segmentation)
        .epochs(epochs)
        .schedule(schedule::OneCycle::default())
        .on_epoch(|epoch| Ok(writeln!(io::stdout(), "{epoch}")?));
    let history = trainer.fit(&train, &test)?;
    let curves = Panels::new()
        .with(Curves::training(history).title("cross entropy"))
        .with(Curves::metric(history, "IoU")?.title("mean intersection over union"));
    args.pictures.save("unet_training.png", &curves)?;

    let net = trainer.into_network();
    args.pictures.save("unet_masks.png", &masks(&dev, &net, &test[0])?)?;
    let evaluation = Classification::default().measure(&dev, &net, &test)?;
    report(&evaluation.confusion, if args.short { 0.25 } else { 0.8 })
}

/// The IoU of each class over all test scenes, the mean of which is to be above `least`.
fn report(matrix: &ConfusionMatrix, least: f64) -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout();
    writeln!(out, "\npixels: {:.2} % right", 100.0 * matrix.accuracy())?;
    for (class, name) in CLASSES.iter().enumerate() {
        writeln!(out, "{name:>10}  IoU {:.4}", matrix.iou(class))?;
    }
    let mean = mean_iou(matrix);
    // All background: its part of the pixels is its IoU, and that of the other classes is 0.
    let background: u64 = (0..CLASSES.len()).map(|said| matrix.count(0, said)).sum();
    let trivial = background as f64 / matrix.total() as f64 / CLASSES.len() as f64;
    writeln!(out, "{:>10}  IoU {mean:.4}; of nothing but background {trivial:.4}", "mean")?;
    if mean < least || mean < trivial {
        return Err(format!("the mean IoU is {mean:.3}, and should be above {least}").into());
    }
    Ok(())
}

/// Scenes, their masks, and the masks that the network sees.
fn masks(dev: &Cpu, net: &UNet, scenes: &Scenes) -> Result<Panels, Box<dyn Error>> {
    let images = scenes.images(dev)?;
    let seen = argmax(&net.try_forward(images.clone())?);
    let mut panels = Panels::new().columns(3);
    for (i, seen) in seen.chunks(SIZE * SIZE).take(SHOWN).enumerate() {
        let image: Tensor<Rank3<3, SIZE, SIZE>, f32, _> = images.clone().select(dev.tensor(i));
        let map = |classes: &[usize]| {
            ClassMap::new(classes, SIZE, SIZE)
                .map(|map| map.background(0).names(CLASSES).scale(3.0))
        };
        panels = panels
            .with(ImageGrid::new(&image)?.scale(3.0).title("scene"))
            .with(map(scenes.mask(i))?.title("mask"))
            .with(map(seen)?.title("U-Net"));
    }
    Ok(panels)
}
