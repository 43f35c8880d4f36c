//! Adaptive pooling: the largest pixel of each bin, or the mean.
//!
//! Bin `i` of an axis are the pixels `floor(i · input / output)..ceil((i + 1) · input / output)`, as
//! in PyTorch's
//! [`AdaptiveAvgPool2d`](https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html).
//! A global pool is one with a single bin.

mod avg;
mod max;

pub use avg::{avg_backward, avg_forward};
pub use max::{max_backward, max_forward};

use shapewright_shape::bin;
use std::ops::Range;

/// The sizes of an adaptive pooling; pairs are `[height, width]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdaptivePool2dOp {
    /// Images.
    pub batch: usize,
    /// Channels of the input and of the output.
    pub channels: usize,
    /// Size of an input plane.
    pub input: [usize; 2],
    /// Size of an output plane.
    pub output: [usize; 2],
}

/// The forward passes made ready: what does not depend on the pixels.
pub struct AdaptivePlan {
    op: AdaptivePool2dOp,
    rows: Vec<Range<usize>>,
    columns: Vec<Range<usize>>,
}

impl AdaptivePlan {
    /// For these sizes.
    pub fn new(op: &AdaptivePool2dOp) -> Self {
        AdaptivePlan { op: *op, rows: op.bins(0), columns: op.bins(1) }
    }
}

impl AdaptivePool2dOp {
    fn planes(&self) -> usize {
        self.batch * self.channels
    }

    fn input_pixels(&self) -> usize {
        self.input[0] * self.input[1]
    }

    fn output_pixels(&self) -> usize {
        self.output[0] * self.output[1]
    }

    fn check(&self, input: usize, output: usize) {
        assert_eq!(input, self.planes() * self.input_pixels());
        assert_eq!(output, self.planes() * self.output_pixels());
    }

    /// The elements that a pass touches, more or less.
    fn work(&self) -> usize {
        self.planes() * self.input_pixels().max(self.output_pixels())
    }

    /// The bins of an axis, in order.
    pub(crate) fn bins(&self, axis: usize) -> Vec<Range<usize>> {
        let (input, output) = (self.input[axis], self.output[axis]);
        let range = |i| {
            let (start, end) = bin(i, input, output);
            start..end
        };
        (0..output).map(range).collect()
    }

    /// The pixels of a bin in their plane, row by row; in one piece if the rows are whole.
    fn pieces(
        &self,
        rows: &Range<usize>,
        columns: &Range<usize>,
    ) -> impl Iterator<Item = Range<usize>> {
        let width = self.input[1];
        let whole = columns.len() == width;
        let (rows, piece) = if whole {
            (rows.start..rows.start + 1, rows.len() * width)
        } else {
            (rows.clone(), columns.len())
        };
        let left = columns.start;
        rows.map(move |row| row * width + left..row * width + left + piece)
    }
}
