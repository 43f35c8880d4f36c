//! One set of weights, as a classifier of 32×32 windows and as a map of classes on any image.
//!
//! ```text
//! cargo run --release --example fully_conv
//! cargo run --release --example fully_conv -- --height 200 --width 300 --out DIR
//! ```
mod cli;
#[path = "../common/mod.rs"]
mod common;
mod map;
mod network;
mod page;
mod picture;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use dfdx::data::ExactSizeDataset;
use shapewright::data::{Batch, Dataset, Images, Loader, Normalize};
use shapewright::on_device;
use shapewright::ops::Backend;
use shapewright::prelude::*;
use shapewright::train::{Trainer, schedule};

use cli::Args;
use map::{Found, Map};
use network::{CLASSES, LeNet, LeNetFullyConv, WINDOW, fully_conv};
use page::{Drawn, Scene};

const TEST_WINDOWS: usize = 2000;

/// The seed of the held-out windows: none that one would give as `--seed`.
const TEST_SEED: u64 = u64::MAX;

/// Most that the same sums may differ by when they are added in another order.
const TOLERANCE: f32 = 1e-3;

/// A batch of one image whose size is known only when the program runs.
type AnySize = (Const<1>, usize, usize);

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
    // What can be wrong with the options is found out before the training.
    let any_size: Tensor<AnySize, f32, _> = dev.zeros_like(&(Const, args.height, args.width));
    dev.build_module::<LeNetFullyConv, f32>().try_forward_one(any_size)?;
    args.pictures.prepare()?;

    let net = dev.try_build_module::<LeNet, f32>().map_err(shapewright::Error::device)?;
    let count = args.steps * args.batch;
    writeln!(out, "training LeNet on {count} windows of 32 × 32")?;
    let held_out = page::windows(TEST_WINDOWS, TEST_SEED)?;
    let train = Loader::new(page::windows(count, args.seed)?).batch_size(args.batch);
    let test = Loader::new(held_out.clone()).batch_size(250);
    let mut trainer = Trainer::new(dev, net, AdamConfig { lr: args.lr, ..Default::default() })
        .epochs(1)
        .schedule(schedule::Linear { end: 0.0 })
        .on_epoch(|epoch| Ok(writeln!(io::stdout(), "{epoch}")?));
    trainer.fit(&train, &test)?;
    let net = compare(trainer.network(), dev, &held_out, out)?;

    // Known sizes: the compiler knows the map's too.
    let scene = Scene::draw(64, 160, args.seed);
    let image: Tensor<Rank3<1, 64, 160>, f32, _> =
        dev.tensor_from_vec(scene.to_floats(), Default::default());
    let scores: Tensor<Rank3<CLASSES, 9, 33>, f32, _> = net.try_forward_one(image)?;
    report(args, &scene, &Map::new(&scores.as_vec(), 9, 33), "known_size.png", out)?;

    // The same network for sizes of the command line.
    let scene = Scene::draw(args.height, args.width, args.seed.wrapping_add(1));
    let size: AnySize = (Const, args.height, args.width);
    let image = dev.tensor_from_vec(scene.to_floats(), size);
    let scores: Tensor<(Const<CLASSES>, usize, usize), f32, _> = net.try_forward_one(image)?;
    let (_, height, width) = *scores.shape();
    report(args, &scene, &Map::new(&scores.as_vec(), height, width), "any_size.png", out)
}

/// Moves the weights, and shows that on a window both networks give the same.
fn compare<D: Backend<f32>>(
    net: &LeNet<f32, D>,
    dev: &D,
    windows: &Images,
    out: &mut dyn Write,
) -> Result<LeNetFullyConv<f32, D>, Box<dyn Error>> {
    let map = fully_conv(net, dev);
    let samples = (0..100).map(|i| windows.samples().get(i));
    let batch = Batch::stack(windows, samples, &Normalize::<1>::UNIT)?;
    let images = batch.images::<1, WINDOW, WINDOW, f32, _>(dev)?;
    let one: Tensor<(usize, Const<CLASSES>), f32, _> = net.try_forward(images.clone())?;
    let all: Tensor<(usize, Const<CLASSES>, Const<1>, Const<1>), f32, _> =
        map.try_forward(images)?;
    let pairs = one.as_vec().into_iter().zip(all.as_vec());
    let difference = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    writeln!(out, "its weights in the fully convolutional network: scores differ by {difference}")?;
    if difference > TOLERANCE {
        return Err("the two networks should give the same".into());
    }
    Ok(map)
}

/// Prints what was found in a scene, and writes its picture.
fn report(
    args: &Args,
    scene: &Scene,
    map: &Map,
    file: &str,
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    let (page, found) = (&scene.page, map.find());
    let (height, width) = (page.height, page.width);
    writeln!(out, "\nscene of {height} × {width}, map of {} × {}", map.height, map.width)?;
    for digit in &found {
        let Found { class, y, x, probability } = digit;
        let percent = 100.0 * probability;
        let right = if scene.digits.iter().any(|d| is_at(d, digit)) { "" } else { "  wrong" };
        writeln!(out, "  {class} at row {y:3}, column {x:3}  {percent:5.1} %{right}")?;
    }
    let right = scene.digits.iter().filter(|d| found.iter().any(|f| is_at(d, f))).count();
    writeln!(out, "{right} of {} digits found", scene.digits.len())?;
    args.pictures.save(file, &picture::draw(page, map, found)?)
}

/// Whether a drawn digit is the one that was found.
fn is_at(drawn: &Drawn, found: &Found) -> bool {
    let distance = drawn.y.abs_diff(found.y).max(drawn.x.abs_diff(found.x));
    drawn.class == found.class && distance <= 8
}
