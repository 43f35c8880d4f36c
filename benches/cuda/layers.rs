//! A layer by itself, and the way back through it.

use std::sync::Arc;

use rand_distr::StandardNormal;
use shapewright::Error;
use shapewright::ops::{self, Erased};
use shapewright::prelude::*;
use shapewright::shape::{Conv2d, Norm, NormKind, Padding, Pool2d};

use super::passes::normal;
use super::works::{Op, Work};

pub enum Layer {
    Conv2d { weight: Erased<f32, Cuda>, conv: Conv2d },
    MaxPool2d(Pool2d),
    BatchNorm2d { parameters: [Vector; 2], running: [Vector; 2] },
}

type Vector = Tensor<(usize,), f32, Cuda>;

impl Layer {
    pub fn new(dev: &Cuda, work: &Work) -> Result<Self, Error> {
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

    pub fn run<T: Tape<f32, Cuda>>(
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
pub struct Gradient(Arc<<Cuda as Storage<f32>>::Vec>);

impl Gradient {
    pub fn new(dev: &Cuda, y: Erased<f32, Cuda>) -> Result<Self, Error> {
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
    pub fn back(&self, y: Erased<f32, Cuda, OwnedTape<f32, Cuda>>) -> Result<(), Error> {
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
