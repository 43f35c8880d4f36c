//! Errors in words.

use std::fmt;

use shapewright_shape::{Layer, Mistake, Network, Path, Problem, Shape, Step, Text, words};

use super::{Dims, Error};

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
            Error::NotFrozen { layer } => write!(
                f,
                "`{layer}` can't be frozen: something in it is not done by operations of \
                 `shapewright::ops` in one flow, so it is not known here what it does"
            ),
            Error::FrozenInput { input, expected } => write!(
                f,
                "the network was frozen for inputs of {}, alone or in a batch, but this is {}",
                Tuple(expected),
                Tuple(input)
            ),
            Error::FrozenSlice { slice, batch, one, got } => {
                write!(f, "`{slice}` should hold {batch} times {one} numbers, but it holds {got}")
            }
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
