//! Layers of ResNet-18, LeNet and ResNet-18 on a GPU. `cuda/bench` sets PyTorch's times beside
//! these.
//!
//! ```text
//! cargo bench --features cuda --bench cuda                      # everything, in a minute or two
//! cargo bench --features cuda --bench cuda -- resnet18          # what has this in its name
//! cargo bench --features cuda --bench cuda -- --json FILE       # for pytorch_cuda.py
//! cuda/emulated cargo bench --features cuda --bench cuda -- --quick  # whether it works at all
//! ```
//!
//! A program is far ahead of the GPU that it gives work to, so what is timed is a number of runs
//! from one synchronisation to the next. criterion can do that only in `iter_custom`, which leaves
//! nothing for it to do but statistics of its own; and the table wants plain numbers.

#[path = "../examples/resnet18/network.rs"]
mod network;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;
use rand_distr::StandardNormal;
use serde_json::{Value, json};
use shapewright::Error;
use shapewright::device::open_cuda;
use shapewright::ops::{self, Erased};
use shapewright::prelude::*;
use shapewright::shape::{Conv2d, Norm, NormKind, Padding, Pool2d};

use network::ResNet18;

net! {
    struct LeNet: [3, 32, 32] -> [10] {
        conv1: Conv2d(6, kernel = 5),
        ReLU,
        MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5),
        ReLU,
        MaxPool2d(2),
        Flatten,
        fc1: Linear(120),
        ReLU,
        fc2: Linear(84),
        ReLU,
        fc3: Linear(10),
    }
}

/// Measures layers and networks on a GPU.
#[derive(Parser)]
#[command(name = "cuda")]
struct Args {
    /// Measure only what has this in its name
    #[arg(default_value = "")]
    filter: String,

    /// Run tiny shapes twice: a test of this program, no measurement
    #[arg(long)]
    quick: bool,

    /// Write what was measured to FILE, for pytorch_cuda.py
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Keep freed memory for the next tensor of the same size (dfdx's cache)
    #[arg(long)]
    cache: bool,

    /// GPU to run on, counted from 0
    #[arg(long, value_name = "N", default_value = "0")]
    gpu: usize,

    /// What `cargo bench` says to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), Box<dyn std::error::Error>> {
    let dev = open_cuda(args.gpu, 0)?;
    if args.cache {
        dev.try_enable_cache().map_err(Error::device)?;
    }
    let mut rows = Vec::new();
    let measured = measure_all(&dev, args, &mut rows);
    // What was measured before an error is worth having too.
    if let Some(file) = &args.json {
        let report = json!({ "quick": args.quick, "gpu": args.gpu, "rows": rows });
        let written = std::fs::write(file, format!("{report:#}\n"));
        written.map_err(|e| format!("{}: {e}", file.display()))?;
    }
    measured?;
    match rows.is_empty() {
        true => Err(format!("nothing has `{}` in its name", args.filter).into()),
        false => Ok(()),
    }
}

/// Prints a row for each measurement, and adds it to `rows`.
fn measure_all(dev: &Cuda, args: &Args, rows: &mut Vec<Value>) -> Result<(), String> {
    println!("| {:36} | {:>12} | {:>12} |", "milliseconds", "median", "least");
    println!("|:{:-<36}-|-{:->12}:|-{:->12}:|", "", "", "");
    for work in works() {
        let work = if args.quick { work.tiny() } else { work };
        for &pass in work.passes() {
            let name = format!("{}/{pass}", work.name);
            if !name.contains(&args.filter) {
                continue;
            }
            let times = prepare(dev, &work, pass)
                .and_then(|mut run| measure(dev, args.quick, &mut *run))
                .map_err(|e| format!("{name}: {e}"))?;
            dev.try_empty_cache().map_err(|e| Error::device(e).to_string())?;
            let Times { median, least } = times;
            println!("| {name:36} | {median:12.4} | {least:12.4} |");
            let mut row = work.describe();
            row["pass"] = json!(pass);
            row["median"] = json!(median);
            row["least"] = json!(least);
            rows.push(row);
        }
    }
    Ok(())
}

/// A layer or network and its input.
struct Work {
    name: &'static str,
    op: Op,
    /// `[batch, channels, height, width]`.
    input: [usize; 4],
}

enum Op {
    /// Without a bias; the window is `[kernel, stride, padding]`.
    Conv2d {
        out_channels: usize,
        window: [usize; 3],
    },
    MaxPool2d {
        window: [usize; 3],
    },
    /// As in training.
    BatchNorm2d,
    LeNet,
    ResNet18,
}

fn works() -> Vec<Work> {
    let conv = |name, in_channels, out_channels, side, window| Work {
        name,
        op: Op::Conv2d { out_channels, window },
        input: [64, in_channels, side, side],
    };
    let other = |name, op, input| Work { name, op, input };
    vec![
        conv("resnet_stem", 3, 64, 224, [7, 2, 3]),
        conv("resnet_64", 64, 64, 56, [3, 1, 1]),
        conv("resnet_128", 128, 128, 28, [3, 1, 1]),
        conv("resnet_256", 256, 256, 14, [3, 1, 1]),
        conv("resnet_512", 512, 512, 7, [3, 1, 1]),
        conv("resnet_down_128", 64, 128, 56, [3, 2, 1]),
        conv("resnet_down_256", 128, 256, 28, [3, 2, 1]),
        conv("resnet_down_512", 256, 512, 14, [3, 2, 1]),
        conv("resnet_skip_128", 64, 128, 56, [1, 2, 0]),
        conv("resnet_skip_256", 128, 256, 28, [1, 2, 0]),
        conv("resnet_skip_512", 256, 512, 14, [1, 2, 0]),
        other("resnet_pool", Op::MaxPool2d { window: [3, 2, 1] }, [64, 64, 112, 112]),
        other("resnet_norm", Op::BatchNorm2d, [64, 64, 112, 112]),
        other("resnet_norm_512", Op::BatchNorm2d, [64, 512, 7, 7]),
        other("lenet", Op::LeNet, [1024, 3, 32, 32]),
        other("resnet18", Op::ResNet18, [64, 3, 224, 224]),
    ]
}

impl Work {
    /// The same with shapes that a processor computes in no time.
    fn tiny(self) -> Self {
        let [_, channels, height, width] = self.input;
        let (most_channels, most_pixels) = match self.op {
            Op::LeNet | Op::ResNet18 => (3, 32),
            _ => (8, 14),
        };
        let op = match self.op {
            Op::Conv2d { window, .. } => Op::Conv2d { out_channels: 8, window },
            op => op,
        };
        let input =
            [2, channels.min(most_channels), height.min(most_pixels), width.min(most_pixels)];
        Work { op, input, ..self }
    }

    fn passes(&self) -> &'static [&'static str] {
        match self.op {
            Op::LeNet | Op::ResNet18 => &["forward", "training_step"],
            _ => &["forward", "forward_backward"],
        }
    }

    /// For PyTorch to do the same.
    fn describe(&self) -> Value {
        let mut row = match self.op {
            Op::Conv2d { out_channels, window } => {
                json!({ "op": "conv2d", "out_channels": out_channels, "window": window })
            }
            Op::MaxPool2d { window } => json!({ "op": "max_pool2d", "window": window }),
            Op::BatchNorm2d => json!({ "op": "batch_norm2d" }),
            Op::LeNet => json!({ "op": "lenet" }),
            Op::ResNet18 => json!({ "op": "resnet18" }),
        };
        row["name"] = json!(self.name);
        row["input"] = json!(self.input);
        row
    }
}

/// Milliseconds for a run.
struct Times {
    median: f64,
    least: f64,
}

/// Times runs until a second is over.
fn measure(dev: &Cuda, quick: bool, run: &mut Run) -> Result<Times, Error> {
    let mut time = |runs: u32| -> Result<Duration, Error> {
        dev.try_synchronize().map_err(Error::device)?;
        let start = Instant::now();
        for _ in 0..runs {
            run()?;
        }
        dev.try_synchronize().map_err(Error::device)?;
        Ok(start.elapsed())
    };
    // Kernels are loaded or compiled when they are first used.
    time(1)?;
    let (mut runs, mut batches, mut total) = (1, 2, Duration::ZERO);
    if !quick {
        // The GPU and its memory warm up, until it is known how many runs take 20 ms.
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(300) {
            let one = time(runs)?.as_secs_f64() / f64::from(runs);
            runs = (0.02 / one).clamp(1.0, 1000.0) as u32;
        }
        (batches, total) = (10, Duration::from_secs(1));
    }
    let start = Instant::now();
    let mut times = Vec::new();
    while times.len() < batches || start.elapsed() < total {
        times.push(time(runs)?.as_secs_f64() * 1e3 / f64::from(runs));
    }
    times.sort_by(f64::total_cmp);
    Ok(Times { median: times[times.len() / 2], least: times[0] })
}

type Run = dyn FnMut() -> Result<(), Error>;
type Traced<S> = Tensor<S, f32, Cuda, OwnedTape<f32, Cuda>>;

/// Makes what a pass takes, and gives the pass.
fn prepare(dev: &Cuda, work: &Work, pass: &str) -> Result<Box<Run>, Error> {
    let [batch, channels, height, width] = work.input;
    match work.op {
        Op::LeNet => {
            let mut net = dev.try_build_module::<LeNet, f32>().map_err(Error::device)?;
            let images = normal(dev, (batch, Const::<3>, Const::<32>, Const::<32>))?;
            match pass {
                "forward" => Ok(Box::new(move || net.try_forward(images.clone()).map(drop))),
                _ => {
                    let mut step = Training::<_, 10>::new(dev, &net, batch)?;
                    Ok(Box::new(move || {
                        let logits = net.try_forward_mut(images.clone().traced(step.grads()?))?;
                        step.finish(&mut net, logits)
                    }))
                }
            }
        }
        Op::ResNet18 => {
            let mut net = dev.try_build_module::<ResNet18<1000>, f32>().map_err(Error::device)?;
            let images = normal(dev, (batch, Const::<3>, height, width))?;
            match pass {
                "forward" => Ok(Box::new(move || net.try_forward(images.clone()).map(drop))),
                _ => {
                    let mut step = Training::<_, 1000>::new(dev, &net, batch)?;
                    Ok(Box::new(move || {
                        let logits = net.try_forward_mut(images.clone().traced(step.grads()?))?;
                        step.finish(&mut net, logits)
                    }))
                }
            }
        }
        _ => {
            let mut layer = Layer::new(dev, work)?;
            let x = normal(dev, (batch, channels, height, width))?;
            if pass == "forward" {
                return Ok(Box::new(move || layer.run(x.clone()).map(drop)));
            }
            let gradient = Gradient::new(dev, layer.run(x.clone())?)?;
            Ok(Box::new(move || gradient.back(layer.run(x.leaky_trace())?)))
        }
    }
}

fn normal<S: Shape>(dev: &Cuda, shape: S) -> Result<Tensor<S, f32, Cuda>, Error> {
    dev.try_sample_like(&shape, StandardNormal).map_err(Error::device)
}

enum Layer {
    Conv2d { weight: Erased<f32, Cuda>, conv: Conv2d },
    MaxPool2d(Pool2d),
    BatchNorm2d { parameters: [Vector; 2], running: [Vector; 2] },
}

type Vector = Tensor<(usize,), f32, Cuda>;

impl Layer {
    fn new(dev: &Cuda, work: &Work) -> Result<Self, Error> {
        let channels = work.input[1];
        let padding = |n| Padding::Explicit([[n; 2]; 2]);
        Ok(match work.op {
            Op::Conv2d { out_channels, window: [kernel, stride, pad] } => Layer::Conv2d {
                weight: normal(dev, (out_channels, channels, kernel, kernel))?,
                conv: Conv2d {
                    stride: [stride; 2],
                    padding: padding(pad),
                    bias: false,
                    ..Conv2d::new(out_channels, [kernel; 2])
                },
            },
            Op::MaxPool2d { window: [kernel, stride, pad] } => Layer::MaxPool2d(Pool2d {
                stride: [stride; 2],
                padding: padding(pad),
                ..Pool2d::max([kernel; 2])
            }),
            Op::BatchNorm2d | Op::LeNet | Op::ResNet18 => {
                let ones = || dev.try_ones_like(&(channels,)).map_err(Error::device);
                let zeros = || dev.try_zeros_like(&(channels,)).map_err(Error::device);
                let (parameters, running) = ([ones()?, zeros()?], [zeros()?, ones()?]);
                Layer::BatchNorm2d { parameters, running }
            }
        })
    }

    fn run<T: Tape<f32, Cuda>>(
        &mut self,
        x: Erased<f32, Cuda, T>,
    ) -> Result<Erased<f32, Cuda, T>, Error> {
        match self {
            Layer::Conv2d { weight, conv } => ops::conv2d(x, weight, None::<&Vector>, conv),
            Layer::MaxPool2d(pool) => ops::pool2d(x, pool),
            Layer::BatchNorm2d { parameters: [weight, bias], running: [mean, variance] } => {
                let norm = Norm::new(NormKind::Batch2d { momentum: 0.1 });
                ops::batch_norm_train(x, weight, bias, [mean, variance], &norm)
            }
        }
    }
}

/// The gradient of an output: a copy of what lies in memory. That of a sum would be measured with
/// the sum, and ones are no numbers to measure with.
struct Gradient(Arc<<Cuda as Storage<f32>>::Vec>);

impl Gradient {
    fn new(dev: &Cuda, y: Erased<f32, Cuda>) -> Result<Self, Error> {
        let numbers = Cpu::seed_from_u64(1);
        let numbers = numbers.try_sample_like(y.shape(), StandardNormal).map_err(Error::device)?;
        let mut memory = dev.try_alloc_len(y.shape().num_elements()).map_err(Error::device)?;
        let device = memory.device();
        device
            .htod_sync_copy_into(&numbers.as_vec(), &mut memory)
            .map_err(CudaError::from)
            .map_err(Error::device)?;
        Ok(Gradient(Arc::new(memory)))
    }

    /// The gradients of all that led to `y`.
    fn back(&self, y: Traced<(usize, usize, usize, usize)>) -> Result<(), Error> {
        let (y, mut tape) = y.split_tape();
        let (ghost, gradient) = (y.ghost(), self.0.clone());
        tape.add_backward_op(move |grads| {
            let target = grads.get_or_alloc_mut(&ghost)?;
            Ok(target.device().dtod_copy(&*gradient, target)?)
        });
        // dfdx goes back from a single number only. On this one nothing depends.
        let end: Tensor<Rank0, f32, _> = y.device().try_zeros().map_err(Error::device)?;
        end.put_tape(tape).try_backward().map(drop).map_err(Error::device)
    }
}

/// What goes on after the logits: cross entropy, gradients and SGD with momentum.
struct Training<M, const CLASSES: usize> {
    sgd: Sgd<M, f32, Cuda>,
    target: Tensor<(usize, Const<CLASSES>), f32, Cuda>,
    /// None after an error.
    grads: Option<Gradients<f32, Cuda>>,
}

impl<M: ZeroGrads<f32, Cuda>, const CLASSES: usize> Training<M, CLASSES> {
    fn new(dev: &Cuda, net: &M, batch: usize) -> Result<Self, Error> {
        let mut one_hot = vec![0.0; batch * CLASSES];
        (0..batch).for_each(|i| one_hot[i * CLASSES + i % CLASSES] = 1.0);
        let momentum = Some(Momentum::Classic(0.9));
        Ok(Training {
            sgd: Sgd::new(net, SgdConfig { lr: 1e-3, momentum, weight_decay: None }),
            target: dev.try_tensor_from_vec(one_hot, (batch, Const)).map_err(Error::device)?,
            grads: Some(net.try_alloc_grads().map_err(Error::device)?),
        })
    }

    fn grads(&mut self) -> Result<Gradients<f32, Cuda>, Error> {
        self.grads.take().ok_or_else(|| Error::Device("the step before failed".to_owned()))
    }

    fn finish(
        &mut self,
        net: &mut M,
        logits: Traced<(usize, Const<CLASSES>)>,
    ) -> Result<(), Error> {
        let mut computed = self.gradients(logits).map_err(Error::device)?;
        self.sgd.update(net, &computed).map_err(Error::device)?;
        net.try_zero_grads(&mut computed).map_err(Error::device)?;
        self.grads = Some(computed);
        Ok(())
    }

    /// As of dfdx's `cross_entropy_with_logits_loss`, which panics on errors.
    fn gradients(
        &self,
        logits: Traced<(usize, Const<CLASSES>)>,
    ) -> Result<Gradients<f32, Cuda>, CudaError> {
        let picked = logits.try_log_softmax::<Axis<1>>()?.try_mul(self.target.clone())?;
        let loss: Traced<Rank0> = picked.try_mean()?;
        loss.try_mul(-(CLASSES as f32))?.try_backward()
    }
}
