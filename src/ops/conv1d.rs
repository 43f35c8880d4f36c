//! Convolution of sequences.

use dfdx::prelude::*;
use shapewright_shape::Conv1d;

use super::conv2d::{Conv2dDevice, convolve};
use super::erased::weighted;
use super::flow::Operand;
use super::window::check_sequence;
use crate::error::Error;

const OP: &str = "conv1d";

/// Cross-correlation of sequences with kernels, as in PyTorch's
/// [`conv1d`](https://pytorch.org/docs/stable/generated/torch.nn.functional.conv1d.html).
///
/// `y[n, o, i] = bias[o] + Σ_{c, k} weight[o, c, k] · x[n, g·C + c, i·s - p + k·d]`
///
/// with stride `s`, padding `p`, dilation `d` and `C = channels / groups`; `g` is the group of
/// `o`, and `x` is 0 in the padding. It is [`conv2d`](super::conv2d()) of images of one row.
///
/// # Shapes
///
/// - `x`: `(batch, channels, 1, length)`; a batch of 0 is fine
/// - `weight`: `(out_channels, channels / groups, kernel)`
/// - `bias`: `(out_channels)`
/// - output: `(batch, out_channels, 1, length')`, where
///   `length' = floor((length + before + after - dilation·(kernel - 1) - 1) / stride) + 1`
///
/// # Errors
///
/// An input of more rows than one, a weight or bias of another shape, illegal options, a sequence
/// without channels, a kernel larger than the padded input, and sizes that no memory holds.
///
/// # Example
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops;
/// use shapewright_shape::Conv1d;
///
/// let dev = Cpu::default();
/// let x = ops::erase(dev.tensor([[[1.0, 2.0, 4.0, 8.0]]]))?;
/// let weight = dev.tensor([[[-1.0, 1.0]]]);
/// let y = ops::conv1d(x, &weight, None::<&Tensor<Rank1<1>, f64, _>>, &Conv1d::new(1, 2))?;
/// assert_eq!(y.shape(), &(1, 1, 1, 3));
/// assert_eq!(y.as_vec(), [1.0, 2.0, 4.0]);
/// # Ok::<_, shapewright::error::Error>(())
/// ```
pub fn conv1d<X: Operand, W: Shape, B: Shape>(
    x: X,
    weight: &Tensor<W, X::E, X::D>,
    bias: Option<&Tensor<B, X::E, X::D>>,
    conv: &Conv1d,
) -> Result<X, Error>
where
    X::D: Conv2dDevice<X::E>,
{
    let x = x.into_flow()?;
    // What is left to find then has nothing to do with rows and columns.
    check_sequence(OP, x.dims(), |sequence| conv.output(sequence))?;
    let weight_of = |[o, c, _, k]: [usize; 4]| vec![o, c, k];
    X::from_flow(convolve(OP, x, weighted(weight, bias), &conv.image(), weight_of)?)
}
