//! A LeNet looked at from all sides: its shapes, one image's probabilities, a short training, what
//! it says of digits, what its convolutions see.
//!
//! ```text
//! cargo run --release --example lenet5
//! cargo run --release --example lenet5 -- --short  # a few seconds of training, worse figures
//! ```
#[path = "../common/mod.rs"]
mod common;
mod pictures;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use shapewright::data::{Digits, Loader, Normalize};
use shapewright::plot::Heatmap;
use shapewright::prelude::*;
use shapewright::train::{Classification, Trainer};

/// A LeNet on drawn digits: shapes, probabilities, training, predictions, feature maps.
#[derive(Parser)]
#[command(name = "lenet5")]
struct Args {
    /// Train for a few seconds only
    #[arg(long)]
    short: bool,

    #[command(flatten)]
    pictures: common::Pictures,
}

net! {
    /// After LeNet-5 (LeCun, 1998), with 20 channels and ReLU. As in the original, 28×28 digits lie
    /// in the middle of 32×32 pixels, so that the first kernels see their edges too.
    struct LeNet5: [1, 28, 28] -> [10] {
        pad: ZeroPad2d(2),
        conv1: Conv2d(20, kernel = 5),
        pool1: MaxPool2d(2),
        conv2: Conv2d(20, kernel = 5),
        pool2: MaxPool2d(2),
        flat: Flatten,
        fc1: Linear(500),
        relu: ReLU,
        fc2: Linear(10),
    }
}

// As PyTorch counts them.
const _: () = assert!(LeNet5::PARAMETERS == 266_050);

/// Some digits, and one.
type Batch = Tensor<(usize, Const<1>, Const<28>, Const<28>), f32, Cpu>;
type Digit = Tensor<Rank3<1, 28, 28>, f32, Cpu>;

fn main() -> ExitCode {
    common::exit_code(run(&Args::parse()))
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    args.pictures.prepare()?;
    let mut out = io::stdout();
    let (count, epochs) = if args.short { (1500, 1) } else { (8000, 4) };
    let train =
        Loader::new(Digits::draw(count, 1)).batch_size(64).shuffle(0).normalize(Normalize::MNIST);
    let test = Loader::new(Digits::draw(2000, 2)).batch_size(40).normalize(Normalize::MNIST);
    let dev = Cpu::seed_from_u64(0);
    let batch = test.epoch(0).next().ok_or("there is no test digit")??;
    let digits: Batch = batch.images(&dev)?;
    let digit: Digit = digits.clone().select(dev.tensor(3));

    let net = dev.build_module::<LeNet5, f32>();
    writeln!(out, "{}\n", LeNet5::summary().with_batch(64))?;
    print_shapes(&net, digits.clone())?;
    print_probabilities(&net, digit.clone())?;

    writeln!(out, "\ntraining on {count} drawn digits, testing on 2000 others")?;
    let mut trainer = Trainer::new(&dev, net, AdamConfig { lr: 1e-3, ..Default::default() })
        .epochs(epochs)
        .on_epoch(|epoch| Ok(writeln!(io::stdout(), "{epoch}")?));
    trainer.fit(&train, &test)?;
    let net = trainer.into_network();
    let evaluation = Classification::default().measure(&dev, &net, &test)?;
    let accuracy = evaluation.accuracy();
    writeln!(out, "test accuracy: {:.2} %", 100.0 * accuracy)?;

    let confusion = Heatmap::confusion(&evaluation.confusion).title("2000 digits and LeNet-5");
    args.pictures.save("lenet5_confusion.png", &confusion)?;
    args.pictures
        .save("lenet5_predictions.png", &pictures::predictions(&net, digits, &batch.labels)?)?;
    args.pictures.save("lenet5_features.png", &pictures::features(&net, digit)?)?;
    let least = if args.short { 0.6 } else { 0.95 };
    if accuracy < least {
        return Err(format!("the accuracy is {accuracy:.3}, and should be above {least}").into());
    }
    Ok(())
}

/// What every step gives in a forward pass, against what the compiler has computed.
fn print_shapes(net: &LeNet5, digits: Batch) -> io::Result<()> {
    let mut out = io::stdout();
    let input = dims(&digits);
    let seen = net.activations(digits);
    // The types are as exact: `seen.conv2` is a `Tensor<(usize, Const<20>, Const<10>, Const<10>), …>`.
    let shapes = [
        ("pad", dims(&seen.pad)),
        ("conv1", dims(&seen.conv1)),
        ("pool1", dims(&seen.pool1)),
        ("conv2", dims(&seen.conv2)),
        ("pool2", dims(&seen.pool2)),
        ("flat", dims(&seen.flat)),
        ("fc1", dims(&seen.fc1)),
        ("relu", dims(&seen.relu)),
        ("fc2", dims(&seen.fc2)),
    ];
    writeln!(out, "input  {input:?}")?;
    for ((name, shape), declared) in shapes.iter().zip(LeNet5::SHAPES) {
        writeln!(out, "{name:>5}  {shape:?}")?;
        assert_eq!(shape[1..], *declared.dims(), "what {name} gives");
    }
    Ok(())
}

fn dims(x: &impl HasShape) -> Vec<usize> {
    x.shape().concrete().into()
}

/// The class of one digit, before any training: a guess.
fn print_probabilities(net: &LeNet5, digit: Digit) -> io::Result<()> {
    let mut out = io::stdout();
    let logits: Tensor<Rank1<10>, f32, _> = net.forward_one(digit);
    let class = argmax(&logits)[0];
    let p = logits.softmax::<Axis<0>>().array();
    let sum: f32 = p.iter().sum();
    writeln!(out, "\none digit, untrained: {p:.3?}")?;
    writeln!(out, "the sum is {sum:.3}, the highest is that of class {class}: {:.3}", p[class])?;
    assert!((sum - 1.0).abs() < 1e-5, "probabilities add up to 1");
    Ok(())
}
