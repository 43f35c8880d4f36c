//! What can go wrong while a network runs: never a panic, always a sentence.

mod device;
mod words;

use std::fmt;

use dfdx::tensor::CpuError;
use shapewright_shape::{Init, Problem};

use crate::device::driver_words;

pub use device::DeviceError;

/// `(batch, channels, height, width)`.
pub type Dims = [usize; 4];

/// A mistake that only the running program could find.
///
/// Every message names the operation and holds the shapes that don't fit each other.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// What went wrong at a step of a network.
    Step {
        /// The names or numbers of the steps that lead to it: `layer1.conv1`.
        path: String,
        /// What went wrong.
        error: Box<Error>,
    },
    /// The device failed, usually for want of memory. dfdx's own words, or what CUDA's driver means.
    Device(String),
    /// The options of an operation are illegal, or don't suit its input.
    Options {
        /// The operation.
        op: &'static str,
        /// Its input.
        input: Dims,
        /// What is wrong. Boxed, for it is large and errors are rare.
        problem: Box<Problem>,
    },
    /// A weight has another shape than the input and the options ask for.
    Weight {
        /// The operation.
        op: &'static str,
        /// Its input.
        input: Dims,
        /// The shape that is asked for, its output channels first.
        expected: Vec<usize>,
        /// The shape of the weight.
        weight: Vec<usize>,
        /// Groups of channels; 1 for everything but grouped convolutions.
        groups: usize,
    },
    /// A bias is not one number for each output channel.
    Bias {
        /// The operation.
        op: &'static str,
        /// The shape of the weight.
        weight: Vec<usize>,
        /// The shape of the bias.
        bias: Vec<usize>,
        /// The length that is asked for.
        expected: usize,
    },
    /// An average pool has no dilation.
    AverageDilation {
        /// The operation.
        op: &'static str,
        /// Its input.
        input: Dims,
        /// The dilation it was given.
        dilation: [usize; 2],
    },
    /// Branches of a network that don't fit each other.
    Branches {
        /// The operation that should join them.
        op: &'static str,
        /// What the first branch gives.
        first: Dims,
        /// What another branch gives.
        other: Dims,
        /// What must be the same in both.
        same: &'static str,
    },
    /// A tensor is not `(batch, …)` with one to three further dimensions.
    Rank {
        /// Its shape.
        shape: Vec<usize>,
    },
    /// A network gives another size than the type of its output says.
    Output {
        /// What it gives.
        got: Dims,
    },
    /// There are not as many labels as logits ask for.
    Labels {
        /// The shape of the logits.
        logits: Vec<usize>,
        /// How many there are.
        labels: usize,
        /// How many there should be.
        expected: usize,
    },
    /// A label is no class.
    Label {
        /// The shape of the logits.
        logits: Vec<usize>,
        /// Which label it is.
        index: usize,
        /// What it says.
        label: usize,
        /// How many classes there are.
        classes: usize,
    },
    /// No label counts: all are to be ignored, or of classes with the weight 0.
    NoLabels {
        /// The shape of the logits.
        logits: Vec<usize>,
    },
    /// Weights of classes that are not one for each class, from 0 on.
    ClassWeights {
        /// The shape of the logits.
        logits: Vec<usize>,
        /// The weights.
        weights: Vec<f64>,
    },
    /// A label smoothing that is not from 0 to 1.
    LabelSmoothing(f64),
    /// A tensor is to be drawn by a fan that it does not have.
    Fan {
        /// How it is to be drawn.
        init: Init,
        /// Its shape.
        shape: Vec<usize>,
    },
    /// A tensor is to be drawn from a distribution that there is not.
    Init {
        /// How it is to be drawn.
        init: Init,
        /// Its shape.
        shape: Vec<usize>,
    },
    /// A layer that can't be frozen.
    NotFrozen {
        /// Its type.
        layer: &'static str,
    },
    /// An input of another shape than a network was frozen for.
    FrozenInput {
        /// Its shape.
        input: Vec<usize>,
        /// The shape of one input, without the batch.
        expected: Vec<usize>,
    },
    /// A slice that is not as long as a frozen network needs it.
    FrozenSlice {
        /// `x` or `y`.
        slice: &'static str,
        /// How many inputs or outputs it should hold.
        batch: usize,
        /// The numbers of one.
        one: usize,
        /// How long it is.
        got: usize,
    },
    /// A tensor can't be given another shape, because the number of elements differs.
    Reshape {
        /// The shape it has.
        from: Vec<usize>,
        /// The shape it should get.
        to: Vec<usize>,
    },
}

/// What the operations return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn options(op: &'static str, input: Dims, problem: Problem) -> Self {
        Error::Options { op, input, problem: Box::new(problem) }
    }

    /// The same error at a step of a network, or of the network at that step.
    #[must_use]
    pub fn at(self, step: &str) -> Self {
        match self {
            Error::Step { path, error } => Error::Step { path: format!("{step}.{path}"), error },
            error => Error::Step { path: step.to_string(), error: Box::new(error) },
        }
    }

    /// From the error of any dfdx device.
    pub fn device(error: impl fmt::Display) -> Self {
        let message = error.to_string();
        Error::Device(driver_words(&message).unwrap_or(message))
    }
}

impl From<CpuError> for Error {
    fn from(error: CpuError) -> Self {
        Error::device(error)
    }
}

impl std::error::Error for Error {}
