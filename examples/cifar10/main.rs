//! LeNet and a small ResNet on 32×32 colour images: which is better, and by how much.
//!
//! ```text
//! cargo run --release --example cifar10                # on coloured shapes that the program draws
//! cargo run --release --example cifar10 -- --data DIR  # on CIFAR-10's files (binary version)
//! cargo run --release --example cifar10 -- --short     # a few seconds of training
//! ```
#[path = "../common/mod.rs"]
mod common;
mod images;
mod network;
mod report;
#[path = "../common/shapes.rs"]
mod shapes;

use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use dfdx::nn::TensorCollection;
use shapewright::data::{Augment, Loader};
use shapewright::device::Choice;
use shapewright::layers::Layer;
use shapewright::network::Declared;
use shapewright::on_device;
use shapewright::ops::Backend;
use shapewright::prelude::*;
use shapewright::train::{Classification, Epoch, Evaluation, Trainer, schedule};

use common::options::number;
use images::Data;
use network::{LeNet, ResNet8};

/// Trains LeNet and a small ResNet on colour images, and compares them.
#[derive(Parser)]
#[command(name = "cifar10")]
struct Args {
    /// Use CIFAR-10's files in DIR (data_batch_1.bin, ..., plain or .gz)
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// Which network to train
    #[arg(long, value_name = "NAME", default_value = "both")]
    model: Model,

    /// How often to go through the training images [default: 5, with --short 2]
    #[arg(long, value_name = "N", value_parser = number(1, 100_000))]
    epochs: Option<usize>,

    /// Draw few images and train for a few seconds only
    #[arg(long)]
    short: bool,

    /// Device to run on: auto, cpu, cuda or cuda:N; auto is a GPU if there is one
    #[arg(long, value_name = "DEVICE", default_value = "auto")]
    device: Choice,

    #[command(flatten)]
    pictures: common::Pictures,
}

const BATCH: usize = 32;

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Model {
    Lenet,
    Resnet,
    Both,
}

/// What became of a network.
struct Trained {
    name: &'static str,
    history: Vec<Epoch>,
    evaluation: Evaluation,
}

fn main() -> ExitCode {
    common::exit_code(run(&Args::parse()))
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    args.pictures.prepare()?;
    let device = args.device.open(0)?;
    writeln!(io::stdout(), "device: {device}")?;
    on_device!(device, dev => run_on(&dev, args))
}

fn run_on<D: Backend<f32>>(dev: &D, args: &Args) -> Result<(), Box<dyn Error>> {
    let count = if args.short { (800, 200) } else { (4_000, 1_000) };
    let data = Data::load(args.data.as_deref(), count)?;
    args.pictures.save("cifar10_images.png", &report::grid(dev, &data.test)?)?;

    let mut trained = Vec::new();
    if args.model != Model::Resnet {
        let net = dev.try_build_module::<LeNet, f32>().map_err(shapewright::Error::device)?;
        trained.push(train(dev, net, &data, args)?);
    }
    if args.model != Model::Lenet {
        let net = dev.try_build_module::<ResNet8, f32>().map_err(shapewright::Error::device)?;
        trained.push(train(dev, net, &data, args)?);
    }
    report::print(args, &trained)
}

/// Trains a network with images that are shifted and mirrored, and measures it.
fn train<D, N>(dev: &D, net: N, data: &Data, args: &Args) -> Result<Trained, Box<dyn Error>>
where
    D: Backend<f32>,
    N: Declared + Layer<f32, D> + TensorCollection<f32, D>,
{
    let name = N::NETWORK.name;
    let train = Loader::new(data.train.clone())
        .batch_size(BATCH)
        .shuffle(0)
        .augment(Augment::new().crop([32, 32], 4).flip(0.5))
        .normalize(data.normalize);
    let test = Loader::new(data.test.clone()).batch_size(100).normalize(data.normalize);
    writeln!(io::stdout(), "\n{}", Summary::of(&N::NETWORK).with_batch(BATCH))?;
    let mut trainer = Trainer::new(dev, net, AdamConfig { lr: 4e-3, ..Default::default() })
        .epochs(args.epochs.unwrap_or(if args.short { 2 } else { 5 }))
        .schedule(schedule::OneCycle::default())
        .on_epoch(|epoch| Ok(writeln!(io::stdout(), "{epoch}")?));
    let history = trainer.fit(&train, &test)?.to_vec();
    let mut evaluation = Classification::default().measure(dev, trainer.network(), &test)?;
    evaluation.confusion = evaluation.confusion.with_names(data.test.class_names());
    Ok(Trained { name, history, evaluation })
}
