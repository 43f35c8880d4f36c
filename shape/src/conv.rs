//! Convolution: its options, its output and its counts.

use crate::{Axis, Init, Padding, Placement, Problem, Shape, Window};

/// `Conv2d`: cross-correlation of an image with `out_channels` kernels.
///
/// Weight `[out_channels, in_channels / groups, kernel h, kernel w]`, bias `[out_channels]`,
/// as in [PyTorch](https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conv2d {
    /// The input channels the user claims, if any; they are checked against what arrives.
    pub in_channels: Option<usize>,
    /// Number of kernels.
    pub out_channels: usize,
    /// Height and width of a kernel.
    pub kernel: [usize; 2],
    /// Distance between windows (default 1).
    pub stride: [usize; 2],
    /// Zeros around the image (default none).
    pub padding: Padding,
    /// Distance between the taps of a kernel (default 1).
    pub dilation: [usize; 2],
    /// Groups of channels that are convolved apart from each other (default 1).
    pub groups: usize,
    /// Whether a bias is added (default true).
    pub bias: bool,
    /// How a new weight's numbers are drawn (default [`Init::PyTorch`]).
    pub init: Init,
}

impl Conv2d {
    /// A convolution with the default options.
    pub const fn new(out_channels: usize, kernel: [usize; 2]) -> Self {
        Conv2d {
            in_channels: None,
            out_channels,
            kernel,
            stride: [1, 1],
            padding: Padding::NONE,
            dilation: [1, 1],
            groups: 1,
            bias: true,
            init: Init::PyTorch,
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
            ceil_mode: false,
        }
    }

    /// Where the windows lie on an image of `height` by `width`.
    pub const fn place(&self, height: usize, width: usize) -> Result<[Placement; 2], Problem> {
        let h = tri!(self.window(Axis::Height).place(height));
        let w = tri!(self.window(Axis::Width).place(width));
        Ok([h, w])
    }

    /// `[in, h, w]` to `[out_channels, h', w']`.
    pub const fn output(&self, input: Shape) -> Result<Shape, Problem> {
        tri!(self.check_options());
        if input.rank() != 3 {
            return Err(Problem::NotAnImage { input });
        }
        tri!(self.check_channels(input.dim(0)));
        let [h, w] = tri!(self.place(input.dim(1), input.dim(2)));
        Ok(Shape::image(self.out_channels, h.output, w.output))
    }

    /// Whether so many channels may arrive.
    pub(crate) const fn check_channels(&self, channels: usize) -> Result<(), Problem> {
        if let Some(claimed) = self.in_channels
            && claimed != channels
        {
            return Err(Problem::Channels { claimed, got: channels });
        }
        if !channels.is_multiple_of(self.groups) {
            return Err(Problem::GroupsInput { groups: self.groups, channels });
        }
        Ok(())
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
        [self.out_channels, channels / self.groups, self.kernel[0], self.kernel[1]]
    }

    /// `out · (in/groups · kh · kw + bias)`, `None` on overflow.
    pub const fn parameters(&self, channels: usize) -> Option<usize> {
        let [o, c, kh, kw] = self.weight(channels);
        match c.checked_mul(kh) {
            Some(n) => match n.checked_mul(kw) {
                Some(n) => match n.checked_add(self.bias as usize) {
                    Some(n) => n.checked_mul(o),
                    None => None,
                },
                None => None,
            },
            None => None,
        }
    }
}
