//! Convolution.

pub(super) mod cpu;
#[cfg(feature = "cuda")]
pub(super) mod cuda;
pub(super) mod device;

use dfdx::prelude::*;
use shapewright_shape::{Conv2d, Problem};

use super::device::composed;
use super::erased::{Erased, Weighted, check_numel, weighted};
use super::flow::{Flow, FlowDevice, Operand};
use super::window::{check_padded, distance};
use crate::error::{Dims, Error};
use crate::kernels::conv2d::Conv2dOp;

const OP: &str = "conv2d";

/// A device that can convolve.
pub trait Conv2dDevice<E: Dtype>: FlowDevice<E> {
    /// The convolution that `op` describes, whose sizes are those of `x` and of the contiguous
    /// `weight` and `bias`. [`conv2d()`] has checked them.
    fn conv2d<T: Tape<E, Self>>(
        op: Conv2dOp,
        x: Self::Flow<T>,
        weight: Erased<E, Self, T>,
        bias: Option<Erased<E, Self, T>>,
    ) -> Result<Self::Flow<T>, Error> {
        composed::<E, Self, T>(x, |x| device::conv2d(op, x, weight, bias))
    }
}

/// Cross-correlation of images with kernels, as in PyTorch's
/// [`conv2d`](https://pytorch.org/docs/stable/generated/torch.nn.functional.conv2d.html).
///
/// `y[n, o, i, j] = bias[o] + Σ_{c, k, l} weight[o, c, k, l] · x[n, g·C + c, i·s - p + k·d, j·s - p + l·d]`
///
/// with stride `s`, padding `p`, dilation `d` and `C = channels / groups`; `g` is the group of
/// `o`, and `x` is 0 in the padding. A bias is added if one is given, whatever `conv.bias` says.
///
/// # Shapes
///
/// - `x`: `(batch, channels, height, width)`; a batch of 0 is fine
/// - `weight`: `(out_channels, channels / groups, kernel height, kernel width)`
/// - `bias`: `(out_channels)`
/// - output: `(batch, out_channels, height', width')`, where
///   `height' = floor((height + top + bottom - dilation·(kernel - 1) - 1) / stride) + 1`
///
/// # Errors
///
/// A weight or bias of another shape, illegal options, an image without channels, a kernel larger
/// than the padded input, and sizes that no memory holds.
///
/// # Example
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops;
/// use shapewright_shape::Conv2d;
///
/// let dev = Cpu::default();
/// let x = ops::erase(dev.ones::<Rank4<1, 1, 3, 3>>())?;
/// let weight: Tensor<Rank4<1, 1, 2, 2>, f32, _> = dev.ones();
/// let bias = dev.tensor([10.0]);
/// let y = ops::conv2d(x, &weight, Some(&bias), &Conv2d::new(1, [2, 2]))?;
/// assert_eq!(y.shape(), &(1, 1, 2, 2));
/// assert_eq!(y.as_vec(), [14.0, 14.0, 14.0, 14.0]);
/// # Ok::<_, shapewright::error::Error>(())
/// ```
pub fn conv2d<X: Operand, W: Shape, B: Shape>(
    x: X,
    weight: &Tensor<W, X::E, X::D>,
    bias: Option<&Tensor<B, X::E, X::D>>,
    conv: &Conv2d,
) -> Result<X, Error>
where
    X::D: Conv2dDevice<X::E>,
{
    let parameters = weighted(weight, bias);
    X::from_flow(convolve(OP, x.into_flow()?, parameters, conv, |dims| dims.to_vec())?)
}

/// The convolution that goes by the name `op`, whose weight has the shape `weight_of` what it is
/// for an image.
pub(super) fn convolve<E: Dtype, D: Conv2dDevice<E>, T: Tape<E, D>>(
    op: &'static str,
    x: Flow<E, D, T>,
    (weight, bias): Weighted<E, D, T>,
    conv: &Conv2d,
    weight_of: fn(Dims) -> Vec<usize>,
) -> Result<Flow<E, D, T>, Error> {
    let (weight_sizes, bias_sizes) = (weight.sizes(), bias.map(|b| b.sizes()));
    let described = describe(op, x.dims(), weight_sizes, bias_sizes, conv, weight_of)?;
    let [o, c, h, w] = conv.weight(described.in_channels);
    let weight = weight.erase(op, [o, c, h, w])?;
    let bias = bias.map(|b| b.erase(op, [1, o, 1, 1])).transpose()?;
    Ok(Flow(D::conv2d(described, x.0, weight, bias)?))
}

/// Checks all shapes against the options.
pub(super) fn describe(
    op: &'static str,
    input: Dims,
    weight: Vec<usize>,
    bias: Option<Vec<usize>>,
    conv: &Conv2d,
    weight_of: fn(Dims) -> Vec<usize>,
) -> Result<Conv2dOp, Error> {
    let [batch, channels, height, width] = input;
    let wrong = |problem| Error::options(op, input, problem);
    conv.check_options().map_err(wrong)?;
    if channels == 0 {
        return Err(wrong(Problem::ZeroInChannels));
    }
    if !channels.is_multiple_of(conv.groups) {
        return Err(wrong(Problem::GroupsInput { groups: conv.groups, channels }));
    }
    let expected = weight_of(conv.weight(channels));
    if weight != expected {
        return Err(Error::Weight { op, input, expected, weight, groups: conv.groups });
    }
    if let Some(bias) = bias
        && bias != [conv.out_channels]
    {
        return Err(Error::Bias { op, weight, bias, expected: conv.out_channels });
    }
    if let Some(claimed) = conv.in_channels
        && claimed != channels
    {
        return Err(wrong(Problem::Channels { claimed, got: channels }));
    }
    let [h, w] = conv.place(height, width).map_err(wrong)?;
    let output = [h.output, w.output];
    check_padded(op, input, [h, w])?;
    check_numel(op, input, [batch, conv.out_channels, h.output, w.output])?;
    Ok(Conv2dOp {
        batch,
        in_channels: channels,
        out_channels: conv.out_channels,
        groups: conv.groups,
        input: [height, width],
        output,
        kernel: conv.kernel,
        stride: distance(conv.stride, output),
        dilation: distance(conv.dilation, conv.kernel),
        padding: [h.pad_lo, w.pad_lo],
    })
}
