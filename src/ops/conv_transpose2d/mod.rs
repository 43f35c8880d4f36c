//! Transposed convolution.

pub(super) mod cpu;
#[cfg(feature = "cuda")]
pub(super) mod cuda;
pub(super) mod device;

use dfdx::prelude::*;
use shapewright_shape::{ConvTranspose2d, Problem};

use super::device::composed;
use super::erased::{Erased, Weighted, check_numel, weighted};
use super::flow::{Flow, FlowDevice, Operand};
use super::window::{check_padded, distance};
use crate::error::{Dims, Error};
use crate::kernels::conv2d::Conv2dOp;

const OP: &str = "conv_transpose2d";

/// A device that can convolve transposed.
pub trait ConvTranspose2dDevice<E: Dtype>: FlowDevice<E> {
    /// The transpose of the convolution that `op` describes, whose output has the sizes of `x`.
    /// [`conv_transpose2d()`] has checked them.
    fn conv_transpose2d<T: Tape<E, Self>>(
        op: Conv2dOp,
        x: Self::Flow<T>,
        weight: Erased<E, Self, T>,
        bias: Option<Erased<E, Self, T>>,
    ) -> Result<Self::Flow<T>, Error> {
        composed::<E, Self, T>(x, |x| device::conv_transpose2d(op, x, weight, bias))
    }
}

/// Each pixel paints a kernel for each output channel, as PyTorch's
/// [`conv_transpose2d`](https://pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose2d.html).
///
/// `y[n, o, i·s - p + k·d, j·s - p + l·d] += weight[c, o, k, l] · x[n, c, i, j]`, plus `bias[o]`,
/// with stride `s`, padding `p` and dilation `d`, over the channels `c` of the group of `o`. A bias
/// is added if one is given, whatever `conv.bias` says.
///
/// # Shapes
///
/// - `x`: `(batch, channels, height, width)`; a batch of 0 is fine
/// - `weight`: `(channels, out_channels / groups, kernel height, kernel width)`
/// - `bias`: `(out_channels)`
/// - output: `(batch, out_channels, height', width')`, where `height' = (height - 1)·stride - top
///   - bottom + dilation·(kernel - 1) + output_padding + 1`
///
/// # Errors
///
/// A weight or bias of another shape, illegal options, an image without channels, padding that
/// leaves nothing, and sizes that no memory holds.
///
/// # Example
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops;
/// use shapewright_shape::ConvTranspose2d;
///
/// let dev = Cpu::default();
/// let x = ops::erase(dev.tensor([[[[1.0, 2.0]]]]))?;
/// let weight = dev.tensor([[[[1.0, 10.0, 100.0]]]]);
/// let conv = ConvTranspose2d { stride: [1, 2], ..ConvTranspose2d::new(1, [1, 3]) };
/// let y = ops::conv_transpose2d::<_, _, Rank1<1>>(x, &weight, None, &conv)?;
/// assert_eq!(y.as_vec(), [1.0, 10.0, 102.0, 20.0, 200.0]);
/// # Ok::<_, shapewright::error::Error>(())
/// ```
pub fn conv_transpose2d<X: Operand, W: Shape, B: Shape>(
    x: X,
    weight: &Tensor<W, X::E, X::D>,
    bias: Option<&Tensor<B, X::E, X::D>>,
    conv: &ConvTranspose2d,
) -> Result<X, Error>
where
    X::D: ConvTranspose2dDevice<X::E>,
{
    X::from_flow(run(x.into_flow()?, weighted(weight, bias), conv)?)
}

fn run<E: Dtype, D: ConvTranspose2dDevice<E>, T: Tape<E, D>>(
    x: Flow<E, D, T>,
    (weight, bias): Weighted<E, D, T>,
    conv: &ConvTranspose2d,
) -> Result<Flow<E, D, T>, Error> {
    let op = describe(x.dims(), weight.sizes(), bias.map(|b| b.sizes()), conv)?;
    let [i, o, h, w] = conv.weight(op.out_channels);
    let weight = weight.erase(OP, [i, o, h, w])?;
    let bias = bias.map(|b| b.erase(OP, [1, op.in_channels, 1, 1])).transpose()?;
    Ok(Flow(D::conv_transpose2d(op, x.0, weight, bias)?))
}

/// Checks all shapes against the options.
pub(super) fn describe(
    input: Dims,
    weight: Vec<usize>,
    bias: Option<Vec<usize>>,
    conv: &ConvTranspose2d,
) -> Result<Conv2dOp, Error> {
    let [batch, channels, height, width] = input;
    let wrong = |problem| Error::options(OP, input, problem);
    conv.check_options().map_err(wrong)?;
    if channels == 0 {
        return Err(wrong(Problem::ZeroInChannels));
    }
    if !channels.is_multiple_of(conv.groups) {
        return Err(wrong(Problem::GroupsInput { groups: conv.groups, channels }));
    }
    let expected = conv.weight(channels);
    if weight != expected {
        let (expected, groups) = (expected.to_vec(), conv.groups);
        return Err(Error::Weight { op: OP, input, expected, weight, groups });
    }
    if let Some(bias) = bias
        && bias != [conv.out_channels]
    {
        return Err(Error::Bias { op: OP, weight, bias, expected: conv.out_channels });
    }
    if let Some(claimed) = conv.in_channels
        && claimed != channels
    {
        return Err(wrong(Problem::Channels { claimed, got: channels }));
    }
    let [h, w] = conv.place(height, width).map_err(wrong)?;
    let output = [h.output, w.output];
    // The convolution that is transposed reads the output with its padding.
    let dims = [batch, conv.out_channels, h.output, w.output];
    check_padded(OP, dims, [h, w]).map_err(|_| wrong(Problem::Overflow))?;
    check_numel(OP, input, dims)?;
    Ok(Conv2dOp {
        batch,
        in_channels: conv.out_channels,
        out_channels: channels,
        groups: conv.groups,
        input: output,
        output: [height, width],
        kernel: conv.kernel,
        stride: distance(conv.stride, [height, width]),
        dilation: distance(conv.dilation, conv.kernel),
        padding: [h.pad_lo, w.pad_lo],
    })
}
