//! The command line.
use clap::Parser;
use shapewright::device::Choice;

use super::common::Pictures;
use super::common::options::{number, rate};

/// Trains LeNet on 32×32 windows, and finds digits in larger pictures with the same weights.
#[derive(Parser)]
#[command(name = "fully_conv")]
pub struct Args {
    /// Height of the second scene; the first is 64×160
    #[arg(long, value_name = "PIXELS", default_value = "120", value_parser = number(1, 2048))]
    pub height: usize,

    /// Width of the second scene
    #[arg(long, value_name = "PIXELS", default_value = "240", value_parser = number(1, 2048))]
    pub width: usize,

    #[command(flatten)]
    pub pictures: Pictures,

    /// Steps of the optimiser
    #[arg(long, value_name = "N", default_value = "1200", value_parser = number(1, 100_000))]
    pub steps: usize,

    /// Windows for each step
    #[arg(long, value_name = "N", default_value = "64", value_parser = number(1, 10_000))]
    pub batch: usize,

    /// Learning rate of Adam at the start; it falls linearly to zero
    #[arg(long, value_name = "RATE", default_value = "0.002", value_parser = rate)]
    pub lr: f64,

    /// Seed of the initial weights, the training windows and the scenes
    #[arg(long, value_name = "N", default_value = "0")]
    pub seed: u64,

    /// Device to run on: auto, cpu, cuda or cuda:N; auto is a GPU if there is one
    #[arg(long, value_name = "DEVICE", default_value = "auto")]
    pub device: Choice,

    /// Threads to use [default: all cores]
    #[arg(long, value_name = "N", value_parser = number(1, 1024))]
    pub threads: Option<usize>,
}
