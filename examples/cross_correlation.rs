//! Cross-correlation with small numbers, padding and strides, and a kernel that is learned.
//!
//! ```text
//! cargo run --release --example cross_correlation
//! ```
//!
//! What deep learning calls a convolution is a cross-correlation: the kernel slides over the image
//! as it is, where mathematics would turn it around first. For a kernel that is learned this makes
//! no difference. The steps are those of "Convolutions for Images" and "Padding and Stride" in
//! [Dive into Deep Learning](https://d2l.ai/chapter_convolutional-neural-networks/conv-layer.html).
mod common;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use common::matrix;
use shapewright::plot::{ColorMap, Curves, Heatmap, Panels};
use shapewright::prelude::*;

net! {
    /// The kernel at the 2 × 2 places where it fits.
    struct Valid: [1, 3, 3] -> [1, 2, 2] { conv: Conv2d(1, kernel = 2, bias = false) }

    /// Zeros around the image make it 5 × 5.
    struct Padded: [1, 3, 3] -> [1, 4, 4] { conv: Conv2d(1, kernel = 2, padding = 1, bias = false) }

    /// Three rows down, two columns to the right; the last column of zeros is left out.
    struct Strided: [1, 3, 3] -> [1, 2, 2] {
        #[allow(shapewright::dropped_rows)]
        conv: Conv2d(1, kernel = 2, stride = (3, 2), padding = 1, bias = false),
    }

    /// Compares each pixel with its neighbour to the right.
    struct Edges: [1, 6, 8] -> [1, 6, 7] { conv: Conv2d(1, kernel = (1, 2), bias = false) }
}

/// Steps of the learning.
const STEPS: i32 = 20;

/// Slides kernels over small images, and learns one.
#[derive(Parser)]
#[command(name = "cross_correlation")]
struct Args {
    #[command(flatten)]
    pictures: common::Pictures,
}

fn main() -> ExitCode {
    common::exit_code(run(&Args::parse().pictures))
}

fn run(pictures: &common::Pictures) -> Result<(), Box<dyn Error>> {
    by_hand()?;
    learned(pictures)
}

fn by_hand() -> Result<(), Box<dyn Error>> {
    let dev = AutoDevice::default();
    let image = dev.tensor([[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]]);
    let kernel = dev.tensor([[[[0.0, 1.0], [2.0, 3.0]]]]);
    matrix::show("image", &image)?;
    matrix::show("kernel", &kernel)?;

    let mut valid = dev.build_module::<Valid, f32>();
    valid.conv.weight = kernel.clone();
    // The first number: 0·0 + 1·1 + 2·3 + 3·4 = 19.
    let output = valid.try_forward_one(image.clone())?;
    matrix::check("cross-correlation", &output, [[19.0, 25.0], [37.0, 43.0]])?;

    let mut padded = dev.build_module::<Padded, f32>();
    padded.conv.weight = kernel.clone();
    matrix::check(
        "padding 1",
        &padded.try_forward_one(image.clone())?,
        [
            [0.0, 3.0, 8.0, 4.0],
            [9.0, 19.0, 25.0, 10.0],
            [21.0, 37.0, 43.0, 16.0],
            [6.0, 7.0, 8.0, 0.0],
        ],
    )?;

    let mut strided = dev.build_module::<Strided, f32>();
    strided.conv.weight = kernel;
    let output = strided.try_forward_one(image)?;
    matrix::check("padding 1, stride (3, 2)", &output, [[0.0, 8.0], [6.0, 8.0]])
}

/// Finds the kernel of an edge detector from an image and what the detector makes of it.
fn learned(pictures: &common::Pictures) -> Result<(), Box<dyn Error>> {
    // Each step leaves 0.8 of the error of the weights' sum and 0.64 of that of their difference, so
    // twenty are enough from weights that nearly cancel, as those of this seed do.
    let dev = AutoDevice::seed_from_u64(2);
    // White with a black band.
    let image = dev.tensor([[[1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0]; 6]]);
    let mut detector = dev.build_module::<Edges, f32>();
    detector.conv.weight = dev.tensor([[[[1.0, -1.0]]]]);
    let target = detector.try_forward_one(image.clone())?;
    matrix::check("\nedges of a black band", &target, [[0.0, 1.0, 0.0, 0.0, 0.0, -1.0, 0.0]; 6])?;

    let mut net = dev.build_module::<Edges, f32>();
    let before = net.conv.weight.clone();
    let mut sgd = Sgd::new(&net, SgdConfig { lr: 3e-2, momentum: None, weight_decay: None });
    let mut grads = net.alloc_grads();
    let mut losses = Vec::new();
    for step in 1..=STEPS {
        let output = net.try_forward_one(image.clone().traced(grads))?;
        let loss = (output - target.clone()).square().sum();
        losses.push((f64::from(step), f64::from(loss.array())));
        if step % 2 == 0 {
            writeln!(io::stdout(), "step {step:2}  loss {:.3}", loss.array())?;
        }
        grads = loss.backward();
        sgd.update(&mut net, &grads)?;
        net.zero_grads(&mut grads);
    }
    matrix::show("the learned kernel", &net.conv.weight)?;

    let [[[[left, right]]]] = net.conv.weight.array();
    let learned = (left - 1.0).abs().max((right + 1.0).abs()) < 0.005;
    if !learned || losses.last().is_none_or(|&(_, loss)| loss >= 0.0005) {
        return Err(format!("{STEPS} steps should lead to a loss of 0.000 and [1, -1]").into());
    }

    let panels = Panels::new()
        .with(Heatmap::new(&image)?.title("image").color_map(ColorMap::Grey))
        .with(Heatmap::new(&target)?.title("target: its edges"))
        .with(Heatmap::new(&before)?.title("kernel at first").range(-1.0..=1.0))
        .with(Heatmap::new(&net.conv.weight)?.title("kernel learned").range(-1.0..=1.0))
        .columns(2);
    pictures.save("cross_correlation_edges.png", &panels)?;
    let curve = Curves::new().line("sum of squared differences", losses).x_label("step").log_y();
    pictures.save("cross_correlation_loss.png", &curve.y_label("loss"))
}
