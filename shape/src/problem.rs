//! What can be wrong with a layer, as data. The sentences are in [`words`](crate::words).

use crate::{Claim, Init, Join, Shape, Window};

/// A spatial axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Rows.
    Height = 0,
    /// Columns.
    Width = 1,
    /// The elements of a sequence, which are the columns of an image of one row.
    Length = 2,
}

impl Axis {
    /// The dimension of a shape.
    pub(crate) const fn dimension(self) -> usize {
        match self {
            Axis::Height | Axis::Length => 1,
            Axis::Width => 2,
        }
    }

    /// Where options for `[height, width]` have those of this axis.
    pub const fn index(self) -> usize {
        match self {
            Axis::Height => 0,
            Axis::Width | Axis::Length => 1,
        }
    }
}

/// The part of a layer that is at fault: where the error points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arg {
    /// The layer as a whole.
    Layer,
    /// The claimed input, left of `->`.
    In,
    /// The output, right of `->` or alone.
    Out,
    /// `kernel`, or a pool's window.
    Kernel,
    /// `stride`.
    Stride,
    /// `padding`.
    Padding,
    /// `dilation`.
    Dilation,
    /// `groups`.
    Groups,
    /// The probability of a dropout.
    Probability,
    /// `output_padding`.
    OutputPadding,
    /// `p` of a power average.
    Power,
    /// `eps`.
    Epsilon,
    /// `momentum`.
    Momentum,
    /// `init`.
    Init,
    /// The network's declared input.
    NetworkInput,
}

/// One mistake in one layer.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)] // The fields say what their names say.
pub enum Problem {
    /// A kernel of 0.
    ZeroKernel { axis: Axis },
    /// A stride of 0.
    ZeroStride { axis: Axis },
    /// A dilation of 0.
    ZeroDilation { axis: Axis },
    /// An output without rows or columns.
    ZeroSize { axis: Axis },
    /// A scale of 0.
    ZeroScale { axis: Axis },
    /// A reshape to no elements.
    ZeroDimension { to: Claim },
    /// A reshape that leaves more than one dimension open.
    OpenDimensions { to: Claim },
    /// A reshape to another number of elements.
    Reshape { to: Claim, input: Shape },
    /// An input of no pixels.
    ZeroInput,
    /// A sequence of no elements.
    ZeroLength,
    /// No output channels or features.
    ZeroOutput,
    /// No input channels are claimed.
    ZeroInChannels,
    /// No input features are claimed.
    ZeroInFeatures,
    /// No groups.
    ZeroGroups,
    /// The groups don't divide the input channels.
    GroupsInput { groups: usize, channels: usize },
    /// The groups don't divide the output channels.
    GroupsOutput { groups: usize, channels: usize },
    /// The kernel with its dilation reaches over the padded input.
    KernelTooLarge { window: Window, input: usize, pad_lo: usize, pad_hi: usize },
    /// A pool's padding is over half its kernel.
    PoolPadding { axis: Axis, kernel: usize, padding: usize },
    /// A transposed convolution's output padding is no less than its stride and its dilation.
    OutputPadding { axis: Axis, output_padding: usize, stride: usize, dilation: usize },
    /// The padding of a transposed convolution cuts everything off.
    NothingLeft { axis: Axis, painted: usize, padding: usize },
    /// An image layer is given something else.
    NotAnImage { input: Shape },
    /// A layer for sequences is given something else.
    NotASequence { input: Shape },
    /// A layer for features and sequences is given an image.
    AnImage { input: Shape },
    /// A linear layer is given something else than features.
    NotFeatures { input: Shape },
    /// The claimed channels are not those that arrive.
    Channels { claimed: usize, got: usize },
    /// The claimed features are not those that arrive.
    Features { claimed: usize, got: usize },
    /// The dropout probability is not in `0..1`.
    DropoutProbability,
    /// The power of a power average is not a positive number.
    Power,
    /// A power average has padding or dilation.
    LpWindow,
    /// A normalisation is given the options of another one.
    NormKind,
    /// What a normalisation adds to the variance is negative or infinite.
    Epsilon,
    /// A momentum is not in `0..=1`.
    Momentum,
    /// A weight is to be drawn from a distribution that there is not.
    Init,
    /// A network in this one is given another shape than its input.
    Network { takes: Claim, got: Shape },
    /// The branches of a block give shapes that can't be added, or put behind each other. `first`
    /// is what the ones before give, or the block's input.
    Branches { join: Join, branch: usize, first: Shape, other: Shape },
    /// A `Repeat` of no rounds.
    ZeroRepeats,
    /// After a round of a `Repeat` the next one would need other weights.
    Repeat { takes: Shape, gives: Shape },
    /// The number of features or weights would depend on the size of the image, which is open.
    Varies { input: Shape },
    /// A checkpoint, or the declared output, says another shape.
    Expected { claim: Claim, got: Shape },
    /// The declared input has a zero in it or overflows.
    BadInput { input: Shape },
    /// Some size does not fit the machine's numbers.
    Overflow,
}

impl Problem {
    /// Of a sequence, given what is wrong with it as an image of one row.
    pub(crate) const fn along_length(self) -> Self {
        let axis = Axis::Length;
        match self {
            Problem::ZeroKernel { .. } => Problem::ZeroKernel { axis },
            Problem::ZeroStride { .. } => Problem::ZeroStride { axis },
            Problem::ZeroDilation { .. } => Problem::ZeroDilation { axis },
            Problem::ZeroInput => Problem::ZeroLength,
            Problem::KernelTooLarge { window, input, pad_lo, pad_hi } => {
                let window = Window { axis, ..window };
                Problem::KernelTooLarge { window, input, pad_lo, pad_hi }
            }
            Problem::PoolPadding { kernel, padding, .. } => {
                Problem::PoolPadding { axis, kernel, padding }
            }
            other => other,
        }
    }

    /// The argument at fault.
    pub const fn arg(&self) -> Arg {
        match self {
            Problem::ZeroKernel { .. } | Problem::KernelTooLarge { .. } => Arg::Kernel,
            Problem::ZeroStride { .. } => Arg::Stride,
            Problem::ZeroDilation { .. } => Arg::Dilation,
            Problem::ZeroGroups | Problem::GroupsInput { .. } | Problem::GroupsOutput { .. } => {
                Arg::Groups
            }
            Problem::PoolPadding { .. } | Problem::NothingLeft { .. } => Arg::Padding,
            Problem::OutputPadding { .. } => Arg::OutputPadding,
            Problem::Power => Arg::Power,
            Problem::Epsilon => Arg::Epsilon,
            Problem::Momentum => Arg::Momentum,
            Problem::Init => Arg::Init,
            Problem::ZeroRepeats
            | Problem::ZeroOutput
            | Problem::ZeroSize { .. }
            | Problem::ZeroScale { .. }
            | Problem::ZeroDimension { .. }
            | Problem::OpenDimensions { .. }
            | Problem::Reshape { .. } => Arg::Out,
            Problem::ZeroInChannels
            | Problem::ZeroInFeatures
            | Problem::Channels { .. }
            | Problem::Features { .. } => Arg::In,
            Problem::DropoutProbability => Arg::Probability,
            Problem::BadInput { .. } => Arg::NetworkInput,
            Problem::ZeroInput
            | Problem::ZeroLength
            | Problem::LpWindow
            | Problem::NormKind
            | Problem::NotAnImage { .. }
            | Problem::NotASequence { .. }
            | Problem::AnImage { .. }
            | Problem::NotFeatures { .. }
            | Problem::Network { .. }
            | Problem::Branches { .. }
            | Problem::Repeat { .. }
            | Problem::Varies { .. }
            | Problem::Expected { .. }
            | Problem::Overflow => Arg::Layer,
        }
    }
}

/// No zero in a kernel, stride or dilation.
pub(crate) const fn check_window(
    kernel: [usize; 2],
    stride: [usize; 2],
    dilation: [usize; 2],
) -> Result<(), Problem> {
    let mut i = 0;
    while i < 2 {
        let axis = if i == 0 { Axis::Height } else { Axis::Width };
        if kernel[i] == 0 {
            return Err(Problem::ZeroKernel { axis });
        }
        if stride[i] == 0 {
            return Err(Problem::ZeroStride { axis });
        }
        if dilation[i] == 0 {
            return Err(Problem::ZeroDilation { axis });
        }
        i += 1;
    }
    Ok(())
}

/// A distribution that there is.
pub(crate) const fn check_init(init: &Init) -> Result<(), Problem> {
    if init.is_legal() { Ok(()) } else { Err(Problem::Init) }
}
