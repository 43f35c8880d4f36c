//! Draws convolution arithmetic: which pixels a convolution takes for which output, as animations.
//!
//! ```text
//! cargo run --release --example arithmetic
//! cargo run --release --example arithmetic -- conv --kernel 3 --dilation 2 --size 7 --numbers
//! cargo run --release --example arithmetic -- conv-transpose --kernel 2 --stride 2 --size 3
//! cargo run --release --example arithmetic -- max-pool --kernel 2 --stride 2 --ceil-mode
//! ```
//!
//! By itself it draws three figures of Dumoulin and Visin's guide
//! (<https://arxiv.org/abs/1603.07285>) and the diagram of LeNet; with a layer, that layer with its
//! options.
mod common;

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use shapewright::plot::{Arithmetic, Diagram};
use shapewright::prelude::*;
use shapewright::shape::{Conv2d, ConvTranspose2d, Padding, Pool2d};

use common::options::number;

net! {
    /// 5 × 5 pixels with 1 of padding, every second window.
    struct Strided: [1, 5, 5] -> [1, 3, 3] {
        conv: Conv2d(1, kernel = 3, stride = 2, padding = 1, bias = false),
    }

    /// The way back to 5 × 5.
    struct Up: [1, 3, 3] -> [1, 5, 5] {
        conv: ConvTranspose2d(1, kernel = 3, stride = 2, padding = 1),
    }

    /// A kernel of 3 × 3 that sees 5 × 5.
    struct Dilated: [1, 7, 7] -> [1, 3, 3] { conv: Conv2d(1, kernel = 3, dilation = 2) }

    /// LeNet for MNIST (LeCun et al., 1998).
    struct LeNet: [1, 28, 28] -> [10] {
        conv1: Conv2d(6, kernel = 5, padding = 2), ReLU, MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5), ReLU, MaxPool2d(2),
        Flatten,
        fc1: Linear(120), ReLU, fc2: Linear(84), ReLU, fc3: Linear(10),
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Layer {
    Conv,
    ConvTranspose,
    MaxPool,
    AvgPool,
}

/// Draws the figures of convolution arithmetic.
#[derive(Parser)]
#[command(name = "arithmetic")]
struct Args {
    /// A layer with the options below; without it, the figures of the guide
    layer: Option<Layer>,
    /// Height and width of the input
    #[arg(long, default_value = "5", value_parser = number(1, 64))]
    size: usize,
    /// Height and width of the kernel
    #[arg(long, default_value = "3", value_parser = number(1, 64))]
    kernel: usize,
    /// Distance between windows
    #[arg(long, default_value = "1", value_parser = number(1, 64))]
    stride: usize,
    /// Pixels of padding on each side
    #[arg(long, default_value = "0", value_parser = number(0, 64))]
    padding: usize,
    /// Distance between the taps of the kernel
    #[arg(long, default_value = "1", value_parser = number(1, 64))]
    dilation: usize,
    /// Rows and columns that a transposed convolution adds
    #[arg(long, default_value = "0", value_parser = number(0, 64))]
    output_padding: usize,
    /// Whether a pool takes a last window that reaches over the end
    #[arg(long)]
    ceil_mode: bool,
    /// Write small whole numbers into the cells, and compute
    #[arg(long)]
    numbers: bool,
    #[command(flatten)]
    pictures: common::Pictures,
}

fn main() -> ExitCode {
    let args = Args::parse();
    common::exit_code(match args.layer {
        Some(layer) => own(&args, layer),
        None => guide(&args.pictures),
    })
}

/// The figures of the guide; the compiler has proved the sizes of their outputs.
fn guide(pictures: &common::Pictures) -> Result<(), Box<dyn Error>> {
    let dev = Cpu::default();
    let image = dev.tensor([
        [3.0, 3.0, 2.0, 1.0, 0.0],
        [0.0, 0.0, 1.0, 3.0, 1.0],
        [3.0, 1.0, 2.0, 2.0, 3.0],
        [2.0, 0.0, 0.0, 2.0, 2.0],
        [2.0, 0.0, 0.0, 0.0, 1.0],
    ]);
    let kernel = dev.tensor([[0.0, 1.0, 2.0], [2.0, 2.0, 0.0], [0.0, 1.0, 2.0]]);
    let mut net = dev.build_module::<Strided, f32>();
    net.conv.weight = kernel.clone().reshape();
    let output = net.forward_one(image.clone().reshape::<Rank3<1, 5, 5>>());
    assert_eq!(output.array(), [[[6.0, 17.0, 3.0], [8.0, 17.0, 13.0], [6.0, 4.0, 4.0]]]);

    let strided = Arithmetic::of_step::<Strided>("conv")?.input(&image)?.kernel(&kernel)?;
    let up = Arithmetic::of_step::<Up>("conv")?;
    let dilated = Arithmetic::of_step::<Dilated>("conv")?;
    assert_eq!([&strided, &up, &dilated].map(|figure| figure.frames().count()), [9, 25, 9]);
    pictures.save_gif("conv.gif", &strided.title("stride 2, padding 1"))?;
    pictures.save_gif("conv_transpose.gif", &up.title("transposed: stride 2, padding 1"))?;
    pictures.save("dilated.png", &dilated.title("dilation 2").at(1, 1)?)?;
    pictures.save("lenet.png", &Diagram::of::<LeNet>())
}

/// A layer as the options say: its first frame, and all of them.
fn own(args: &Args, layer: Layer) -> Result<(), Box<dyn Error>> {
    let both = |n: usize| [n, n];
    let (kernel, stride, dilation) = (both(args.kernel), both(args.stride), both(args.dilation));
    let padding = Padding::symmetric(args.padding, args.padding);
    let size = both(args.size);
    let pool = |pool| Pool2d { stride, padding, dilation, ceil_mode: args.ceil_mode, ..pool };
    let mut figure = match layer {
        Layer::Conv => {
            let conv = Conv2d::new(1, kernel);
            Arithmetic::conv2d(Conv2d { stride, padding, dilation, ..conv }, size)?
        }
        Layer::ConvTranspose => {
            let (conv, output_padding) =
                (ConvTranspose2d::new(1, kernel), both(args.output_padding));
            let conv = ConvTranspose2d { stride, padding, dilation, output_padding, ..conv };
            Arithmetic::conv_transpose2d(conv, size)?
        }
        Layer::MaxPool => Arithmetic::pool2d(pool(Pool2d::max(kernel)), size)?,
        Layer::AvgPool => Arithmetic::pool2d(pool(Pool2d::avg(kernel)), size)?,
    };
    if args.numbers {
        let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(0));
        let mut whole = |[height, width]: [usize; 2], least: i8| {
            let numbers = (0..height * width).map(|_| f32::from(rng.gen_range(least..5)));
            dev.tensor_from_vec(numbers.collect(), (height, width))
        };
        figure = figure.input(&whole(size, 0))?;
        if let Layer::Conv | Layer::ConvTranspose = layer {
            figure = figure.kernel(&whole(kernel, -2))?;
        }
    }
    args.pictures.save("arithmetic.png", &figure)?;
    args.pictures.save_gif("arithmetic.gif", &figure)
}
