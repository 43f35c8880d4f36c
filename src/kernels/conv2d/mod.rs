//! Two-dimensional convolution and its gradients.
//!
//! ```text
//! y[n, o, oy, ox] = b[o] + Σ w[o, c, ky, kx] · x[n, c', oy · stride + ky · dilation - padding, …]
//! ```
//!
//! over the input channels `c'` of `o`'s group, where pixels outside the image are zeros (which
//! take part: times an infinity they are NaN), as in
//! [PyTorch](https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html). A convolution of a
//! sequence is one of an image of height 1, and a depthwise one has as many groups as channels.

#![allow(
    clippy::needless_range_loop,
    reason = "kernels go through several arrays by one index, in loops that must unroll"
)]

mod channel_pack;
mod channel_store;
mod channel_tile;
mod channel_vectors;
mod choice;
mod depthwise;
mod depthwise_weight;
mod end;
mod geometry;
mod input;
mod padded;
mod phases;
mod pixel_tile;
mod pixel_vectors;
mod prefetch;
mod prepared;
mod rows;
mod tap_vectors;
mod weight_channels;
mod weight_dots;
mod weight_tile;
mod weights;
mod winograd;
mod winograd_rows;

use super::Element;
use super::parallel::pieces;
use super::reduce::sum;
use super::simd::Isa;
use choice::{add_weight_gradient, convolve};
pub use end::End;
use geometry::Geometry;
pub use prepared::Prepared;
use weights::{Convolution, Weights};

/// The sizes of a convolution; pairs are `[height, width]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv2dOp {
    /// Images.
    pub batch: usize,
    /// Channels of the input, a multiple of the groups.
    pub in_channels: usize,
    /// Channels of the output, a multiple of the groups.
    pub out_channels: usize,
    /// Groups of channels that do not see each other.
    pub groups: usize,
    /// Size of an input plane.
    pub input: [usize; 2],
    /// Size of an output plane.
    pub output: [usize; 2],
    /// Size of the kernel.
    pub kernel: [usize; 2],
    /// Distance between outputs.
    pub stride: [usize; 2],
    /// Distance between taps.
    pub dilation: [usize; 2],
    /// Rows of zeros above and columns of zeros to the left of the image. Those below and to the
    /// right follow from the output's size.
    pub padding: [usize; 2],
}

impl Conv2dOp {
    /// Elements of the input: `(batch, in_channels, height, width)`.
    pub fn input_len(&self) -> usize {
        self.batch * self.in_channels * self.input[0] * self.input[1]
    }

    /// Elements of the weight: `(out_channels, in_channels / groups, height, width)`.
    pub fn weight_len(&self) -> usize {
        self.out_channels * self.products()
    }

    /// Elements of the output: `(batch, out_channels, height, width)`.
    pub fn output_len(&self) -> usize {
        self.batch * self.out_channels * self.output_pixels()
    }

    fn output_pixels(&self) -> usize {
        self.output[0] * self.output[1]
    }

    /// Products summed for one output.
    fn products(&self) -> usize {
        self.in_channels / self.groups * self.kernel[0] * self.kernel[1]
    }

    fn check(&self, input: usize, weight: usize, output: usize) {
        assert_eq!(self.in_channels % self.groups, 0);
        assert_eq!(self.out_channels % self.groups, 0);
        assert_eq!(input, self.input_len());
        assert_eq!(weight, self.weight_len());
        assert_eq!(output, self.output_len());
    }
}

/// `y = conv(x, w) + b`; overwrites `y`.
pub fn forward<E: Element>(op: &Conv2dOp, x: &[E], weight: &[E], bias: Option<&[E]>, y: &mut [E]) {
    op.check(x.len(), weight.len(), y.len());
    if let Some(bias) = bias {
        assert_eq!(bias.len(), op.out_channels);
    }
    let g = Geometry::new(op);
    if y.is_empty() {
        return;
    }
    let weight = &Weights::plain(&g, weight);
    convolve(Isa::best(), &Convolution { g: &g, x, weight, bias, end: End::OVERWRITE }, y);
}

/// The gradient of the input, which is the transposed convolution of `gy`:
/// `gx[i] = Σ w[k] · gy[o]` over all `o`, `k` with `o · stride + k · dilation - padding = i`;
/// overwrites `gx`.
pub fn backward_input<E: Element>(op: &Conv2dOp, weight: &[E], gy: &[E], gx: &mut [E]) {
    op.check(gx.len(), weight.len(), gy.len());
    if gx.is_empty() {
        return;
    }
    input::transposed(Isa::best(), op, (gy, weight, None), End::OVERWRITE, gx);
}

/// `y = convᵀ(x, w) + b` of the convolution that is transposed; overwrites `y`.
pub(super) fn transposed<E: Element>(
    op: &Conv2dOp,
    x: &[E],
    weight: &[E],
    bias: Option<&[E]>,
    y: &mut [E],
) {
    op.check(y.len(), weight.len(), x.len());
    assert!(bias.is_none_or(|bias| bias.len() == op.in_channels));
    if y.is_empty() {
        return;
    }
    input::transposed(Isa::best(), op, (x, weight, bias), End::OVERWRITE, y);
}

/// `gw += ` the gradient of the weight: `gw[k] += Σ x[i] · gy[o]` over all images and all `o` with
/// `i = o · stride + k · dilation - padding`.
pub fn backward_weight<E: Element>(op: &Conv2dOp, x: &[E], gy: &[E], gw: &mut [E]) {
    op.check(x.len(), gw.len(), gy.len());
    if gy.is_empty() {
        return;
    }
    add_weight_gradient(Isa::best(), &Geometry::new(op), x, gy, gw);
}

/// `gb += ` the gradient of the bias: the sum of each channel of `gy`.
pub fn backward_bias<E: Element>(op: &Conv2dOp, gy: &[E], gb: &mut [E]) {
    assert_eq!(gy.len(), op.output_len());
    assert_eq!(gb.len(), op.out_channels);
    let pixels = op.output_pixels();
    if gy.is_empty() {
        return;
    }
    pieces(gy.len(), gb, 1, |channel, gb| {
        for image in gy.chunks_exact(op.out_channels * pixels) {
            gb[0] += sum(&image[channel * pixels..][..pixels]);
        }
    });
}
