//! Pooling: its options and its output.

use crate::{Axis, Padding, Placement, Problem, Shape, Window};

/// What a pool does with a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PoolKind {
    /// The largest pixel; padding never wins.
    Max,
    /// The smallest pixel; padding never wins.
    Min,
    /// The mean.
    Avg {
        /// Whether the zeros of the padding count as pixels of the window (default true).
        count_include_pad: bool,
    },
    /// The power average `(Σ x^p)^(1/p)`, without padding or dilation. As in
    /// [PyTorch](https://pytorch.org/docs/stable/generated/torch.nn.LPPool2d.html), powers are
    /// taken of the pixels themselves and not of their absolute values.
    Lp {
        /// The power, more than 0 (default 2).
        p: f64,
    },
}

/// `MaxPool2d`, `MinPool2d`, `AvgPool2d`, `LpPool2d`: one pixel for each window of each channel, as in
/// [PyTorch](https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pool2d {
    /// What is taken of a window.
    pub kind: PoolKind,
    /// Height and width of the window.
    pub kernel: [usize; 2],
    /// Distance between windows (default: the kernel).
    pub stride: [usize; 2],
    /// Padding around the image, at most half the kernel (default none).
    pub padding: Padding,
    /// Distance between the taps of the window (max and min only, default 1).
    pub dilation: [usize; 2],
    /// Whether a last window that reaches over the end counts (default false).
    pub ceil_mode: bool,
}

impl Pool2d {
    /// A max pool with the default options.
    pub const fn max(kernel: [usize; 2]) -> Self {
        Pool2d {
            kind: PoolKind::Max,
            kernel,
            stride: kernel,
            padding: Padding::NONE,
            dilation: [1, 1],
            ceil_mode: false,
        }
    }

    /// An average pool with the default options.
    pub const fn avg(kernel: [usize; 2]) -> Self {
        Pool2d { kind: PoolKind::Avg { count_include_pad: true }, ..Pool2d::max(kernel) }
    }

    /// A power average with the default options.
    pub const fn lp(kernel: [usize; 2], p: f64) -> Self {
        Pool2d { kind: PoolKind::Lp { p }, ..Pool2d::max(kernel) }
    }

    /// The name in the DSL.
    pub const fn name(&self) -> &'static str {
        match self.kind {
            PoolKind::Max => "MaxPool2d",
            PoolKind::Min => "MinPool2d",
            PoolKind::Avg { .. } => "AvgPool2d",
            PoolKind::Lp { .. } => "LpPool2d",
        }
    }

    /// The window along one axis.
    pub const fn window(&self, axis: Axis) -> Window {
        let i = axis as usize;
        Window {
            axis,
            kernel: self.kernel[i],
            stride: self.stride[i],
            dilation: self.dilation[i],
            padding: self.padding,
            ceil_mode: self.ceil_mode,
        }
    }

    /// Where the windows lie on an image of `height` by `width`.
    pub const fn place(&self, height: usize, width: usize) -> Result<[Placement; 2], Problem> {
        let h = tri!(self.place_axis(Axis::Height, height));
        let w = tri!(self.place_axis(Axis::Width, width));
        Ok([h, w])
    }

    const fn place_axis(&self, axis: Axis, input: usize) -> Result<Placement, Problem> {
        let window = self.window(axis);
        let placement = tri!(window.place(input));
        // A window in the padding alone would have nothing to take. PyTorch's limit; it does
        // not count dilation, and neither do we.
        let most = window.kernel / 2;
        if placement.pad_lo > most || placement.pad_hi > most {
            let padding = if placement.pad_lo > most { placement.pad_lo } else { placement.pad_hi };
            return Err(Problem::PoolPadding { axis, kernel: window.kernel, padding });
        }
        Ok(placement)
    }

    /// `[c, h, w]` to `[c, h', w']`.
    pub const fn output(&self, input: Shape) -> Result<Shape, Problem> {
        tri!(self.check_options());
        if input.rank() != 3 {
            return Err(Problem::NotAnImage { input });
        }
        let [h, w] = tri!(self.place(input.dim(1), input.dim(2)));
        Ok(Shape::image(input.dim(0), h.output, w.output))
    }

    /// What is wrong with the options whatever the input.
    pub const fn check_options(&self) -> Result<(), Problem> {
        tri!(crate::problem::check_window(self.kernel, self.stride, self.dilation));
        if let PoolKind::Lp { p } = self.kind {
            // Written so that a NaN is wrong too.
            if !(p > 0.0 && p < f64::INFINITY) {
                return Err(Problem::Power);
            }
            let plain = matches!(self.padding, Padding::Explicit([[0, 0], [0, 0]]));
            if !plain || self.dilation[0] != 1 || self.dilation[1] != 1 {
                return Err(Problem::LpWindow);
            }
        }
        let Padding::Explicit(p) = self.padding else { return Ok(()) };
        let mut i = 0;
        while i < 2 {
            let axis = if i == 0 { Axis::Height } else { Axis::Width };
            let kernel = self.kernel[i];
            let padding = if p[i][0] > p[i][1] { p[i][0] } else { p[i][1] };
            if padding > kernel / 2 {
                return Err(Problem::PoolPadding { axis, kernel, padding });
            }
            i += 1;
        }
        Ok(())
    }
}
