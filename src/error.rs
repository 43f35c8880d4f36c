//! What can go wrong while a network runs: never a panic, always a sentence.

use std::fmt;

use dfdx::tensor::{Cpu, CpuError, HasErr};
use shapewright_shape::{Init, Layer, Mistake, Network, Path, Problem, Shape, Step, Text, words};

use crate::device::driver_words;

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

/// A device whose error type can stand for any [`Error`], as dfdx's `Module` asks.
pub trait DeviceError: HasErr {
    /// The device's own error, or the one that is nearest.
    fn device_error(error: Error) -> Self::Err;
}

impl DeviceError for Cpu {
    fn device_error(error: Error) -> CpuError {
        // Shapes are proved, so what is left is memory.
        let error = match error {
            Error::Step { error, .. } => *error,
            error => error,
        };
        let memory = Error::from(CpuError::OutOfMemory);
        if error == memory { CpuError::OutOfMemory } else { CpuError::WrongNumElements }
    }
}

#[cfg(feature = "cuda")]
impl DeviceError for dfdx::tensor::Cuda {
    fn device_error(error: Error) -> dfdx::tensor::CudaError {
        use cudarc::driver::{DriverError, sys::CUresult};

        let error = match error {
            Error::Step { error, .. } => *error,
            error => error,
        };
        let memory = DriverError(CUresult::CUDA_ERROR_OUT_OF_MEMORY).into();
        if error == Error::device(&memory) { memory } else { CpuError::WrongNumElements.into() }
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Step { path, error } => write!(f, "`{path}`: {error}"),
            Error::Device(message) => write!(f, "the device failed: {message}"),
            Error::Options { op, input, problem } => {
                write!(f, "{}; the input is {}", sentence(op, *input, **problem), Tuple(input))
            }
            Error::Weight { op, input, expected, weight, groups } => {
                weight_sentence(f, op, *input, expected, weight, *groups)
            }
            Error::Bias { op, weight, bias, expected } => write!(
                f,
                "{op}: the weight is {}, so the bias is ({}), but it is {}",
                Tuple(weight),
                expected,
                Tuple(bias)
            ),
            Error::AverageDilation { op, input, dilation } => write!(
                f,
                "{op}: the input is {}, and a mean has no dilation, but {} is given",
                Tuple(input),
                Tuple(dilation)
            ),
            Error::Branches { op, first, other, same } => write!(
                f,
                "{op}: the first branch gives {} and another {}, but {same} must be the same",
                Tuple(first),
                Tuple(other)
            ),
            Error::Rank { shape } => write!(
                f,
                "the tensor is {}, but a network takes (batch, features), \
                 (batch, channels, length) or (batch, channels, height, width)",
                Tuple(shape)
            ),
            Error::Output { got } => write!(
                f,
                "the network gives {}, which is not what the type of its output says",
                Tuple(got)
            ),
            Error::Labels { logits, labels, expected } => {
                let logits = Tuple(logits);
                write!(
                    f,
                    "the logits are {logits} and take {expected} labels, but there are {labels}"
                )
            }
            Error::Label { logits, index, label, classes } => {
                write!(f, "label {index} is {label}, but the logits are {}: ", Tuple(logits))?;
                match classes.checked_sub(1) {
                    Some(last) => write!(f, "the classes are 0 to {last}"),
                    None => f.write_str("there are no classes"),
                }
            }
            Error::NoLabels { logits } => write!(
                f,
                "no label counts for the logits {}: all are ignored or of classes of weight 0, \
                 or there are none",
                Tuple(logits)
            ),
            Error::ClassWeights { logits, weights } => write!(
                f,
                "the logits are {}, which takes a finite weight from 0 on for each class, but the \
                 weights are {weights:?}",
                Tuple(logits)
            ),
            Error::LabelSmoothing(value) => {
                write!(f, "the label smoothing is {value}, but should be from 0 to 1")
            }
            Error::Fan { init, shape } => write!(
                f,
                "the tensor is {}, but `{init:?}` needs two dimensions or more, of which the fans \
                 are products",
                Tuple(shape)
            ),
            Error::Init { init, shape } => write!(
                f,
                "the tensor is {}, but there is no distribution `{init:?}`: numbers must be finite, \
                 deviations and gains at least 0, bounds in order",
                Tuple(shape)
            ),
            Error::Reshape { from, to } => write!(
                f,
                "the tensor is {}, which can't become {}: the number of elements differs",
                Tuple(from),
                Tuple(to)
            ),
        }
    }
}

/// Says which channels don't agree if that is all, else which shape the weight should have.
fn weight_sentence(
    f: &mut fmt::Formatter<'_>,
    op: &str,
    input: Dims,
    expected: &[usize],
    weight: &[usize],
    groups: usize,
) -> fmt::Result {
    let only_input_channels_differ = expected.len() == weight.len()
        && expected.iter().zip(weight).enumerate().all(|(i, (e, w))| i == 1 || e == w);
    write!(f, "{op}: the input is {}, ", Tuple(&input))?;
    let weight_shape = Tuple(weight);
    if !only_input_channels_differ {
        let expected = Tuple(expected);
        return write!(
            f,
            "which asks for a weight of {expected}, but the weight is {weight_shape}"
        );
    }
    // The weight of a convolution holds the input channels of one group.
    let (got, takes) = (input[1], weight[1].saturating_mul(groups));
    if expected.len() == 2 {
        write!(f, "so it has {got} features, but the weight {weight_shape} takes {takes}")
    } else {
        write!(
            f,
            "so it has {got} channels, but the weight {weight_shape} with groups = {groups} takes \
             {takes}"
        )
    }
}

/// A shape as dfdx and PyTorch write it: `(8, 3, 32, 32)`.
struct Tuple<'a>(&'a [usize]);

impl fmt::Display for Tuple<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        for (i, n) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{n}")?;
        }
        f.write_str(")")
    }
}

/// The words of the compiler's errors, with the operation in the place of the layer.
fn sentence(op: &str, [_, c, h, w]: Dims, problem: Problem) -> Text {
    let input = Shape::image(c, h, w);
    let step = [Step::layer(Layer::Flatten).named(op)];
    let network = Network::layer(op, &step);
    let mistake = Mistake { path: Path::to(0), start: input, input, problem };
    words::headline(&network, &mistake)
}
