//! A network as the list of its operations, which is how it is frozen.

use dfdx::prelude::*;
use shapewright_shape::{Activation, AdaptiveKind, PoolKind, UpsampleMode};

use super::{Batch, CpuElement, CpuFlow, CpuOperations, History, Parameter};
use crate::error::{Dims, Error};
use crate::kernels::adaptive_pool2d::AdaptivePool2dOp;
use crate::kernels::conv2d::Conv2dOp;
use crate::kernels::norm::{BatchNormOp, GroupNormOp, Statistics};
use crate::kernels::pool2d::Pool2dOp;
use crate::kernels::upsample2d::Upsample2dOp;
use crate::kernels::zero_pad2d::ZeroPad2dOp;
use crate::ops::{Flow, LinearOp};

/// The operations so far, in order.
pub type Trace<E> = Vec<Traced<E>>;

/// An operation that made the value `output` of the values `inputs`.
pub struct Traced<E> {
    pub op: TracedOp<E>,
    pub inputs: Vec<usize>,
    pub output: usize,
    /// Of the output.
    pub dims: Dims,
}

/// What it did, in evaluation.
pub enum TracedOp<E> {
    Activation(Activation),
    AdaptivePool2d(AdaptiveKind, AdaptivePool2dOp),
    Add,
    BatchNorm {
        op: BatchNormOp,
        eps: f64,
        running: Statistics<E>,
        parameters: Weights<E>,
    },
    /// Of so many numbers of each input.
    Concat(Vec<usize>),
    Conv2d(Conv2dOp, Weights<E>),
    ConvTranspose2d(Conv2dOp, Weights<E>),
    GroupNorm {
        op: GroupNormOp,
        eps: f64,
        parameters: Weights<E>,
    },
    Linear(LinearOp, Weights<E>),
    Pool2d(PoolKind, Pool2dOp),
    Upsample(UpsampleMode, Upsample2dOp),
    ZeroPad2d(ZeroPad2dOp),
}

/// Parameters as they were.
#[derive(Clone)]
pub struct Weights<E> {
    pub weight: Vec<E>,
    pub bias: Option<Vec<E>>,
}

impl<E: CpuElement> Weights<E> {
    pub fn of(weight: &Parameter<E>, bias: Option<&Parameter<E>>) -> Self {
        let copy = |parameter: &Parameter<E>| parameter.data().to_vec();
        Weights { weight: copy(weight), bias: bias.map(copy) }
    }

    pub fn both([weight, bias]: &[Parameter<E>; 2]) -> Self {
        Weights::of(weight, Some(bias))
    }
}

impl<E: CpuElement> History<E> {
    /// Notes the operation whose result is recorded next, if anybody wants to know.
    pub fn note(&mut self, inputs: &[usize], dims: Dims, op: impl FnOnce() -> TracedOp<E>) {
        let output = self.nodes;
        if let Some(trace) = &mut self.trace {
            trace.push(Traced { op: op(), inputs: inputs.to_vec(), output, dims });
        }
    }
}

impl<E: CpuElement> Batch<E> {
    /// [`History::note`] of an operation on this alone.
    pub fn note(&mut self, dims: Dims, op: impl FnOnce() -> TracedOp<E>) {
        self.history.note(&[self.value.node], dims, op);
    }
}

/// What `run` does to one input of the dims `input`: its operations, and its result as the number
/// of a value and dims. The input is the value 0. `None` if the result is not of the same history,
/// which a layer has left then.
///
/// # Errors
///
/// Those of `run`.
#[allow(clippy::type_complexity)]
pub fn trace<E: CpuOperations>(
    input: Dims,
    run: impl FnOnce(Flow<E, Cpu>) -> Result<Flow<E, Cpu>, Error>,
) -> Result<Option<(Trace<E>, usize, Dims)>, Error>
where
    Cpu: Device<E>,
{
    let [b, c, h, w] = input;
    let mut flow = super::enter::<E, NoneTape>(Cpu::default().try_zeros_like(&(b, c, h, w))?, None);
    flow.batch.history.trace = Some(Vec::new());
    let CpuFlow { batch, .. } = run(Flow(flow))?.0;
    let (value, dims) = (batch.value.node, batch.value.dims);
    Ok(batch.history.trace.map(|trace| (trace, value, dims)))
}
