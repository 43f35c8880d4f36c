//! Transposed convolution: its options, its output and its counts.

use crate::{Axis, Init, Padding, Placement, Problem, Shape, Window};

/// `ConvTranspose2d`: each pixel paints `out_channels` kernels, `stride` apart; what overlaps adds
/// up. The gradient of a convolution with regard to its input.
///
/// Weight `[in_channels, out_channels / groups, kernel h, kernel w]`, bias `[out_channels]`, as in
/// [PyTorch](https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConvTranspose2d {
    /// The input channels the user claims, if any; they are checked against what arrives.
    pub in_channels: Option<usize>,
    /// Number of output channels.
    pub out_channels: usize,
    /// Height and width of a kernel.
    pub kernel: [usize; 2],
    /// Distance between the places of neighbouring pixels (default 1).
    pub stride: [usize; 2],
    /// Rows and columns that are cut off at the border (default none). With `same`, as many as
    /// make the output `input · stride`, the odd one at the bottom and right.
    pub padding: Padding,
    /// Rows and columns added at the bottom and right, less than stride or dilation (default 0).
    pub output_padding: [usize; 2],
    /// Distance between the taps of a kernel (default 1).
    pub dilation: [usize; 2],
    /// Groups of channels that don't see each other (default 1).
    pub groups: usize,
    /// Whether a bias is added (default true).
    pub bias: bool,
    /// How a new weight's numbers are drawn (default [`Init::PyTorch`]).
    pub init: Init,
}

impl ConvTranspose2d {
    /// A transposed convolution with the default options.
    pub const fn new(out_channels: usize, kernel: [usize; 2]) -> Self {
        ConvTranspose2d {
            in_channels: None,
            out_channels,
            kernel,
            stride: [1, 1],
            padding: Padding::NONE,
            output_padding: [0, 0],
            dilation: [1, 1],
            groups: 1,
            bias: true,
            init: Init::PyTorch,
        }
    }

    /// The window along one axis, of the convolution that is transposed.
    pub const fn window(&self, axis: Axis) -> Window {
        let i = axis as usize;
        Window {
            axis,
            kernel: self.kernel[i],
            stride: self.stride[i],
            dilation: self.dilation[i],
            padding: self.padding,
            ceil_mode: false,
        }
    }

    /// Where the painted image lies, for an input of `height` by `width`.
    pub const fn place(&self, height: usize, width: usize) -> Result<[Placement; 2], Problem> {
        tri!(crate::problem::check_window(self.kernel, self.stride, self.dilation));
        let h = tri!(self.place_axis(Axis::Height, height));
        let w = tri!(self.place_axis(Axis::Width, width));
        Ok([h, w])
    }

    /// The size of the output along an axis of `input` pixels, and what is cut off before and
    /// after it:
    /// `(input-1)·stride - pad_lo - pad_hi + dilation·(kernel-1) + output_padding + 1`, as in
    /// [PyTorch](https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html).
    ///
    /// Errors: a zero input; padding that leaves nothing; overflow of `usize`.
    const fn place_axis(&self, axis: Axis, input: usize) -> Result<Placement, Problem> {
        let (window, further) = (self.window(axis), self.output_padding[axis as usize]);
        if input == 0 {
            return Err(Problem::ZeroInput);
        }
        let reach = tri!(window.reach());
        let Some(steps) = (input - 1).checked_mul(window.stride) else {
            return Err(Problem::Overflow);
        };
        let Some(painted) = steps.checked_add(reach) else { return Err(Problem::Overflow) };
        let Some(whole) = painted.checked_add(further) else { return Err(Problem::Overflow) };
        let (pad_lo, pad_hi) = match self.padding {
            Padding::Same => {
                let cut = reach.saturating_sub(window.stride);
                // Kernels that don't touch each other leave room at the end.
                let Some(output) = input.checked_mul(window.stride) else {
                    return Err(Problem::Overflow);
                };
                let Some(output) = output.checked_add(further) else {
                    return Err(Problem::Overflow);
                };
                return Ok(Placement { output, pad_lo: cut / 2, pad_hi: cut - cut / 2 });
            }
            _ => tri!(window.padding(input)),
        };
        let Some(padding) = pad_lo.checked_add(pad_hi) else { return Err(Problem::Overflow) };
        if padding >= whole {
            return Err(Problem::NothingLeft { axis, painted: whole, padding });
        }
        Ok(Placement { output: whole - padding, pad_lo, pad_hi })
    }

    /// `[in, h, w]` to `[out_channels, h', w']`.
    pub const fn output(&self, input: Shape) -> Result<Shape, Problem> {
        tri!(self.check_options());
        if input.rank() != 3 {
            return Err(Problem::NotAnImage { input });
        }
        let channels = input.dim(0);
        if let Some(claimed) = self.in_channels
            && claimed != channels
        {
            return Err(Problem::Channels { claimed, got: channels });
        }
        if !channels.is_multiple_of(self.groups) {
            return Err(Problem::GroupsInput { groups: self.groups, channels });
        }
        let [h, w] = tri!(self.place(input.dim(1), input.dim(2)));
        Ok(Shape::image(self.out_channels, h.output, w.output))
    }

    /// What is wrong with the options whatever the input.
    pub const fn check_options(&self) -> Result<(), Problem> {
        if self.out_channels == 0 {
            return Err(Problem::ZeroOutput);
        }
        if let Some(0) = self.in_channels {
            return Err(Problem::ZeroInChannels);
        }
        tri!(crate::problem::check_window(self.kernel, self.stride, self.dilation));
        let mut i = 0;
        while i < 2 {
            let axis = if i == 0 { Axis::Height } else { Axis::Width };
            let (stride, dilation) = (self.stride[i], self.dilation[i]);
            let output_padding = self.output_padding[i];
            if output_padding >= stride && output_padding >= dilation {
                return Err(Problem::OutputPadding { axis, output_padding, stride, dilation });
            }
            i += 1;
        }
        if self.groups == 0 {
            return Err(Problem::ZeroGroups);
        }
        if !self.out_channels.is_multiple_of(self.groups) {
            return Err(Problem::GroupsOutput { groups: self.groups, channels: self.out_channels });
        }
        match self.in_channels {
            Some(channels) if !channels.is_multiple_of(self.groups) => {
                Err(Problem::GroupsInput { groups: self.groups, channels })
            }
            _ => crate::problem::check_init(&self.init),
        }
    }

    /// The shape of the weight for `channels` input channels.
    pub const fn weight(&self, channels: usize) -> [usize; 4] {
        [channels, self.out_channels / self.groups, self.kernel[0], self.kernel[1]]
    }

    /// `in · out/groups · kh · kw + out`, the last for the bias; `None` on overflow.
    pub const fn parameters(&self, channels: usize) -> Option<usize> {
        let [c, o, kh, kw] = self.weight(channels);
        let bias = if self.bias { self.out_channels } else { 0 };
        match c.checked_mul(o) {
            Some(n) => match n.checked_mul(kh) {
                Some(n) => match n.checked_mul(kw) {
                    Some(n) => n.checked_add(bias),
                    None => None,
                },
                None => None,
            },
            None => None,
        }
    }
}
