//! Pooling of sequences.

use crate::{Axis, Padding, Pool2d, PoolKind, Problem, Shape, Window};

/// `MaxPool1d`, `AvgPool1d` and their like: one element for each window of each channel, as in
/// [PyTorch](https://pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html). It is the pool
/// of an image of one row, [`Pool1d::image`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pool1d {
    /// What is taken of a window.
    pub kind: PoolKind,
    /// Length of the window.
    pub kernel: usize,
    /// Distance between windows (default: the kernel).
    pub stride: usize,
    /// Padding before and after the sequence, at most half the kernel: that left and right of an
    /// image (default none).
    pub padding: Padding,
    /// Distance between the taps of the window (max and min only, default 1).
    pub dilation: usize,
    /// Whether a last window that reaches over the end counts (default false).
    pub ceil_mode: bool,
}

impl Pool1d {
    /// A max pool with the default options.
    pub const fn max(kernel: usize) -> Self {
        Pool1d {
            kind: PoolKind::Max,
            kernel,
            stride: kernel,
            padding: Padding::NONE,
            dilation: 1,
            ceil_mode: false,
        }
    }

    /// An average pool with the default options.
    pub const fn avg(kernel: usize) -> Self {
        Pool1d { kind: PoolKind::Avg { count_include_pad: true }, ..Pool1d::max(kernel) }
    }

    /// The name in the DSL.
    pub const fn name(&self) -> &'static str {
        match self.kind {
            PoolKind::Max => "MaxPool1d",
            PoolKind::Min => "MinPool1d",
            PoolKind::Avg { .. } => "AvgPool1d",
            PoolKind::Lp { .. } => "LpPool1d",
        }
    }

    /// The same pool, of an image of one row.
    pub const fn image(&self) -> Pool2d {
        Pool2d {
            kind: self.kind,
            kernel: [1, self.kernel],
            stride: [1, self.stride],
            padding: self.padding.of_one_row(),
            dilation: [1, self.dilation],
            ceil_mode: self.ceil_mode,
        }
    }

    /// The window along the sequence.
    pub const fn window(&self) -> Window {
        Window { axis: Axis::Length, ..self.image().window(Axis::Width) }
    }

    /// `[c, l]` to `[c, l']`.
    pub const fn output(&self, input: Shape) -> Result<Shape, Problem> {
        tri!(self.check_options());
        if input.rank() != 2 {
            return Err(Problem::NotASequence { input });
        }
        match self.image().place(1, input.dim(1)) {
            Ok([_, l]) => Ok(Shape::sequence(input.dim(0), l.output)),
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
}
