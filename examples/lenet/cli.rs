//! The command line.
use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use shapewright::device::Choice;
use shapewright::train::schedule::{Constant, Cosine, Linear, OneCycle, Schedule, WarmUp};

use super::common::Pictures;
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

    /// Download MNIST's files to the DIR of --data, if they are not there (feature `download`)
    #[arg(long, requires = "data")]
    pub download: bool,

    /// Load the weights in FILE and tell how good they are; no training
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["weights", "checkpoint", "resume", "epochs", "batch", "lr", "log"]
    )]
    pub evaluate: Option<PathBuf>,

    /// Where to save the weights of the best epoch
    #[arg(long, value_name = "FILE", default_value = "target/lenet.safetensors")]
    pub weights: PathBuf,

    /// Where to save, after every epoch, all that --resume needs
    #[arg(long, value_name = "FILE", default_value = "target/lenet.checkpoint.safetensors")]
    pub checkpoint: PathBuf,

    /// Go on from the checkpoint; all other options are to be as they were, but for --epochs
    #[arg(long)]
    pub resume: bool,

    /// Write a line for each epoch to FILE: CSV if its name ends in .csv, else JSON
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,

    /// Write a line to the log for every N steps, too; 0 is for none
    #[arg(long, value_name = "N", default_value = "0", requires = "log")]
    pub log_every: usize,

    /// How often to go through the training images
    #[arg(long, value_name = "N", default_value = "5", value_parser = number(1, 100_000))]
    pub epochs: usize,

    /// Images for each step of the optimiser
    #[arg(long, value_name = "N", default_value = "64", value_parser = number(1, 100_000))]
    pub batch: usize,

    /// Learning rate of Adam
    #[arg(long, value_name = "RATE", default_value = "0.002", value_parser = rate)]
    pub lr: f64,

    /// How the learning rate changes over all epochs
    #[arg(long, value_name = "NAME", default_value = "linear")]
    pub schedule: Rates,

    /// Move the training images at random by up to N pixels
    #[arg(long, value_name = "N", default_value = "0", value_parser = number(0, 27))]
    pub shift: usize,

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

    #[command(flatten)]
    pub pictures: Pictures,
}

/// The schedules by name.
#[derive(Clone, Copy, ValueEnum)]
pub enum Rates {
    /// Always the same
    Constant,
    /// Along a line to zero
    Linear,
    /// Along half a cosine to zero
    Cosine,
    /// Up to the rate and down to almost nothing
    OneCycle,
    /// Up to the rate in the first epoch, then along half a cosine to zero
    WarmUp,
}

impl Rates {
    pub fn build(self, steps_per_epoch: usize) -> Box<dyn Schedule> {
        let cosine = Cosine { end: 0.0 };
        match self {
            Rates::Constant => Box::new(Constant),
            Rates::Linear => Box::new(Linear { end: 0.0 }),
            Rates::Cosine => Box::new(cosine),
            Rates::OneCycle => Box::new(OneCycle::default()),
            Rates::WarmUp => Box::new(WarmUp { steps: steps_per_epoch, start: 0.01, then: cosine }),
        }
    }
}
