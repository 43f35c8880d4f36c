//! One axis of a sliding window: where windows lie, and how many there are.

use crate::{Axis, Problem};

/// Padding of both spatial axes. A sequence lies along the second, as an image of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// `[[top, bottom], [left, right]]` pixels, or `[[0, 0], [before, after]]`. `valid` is all zeros.
    Explicit([[usize; 2]; 2]),
    /// As many pixels as make the output `ceil(input / stride)`; the odd one goes to the
    /// bottom and right. TensorFlow's rule, and PyTorch's for stride 1.
    Same,
    /// `dilation · (kernel - 1)` pixels on every side: every window that touches the input.
    Full,
}

impl Padding {
    /// No padding, `valid`.
    pub const NONE: Padding = Padding::Explicit([[0, 0], [0, 0]]);

    /// The same number of pixels on both sides of each axis.
    pub const fn symmetric(height: usize, width: usize) -> Self {
        Padding::Explicit([[height, height], [width, width]])
    }

    /// So many elements before and after a sequence.
    pub const fn ends(before: usize, after: usize) -> Self {
        Padding::Explicit([[0, 0], [before, after]])
    }

    /// Of an image of one row, which stays one.
    pub(crate) const fn of_one_row(self) -> Self {
        match self {
            Padding::Explicit([_, sides]) => Padding::Explicit([[0, 0], sides]),
            // With a kernel of one row these are none above and below.
            Padding::Same | Padding::Full => self,
        }
    }
}

/// A window that slides along one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Which axis, for the words of a mistake.
    pub axis: Axis,
    /// Number of taps.
    pub kernel: usize,
    /// Distance between windows.
    pub stride: usize,
    /// Distance between taps.
    pub dilation: usize,
    /// Padding of both axes, of which this one is used.
    pub padding: Padding,
    /// Whether a last window that reaches over the end counts (PyTorch's `ceil_mode`).
    pub ceil_mode: bool,
}

/// Where the windows of one axis lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// Number of windows: the size of the output.
    pub output: usize,
    /// Padding before the first pixel.
    pub pad_lo: usize,
    /// Padding after the last pixel.
    pub pad_hi: usize,
}

impl Window {
    /// The pixels from the first to the last tap: `dilation · (kernel - 1) + 1`.
    pub const fn reach(&self) -> Result<usize, Problem> {
        match self.dilation.checked_mul(self.kernel - 1) {
            Some(n) if n < usize::MAX => Ok(n + 1),
            _ => Err(Problem::Overflow),
        }
    }

    /// Padding before and after an axis of `input` pixels.
    pub const fn padding(&self, input: usize) -> Result<(usize, usize), Problem> {
        match self.padding {
            Padding::Explicit(p) => {
                let [lo, hi] = p[self.axis.index()];
                Ok((lo, hi))
            }
            Padding::Full => {
                let reach = tri!(self.reach());
                Ok((reach - 1, reach - 1))
            }
            Padding::Same => {
                let windows = input.div_ceil(self.stride);
                let reach = tri!(self.reach());
                let Some(need) = (windows - 1).saturating_mul(self.stride).checked_add(reach)
                else {
                    return Err(Problem::Overflow);
                };
                let total = need.saturating_sub(input);
                Ok((total / 2, total - total / 2))
            }
        }
    }

    /// How many windows fit on an axis of `input` pixels, and where.
    ///
    /// `floor((input + pad_lo + pad_hi - dilation·(kernel-1) - 1) / stride) + 1`, as in
    /// [PyTorch's `Conv2d`](https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html);
    /// with `ceil_mode` the quotient is rounded up, but the last window must start inside the
    /// input or its left padding
    /// ([`MaxPool2d`](https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html)).
    ///
    /// Errors: a zero kernel, stride, dilation or input; a kernel larger than the padded input;
    /// overflow of `usize`.
    pub const fn place(&self, input: usize) -> Result<Placement, Problem> {
        if self.kernel == 0 {
            return Err(Problem::ZeroKernel { axis: self.axis });
        }
        if self.stride == 0 {
            return Err(Problem::ZeroStride { axis: self.axis });
        }
        if self.dilation == 0 {
            return Err(Problem::ZeroDilation { axis: self.axis });
        }
        if input == 0 {
            return Err(Problem::ZeroInput);
        }
        let (pad_lo, pad_hi) = tri!(self.padding(input));
        let padded = match input.checked_add(pad_lo) {
            Some(n) => match n.checked_add(pad_hi) {
                Some(n) => n,
                None => return Err(Problem::Overflow),
            },
            None => return Err(Problem::Overflow),
        };
        let reach = tri!(self.reach());
        if reach > padded {
            return Err(Problem::KernelTooLarge { window: *self, input, pad_lo, pad_hi });
        }
        let room = padded - reach;
        let mut output = room / self.stride + 1;
        if self.ceil_mode && !room.is_multiple_of(self.stride) {
            // One more window; it must start before the right padding does.
            let start = output.saturating_mul(self.stride);
            if start < input + pad_lo {
                output += 1;
            }
        }
        Ok(Placement { output, pad_lo, pad_hi })
    }

    /// The last of `input` pixels that no window reaches, though windows leave no gaps between
    /// them: a stride larger than the reach means to leave some out.
    pub const fn dropped(&self, input: usize) -> Result<usize, Problem> {
        let Placement { output, pad_lo, .. } = tri!(self.place(input));
        let reach = tri!(self.reach());
        if reach < self.stride {
            return Ok(0);
        }
        let end = (output - 1).saturating_mul(self.stride).saturating_add(reach);
        let dropped = (input + pad_lo).saturating_sub(end);
        Ok(if dropped < input { dropped } else { input })
    }

    /// The first and the last windows that see nothing but padding.
    pub const fn on_padding(&self, input: usize) -> Result<[usize; 2], Problem> {
        let Placement { output, pad_lo, .. } = tri!(self.place(input));
        let reach = tri!(self.reach());
        let first = if pad_lo < reach { 0 } else { (pad_lo - reach) / self.stride + 1 };
        let last = output.saturating_sub((pad_lo + input).div_ceil(self.stride));
        Ok([if first < output { first } else { output }, last])
    }
}
