//! Fully connected layer.

pub(super) mod cpu;
#[cfg(feature = "cuda")]
pub(super) mod cuda;
pub(super) mod device;

use dfdx::prelude::*;
use shapewright_shape::{Linear, Problem, Shape as Image};

use super::device::composed;
use super::erased::{Erased, Weighted, check_numel, weighted};
use super::flow::{Flow, FlowDevice, Operand};
use crate::error::{Dims, Error};

const OP: &str = "linear";

/// The sizes of a linear map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinearOp {
    /// Number of feature vectors.
    pub batch: usize,
    /// Features of an input.
    pub in_features: usize,
    /// Features of an output.
    pub out_features: usize,
}

/// A device that can run a fully connected layer.
pub trait LinearDevice<E: Dtype>: FlowDevice<E> {
    /// The map that `op` describes, of contiguous tensors: `x` is `(batch, in, 1, 1)`, `weight`
    /// `(out, in, 1, 1)` and `bias` `(1, out, 1, 1)`. [`linear()`] has checked them.
    fn linear<T: Tape<E, Self>>(
        op: LinearOp,
        x: Self::Flow<T>,
        weight: Erased<E, Self, T>,
        bias: Option<Erased<E, Self, T>>,
    ) -> Result<Self::Flow<T>, Error> {
        composed::<E, Self, T>(x, |x| device::linear(op, x, weight, bias))
    }
}

/// `y = x · weightᵀ + bias`, as PyTorch's
/// [`linear`](https://pytorch.org/docs/stable/generated/torch.nn.functional.linear.html).
///
/// A bias is added if one is given, whatever `linear.bias` says.
///
/// # Shapes
///
/// - `x`: `(batch, in_features, 1, 1)`; a batch of 0 is fine
/// - `weight`: `(out_features, in_features)`
/// - `bias`: `(out_features)`
/// - output: `(batch, out_features, 1, 1)`
///
/// # Errors
///
/// An image that was not flattened, a vector without features, a weight or bias of another shape, and sizes that no memory
/// holds.
///
/// # Example
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops;
/// use shapewright_shape::Linear;
///
/// let dev = Cpu::default();
/// let x = ops::erase(dev.tensor([[1.0, 2.0]]))?;
/// let weight = dev.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]);
/// let bias = dev.tensor([0.0, 0.0, 0.5]);
/// let y = ops::linear(x, &weight, Some(&bias), &Linear::new(3))?;
/// assert_eq!(y.shape(), &(1, 3, 1, 1));
/// assert_eq!(y.as_vec(), [1.0, 2.0, 3.5]);
/// # Ok::<_, shapewright::error::Error>(())
/// ```
pub fn linear<X: Operand, W: Shape, B: Shape>(
    x: X,
    weight: &Tensor<W, X::E, X::D>,
    bias: Option<&Tensor<B, X::E, X::D>>,
    linear: &Linear,
) -> Result<X, Error>
where
    X::D: LinearDevice<X::E>,
{
    X::from_flow(run(x.into_flow()?, weighted(weight, bias), linear)?)
}

fn run<E: Dtype, D: LinearDevice<E>, T: Tape<E, D>>(
    x: Flow<E, D, T>,
    (weight, bias): Weighted<E, D, T>,
    linear: &Linear,
) -> Result<Flow<E, D, T>, Error> {
    let op = describe(x.dims(), weight.sizes(), bias.map(|b| b.sizes()), linear)?;
    let weight = weight.erase(OP, [op.out_features, op.in_features, 1, 1])?;
    let bias = bias.map(|b| b.erase(OP, [1, op.out_features, 1, 1])).transpose()?;
    Ok(Flow(D::linear(op, x.0, weight, bias)?))
}

/// Checks all shapes against the options.
pub(super) fn describe(
    input: Dims,
    weight: Vec<usize>,
    bias: Option<Vec<usize>>,
    linear: &Linear,
) -> Result<LinearOp, Error> {
    let [batch, in_features, height, width] = input;
    let wrong = |problem| Error::options(OP, input, problem);
    linear.check_options().map_err(wrong)?;
    if [height, width] != [1, 1] {
        let image = Image::image(in_features, height, width);
        return Err(wrong(Problem::NotFeatures { input: image }));
    }
    if in_features == 0 {
        return Err(wrong(Problem::ZeroInFeatures));
    }
    let out_features = linear.out_features;
    if weight != [out_features, in_features] {
        let expected = vec![out_features, in_features];
        return Err(Error::Weight { op: OP, input, expected, weight, groups: 1 });
    }
    if let Some(bias) = bias
        && bias != [out_features]
    {
        return Err(Error::Bias { op: OP, weight, bias, expected: out_features });
    }
    linear.output(Image::features(in_features)).map_err(wrong)?;
    check_numel(OP, input, [batch, out_features, 1, 1])?;
    Ok(LinearOp { batch, in_features, out_features })
}
