//! Convolution of sequences.

use crate::{Axis, Conv2d, Init, Padding, Problem, Shape, Window};

/// `Conv1d`: cross-correlation of a sequence with `out_channels` kernels.
///
/// Weight `[out_channels, in_channels / groups, kernel]`, bias `[out_channels]`, as in
/// [PyTorch](https://pytorch.org/docs/stable/generated/torch.nn.Conv1d.html). It is the
/// convolution of an image of one row, [`Conv1d::image`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conv1d {
    /// The input channels the user claims, if any; they are checked against what arrives.
    pub in_channels: Option<usize>,
    /// Number of kernels.
    pub out_channels: usize,
    /// Length of a kernel.
    pub kernel: usize,
    /// Distance between windows (default 1).
    pub stride: usize,
    /// Zeros before and after the sequence: those left and right of an image (default none).
    pub padding: Padding,
    /// Distance between the taps of a kernel (default 1).
    pub dilation: usize,
    /// Groups of channels that are convolved apart from each other (default 1).
    pub groups: usize,
    /// Whether a bias is added (default true).
    pub bias: bool,
    /// How a new weight's numbers are drawn (default [`Init::PyTorch`]).
    pub init: Init,
}

impl Conv1d {
    /// A convolution with the default options.
    pub const fn new(out_channels: usize, kernel: usize) -> Self {
        Conv1d {
            in_channels: None,
            out_channels,
            kernel,
            stride: 1,
            padding: Padding::NONE,
            dilation: 1,
            groups: 1,
            bias: true,
            init: Init::PyTorch,
        }
    }

    /// The same convolution, of an image of one row.
    pub const fn image(&self) -> Conv2d {
        Conv2d {
            in_channels: self.in_channels,
            out_channels: self.out_channels,
            kernel: [1, self.kernel],
            stride: [1, self.stride],
            padding: self.padding.of_one_row(),
            dilation: [1, self.dilation],
            groups: self.groups,
            bias: self.bias,
            init: self.init,
        }
    }

    /// The window along the sequence.
    pub const fn window(&self) -> Window {
        Window { axis: Axis::Length, ..self.image().window(Axis::Width) }
    }

    /// `[in, l]` to `[out_channels, l']`.
    pub const fn output(&self, input: Shape) -> Result<Shape, Problem> {
        tri!(self.check_options());
        if input.rank() != 2 {
            return Err(Problem::NotASequence { input });
        }
        tri!(self.image().check_channels(input.dim(0)));
        match self.image().place(1, input.dim(1)) {
            Ok([_, l]) => Ok(Shape::sequence(self.out_channels, l.output)),
            Err(problem) => Err(problem.along_length()),
        }
    }

    /// What is wrong with the options whatever the input.
    pub const fn check_options(&self) -> Result<(), Problem> {
        match self.image().check_options() {
            Ok(()) => Ok(()),
            Err(problem) => Err(problem.along_length()),
        }
    }

    /// The shape of the weight for `channels` input channels.
    pub const fn weight(&self, channels: usize) -> [usize; 3] {
        let [o, c, _, k] = self.image().weight(channels);
        [o, c, k]
    }

    /// `out · (in/groups · kernel + bias)`, `None` on overflow.
    pub const fn parameters(&self, channels: usize) -> Option<usize> {
        self.image().parameters(channels)
    }
}
