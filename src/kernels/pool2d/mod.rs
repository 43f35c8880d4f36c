//! Pooling: the largest pixel of each window, the smallest, the mean, or a power average.
//!
//! Window `(oy, ox)` of a plane starts at row `oy · stride - padding` and takes every
//! `dilation`-th pixel, as in PyTorch's
//! [`MaxPool2d`](https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html) and
//! [`AvgPool2d`](https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html).

mod avg;
mod halve;
mod lines;
mod lp;
mod max;
mod max_plane;
mod row;

pub use avg::{AvgPlan, avg_backward, avg_forward};
pub use lp::{LpPlan, lp_backward, lp_forward};
pub use max::{MaxPlan, NO_PIXEL, max_backward, max_forward, min_forward};

use std::ops::Range;

/// The sizes of a pooling; pairs are `[height, width]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool2dOp {
    /// Images.
    pub batch: usize,
    /// Channels of the input and of the output.
    pub channels: usize,
    /// Size of an input plane.
    pub input: [usize; 2],
    /// Size of an output plane.
    pub output: [usize; 2],
    /// Size of the window.
    pub kernel: [usize; 2],
    /// Distance between windows.
    pub stride: [usize; 2],
    /// Distance between the taps of a window. Only the max and min pools have it, else it is 1.
    pub dilation: [usize; 2],
    /// `[[top, bottom], [left, right]]`.
    pub padding: [[usize; 2]; 2],
}

impl Pool2dOp {
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

    /// The elements that a pass touches: every tap of every window.
    fn work(&self) -> usize {
        self.planes() * self.output_pixels() * self.kernel[0] * self.kernel[1]
    }

    /// Where tap `tap` of window `window` falls along an axis, unless that is in the padding.
    pub(crate) fn tap(&self, axis: usize, window: usize, tap: usize) -> Option<usize> {
        let at = window * self.stride[axis] + tap * self.dilation[axis];
        at.checked_sub(self.padding[axis][0]).filter(|&at| at < self.input[axis])
    }

    /// The taps of a window that do not fall in the padding of an axis.
    #[inline(always)]
    fn taps_in(&self, axis: usize, window: usize) -> Range<usize> {
        let (start, [lo, _]) = (window * self.stride[axis], self.padding[axis]);
        let from = lo.saturating_sub(start).div_ceil(self.dilation[axis]);
        let end = (lo + self.input[axis]).saturating_sub(start).div_ceil(self.dilation[axis]);
        let end = end.min(self.kernel[axis]);
        from.min(end)..end
    }
}
