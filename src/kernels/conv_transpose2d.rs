//! Transposed convolution and its gradients.
//!
//! ```text
//! y[n, o, iy · stride + ky · dilation - padding, …] += w[c, o, ky, kx] · x[n, c, iy, ix]
//! ```
//!
//! over the input channels `c` of `o`'s group, plus the bias, as in
//! [PyTorch](https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html). That is the
//! gradient of a convolution with regard to its input, so the kernels of [`conv2d`] do the work: a
//! transposed convolution is described by the [`Conv2dOp`] that it transposes, whose *input* is
//! `y` and whose *output* is `x`. The weight, `(in_channels, out_channels / groups, height,
//! width)`, is that convolution's as it stands.

use super::Element;
use super::conv2d::{self, Conv2dOp};
use super::parallel::pieces;
use super::reduce::sum;

/// `y = convᵀ(x, w) + b`; overwrites `y`.
pub fn forward<E: Element>(op: &Conv2dOp, x: &[E], weight: &[E], bias: Option<&[E]>, y: &mut [E]) {
    conv2d::transposed(op, x, weight, bias, y);
}

/// The gradient of the input: the convolution of `gy`; overwrites `gx`.
pub fn backward_input<E: Element>(op: &Conv2dOp, weight: &[E], gy: &[E], gx: &mut [E]) {
    conv2d::forward(op, gy, weight, None, gx);
}

/// `gw += ` the gradient of the weight.
pub fn backward_weight<E: Element>(op: &Conv2dOp, x: &[E], gy: &[E], gw: &mut [E]) {
    conv2d::backward_weight(op, gy, x, gw);
}

/// `gb += ` the gradient of the bias: the sum of each channel of `gy`.
pub fn backward_bias<E: Element>(op: &Conv2dOp, gy: &[E], gb: &mut [E]) {
    assert_eq!(gy.len(), op.input_len());
    assert_eq!(gb.len(), op.in_channels);
    let pixels = op.input[0] * op.input[1];
    if gy.is_empty() {
        return;
    }
    pieces(gy.len(), gb, 1, |channel, gb| {
        for image in gy.chunks_exact(op.in_channels * pixels) {
            gb[0] += sum(&image[channel * pixels..][..pixels]);
        }
    });
}
