//! A convolutional network against a fully connected one with about as many parameters.
//!
//! ```text
//! cargo run --release --example mlp_vs_cnn                # on digits that the program draws itself
//! cargo run --release --example mlp_vs_cnn -- --data DIR  # on MNIST's files
//! cargo run --release --example mlp_vs_cnn -- --short     # a few seconds of training
//! ```
//!
//! Both are trained alike, by SGD with a learning rate of 0.001 and a momentum of 0.9 on batches of
//! 64, and their losses compared.
#[path = "../common/mod.rs"]
mod common;

use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use dfdx::nn::TensorCollection;
use shapewright::data::{self, Digits, Images, Loader, Mnist, Normalize};
use shapewright::layers::Layer;
use shapewright::network::Declared;
use shapewright::plot::{Curves, ImageGrid};
use shapewright::prelude::*;
use shapewright::train::{Epoch, Trainer};

/// A convolutional and a fully connected network, trained alike and compared.
#[derive(Parser)]
#[command(name = "mlp_vs_cnn")]
struct Args {
    /// Use MNIST's files in DIR (train-images-idx3-ubyte, ..., plain or .gz)
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// Train for a few seconds only
    #[arg(long)]
    short: bool,

    #[command(flatten)]
    pictures: common::Pictures,
}

net! {
    /// Convolutions only, but for the last layer.
    struct ConvNet: [1, 28, 28] -> [10] {
        Conv2d(16, kernel = 3, padding = 1), ReLU,
        MaxPool2d(2),
        Conv2d(32, kernel = 3), ReLU,
        MaxPool2d(2, padding = 1),
        Conv2d(64, kernel = 1), ReLU,
        Conv2d(4, kernel = 5),
        Flatten,
        Linear(36 -> 10),
    }

    /// One hidden layer of 16 neurons.
    struct FCNet: [1, 28, 28] -> [10] {
        Flatten,
        Linear(784 -> 16), ReLU,
        Linear(16 -> 10),
    }
}

// As PyTorch counts them.
const _: () = assert!(ConvNet::PARAMETERS == 13_686 && FCNet::PARAMETERS == 12_730);

const BATCH: usize = 64;

fn main() -> ExitCode {
    common::exit_code(run(&Args::parse()))
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    args.pictures.prepare()?;
    let mut out = io::stdout();
    writeln!(out, "{}\n", ConvNet::summary().with_batch(BATCH))?;
    writeln!(out, "{}\n", FCNet::summary().with_batch(BATCH))?;
    let ratio = ConvNet::PARAMETERS as f64 / FCNet::PARAMETERS as f64;
    writeln!(out, "ConvNet has {ratio:.2} times as many parameters as FCNet")?;

    let (train, test) = digits(args)?;
    let train = Loader::new(train).batch_size(BATCH).shuffle(0).normalize(Normalize::MNIST);
    let test = Loader::new(test).batch_size(250).normalize(Normalize::MNIST);
    let dev = Cpu::seed_from_u64(0);
    let batch = train.epoch(0).next().ok_or("there is no training image")??;
    let grid = ImageGrid::new(&batch.images::<1, 28, 28, f32, _>(&dev)?)?;
    let grid = grid.columns(8).captions(&batch.labels).title("a batch of 64");
    args.pictures.save("mlp_vs_cnn_batch.png", &grid)?;

    let epochs = if args.short { 2 } else { 8 };
    let (conv, fc) = (dev.build_module::<ConvNet, f32>(), dev.build_module::<FCNet, f32>());
    let conv = fit("ConvNet", conv, [&train, &test], epochs)?;
    let fc = fit("FCNet", fc, [&train, &test], epochs)?;
    let mut curves = Curves::new().title("SGD, learning rate 0.001, momentum 0.9");
    for (name, history) in [("ConvNet", &conv), ("FCNet", &fc)] {
        let train = history.iter().map(|epoch| (epoch.number as f64, epoch.train.loss));
        let test = history.iter().map(|epoch| (epoch.number as f64, epoch.test.loss));
        curves = curves.line(format!("{name}, train"), train).line(format!("{name}, test"), test);
    }
    args.pictures.save("mlp_vs_cnn_losses.png", &curves.x_label("epoch").y_label("loss"))?;
    compare(args, &conv, &fc)
}

/// Training and test images: MNIST's or drawn ones.
fn digits(args: &Args) -> Result<(Images, Images), data::Error> {
    let (mut train, mut test) = match &args.data {
        Some(dir) => (Mnist::load_train(dir)?, Mnist::load_test(dir)?),
        None => (Digits::draw(12_000, 1), Digits::draw(2_000, 2)),
    };
    if args.short {
        train.truncate(2_000);
        test.truncate(500);
    }
    Ok((train, test))
}

/// Trains a network and gives what has happened.
fn fit<N>(
    name: &str,
    net: N,
    [train, test]: [&Loader; 2],
    epochs: usize,
) -> Result<Vec<Epoch>, Box<dyn Error>>
where
    N: Declared + Layer<f32, Cpu> + TensorCollection<f32, Cpu>,
{
    writeln!(io::stdout(), "\n{name} on {} images", train.dataset().len())?;
    let sgd = SgdConfig { lr: 1e-3, momentum: Some(Momentum::Classic(0.9)), weight_decay: None };
    let mut trainer = Trainer::new(&Cpu::default(), net, sgd)
        .epochs(epochs)
        .on_epoch(|epoch| Ok(writeln!(io::stdout(), "{epoch}")?));
    Ok(trainer.fit(train, test)?.to_vec())
}

/// The losses at the end, which tell who has won.
fn compare(args: &Args, conv: &[Epoch], fc: &[Epoch]) -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout();
    writeln!(out, "\n         train loss  test loss  test accuracy")?;
    let mut test_losses = Vec::new();
    for (name, history) in [("ConvNet", conv), ("FCNet", fc)] {
        let [first, .., last] = history else { return Err("too few epochs".into()) };
        let (train, test, accuracy) = (last.train.loss, last.test.loss, last.test.metrics[0]);
        writeln!(out, "{name:7} {train:11.4}  {test:9.4}  {accuracy:13.4}")?;
        if train >= first.train.loss {
            return Err(format!("{name} has learned nothing").into());
        }
        test_losses.push(test);
    }
    // In a few seconds SGD's small steps do not get the convolutions off the ground.
    if !args.short && args.data.is_none() && test_losses[0] > 0.8 * test_losses[1] {
        return Err("the convolutional network should be far better".into());
    }
    Ok(())
}
