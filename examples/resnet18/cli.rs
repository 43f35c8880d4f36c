//! The command line.
use std::path::PathBuf;

use clap::Parser;
use shapewright::device::Choice;

use super::common::Pictures;
use super::common::options::{number, rate};

/// ResNet-18: one 224×224 image classified, then a training on coloured 32×32 digits.
#[derive(Parser)]
#[command(name = "resnet18")]
pub struct Args {
    /// How often to go through the training images; 0 only measures
    #[arg(long, value_name = "N", default_value = "3", value_parser = number(0, 1000))]
    pub epochs: usize,

    /// Images to train with
    #[arg(long, value_name = "N", default_value = "1280", value_parser = number(2, 1_000_000))]
    pub train_size: usize,

    /// Images for each step
    #[arg(long, value_name = "N", default_value = "32", value_parser = number(2, 10_000))]
    pub batch: usize,

    /// Learning rate of Adam at the start; it falls linearly to zero
    #[arg(long, value_name = "RATE", default_value = "0.001", value_parser = rate)]
    pub lr: f64,

    /// Seed of the initial weights and of the training images
    #[arg(long, value_name = "N", default_value = "0")]
    pub seed: u64,

    /// Device to run on: auto, cpu, cuda or cuda:N; auto is a GPU if there is one
    #[arg(long, value_name = "DEVICE", default_value = "auto")]
    pub device: Choice,

    /// Threads to use [default: all cores]
    #[arg(long, value_name = "N", value_parser = number(1, 1024))]
    pub threads: Option<usize>,

    /// Held-out images to measure with
    #[arg(long, value_name = "N", default_value = "500", value_parser = number(1, 100_000))]
    pub test_size: usize,

    /// Start with the weights in FILE (safetensors, ten classes)
    #[arg(long, value_name = "FILE")]
    pub load: Option<PathBuf>,

    /// Save the weights after the training
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,

    #[command(flatten)]
    pub pictures: Pictures,
}
