//! The command line.
use std::path::PathBuf;

use clap::Parser;
use shapewright::device::Choice;

use super::common::options::{number, rate};

/// Trains LeNet to read digits.
///
/// Without --data the program draws its digits itself: strokes of varied shape, slant, width,
/// position and noise, the training and the test set from different seeds.
#[derive(Parser)]
#[command(name = "lenet")]
pub struct Args {
    /// Use MNIST's files in DIR (train-images-idx3-ubyte, ..., plain or .gz)
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,

    /// Load the weights in FILE and print the test accuracy; no training
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["checkpoint", "epochs", "batch", "lr", "seed", "train_size"]
    )]
    pub evaluate: Option<PathBuf>,

    /// Where to save the weights, after every epoch
    #[arg(long, value_name = "FILE", default_value = "target/lenet.safetensors")]
    pub checkpoint: PathBuf,

    /// How often to go through the training images
    #[arg(long, value_name = "N", default_value = "5", value_parser = number(1, 100_000))]
    pub epochs: usize,

    /// Images for each step of the optimiser
    #[arg(long, value_name = "N", default_value = "64", value_parser = number(1, 100_000))]
    pub batch: usize,

    /// Learning rate of Adam at the start; it falls linearly to zero
    #[arg(long, value_name = "RATE", default_value = "0.002", value_parser = rate)]
    pub lr: f64,

    /// Seed of the initial weights and of the order of the images
    #[arg(long, value_name = "N", default_value = "0")]
    pub seed: u64,

    /// Device to run on: auto, cpu, cuda or cuda:N; auto is a GPU if there is one
    #[arg(long, value_name = "DEVICE", default_value = "auto")]
    pub device: Choice,

    /// Threads to use [default: all cores]
    #[arg(long, value_name = "N", value_parser = number(1, 1024))]
    pub threads: Option<usize>,

    /// Use only N training images [default: 12000 drawn, all of --data's]
    #[arg(long, value_name = "N", value_parser = number(1, 1_000_000))]
    pub train_size: Option<usize>,

    /// Use only N test images [default: 4000 drawn, all of --data's]
    #[arg(long, value_name = "N", value_parser = number(1, 1_000_000))]
    pub test_size: Option<usize>,
}
