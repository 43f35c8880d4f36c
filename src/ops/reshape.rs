//! The same elements in another shape.

use shapewright_shape::{Reshape, Shape as Image};

use super::erased::check_numel;
use super::flow::{Flow, FlowDevice, Operand};
use crate::error::Error;

const OP: &str = "reshape";

/// The same elements, in order, in another shape for each image, as PyTorch's
/// [`reshape`](https://pytorch.org/docs/stable/generated/torch.reshape.html).
///
/// No element moves if `x` is contiguous.
///
/// # Shapes
///
/// - `x`: `(batch, c, h, w)`
/// - output: `(batch, c', h', w')` for `[c', h', w']`, `(batch, c', 1, l')` for `[c', l']` and
///   `(batch, f', 1, 1)` for `[f']`, with as many elements
///
/// # Errors
///
/// Another number of elements, a shape with a 0 in it or with more than one open dimension, and
/// sizes that no memory holds.
///
/// # Example
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops;
/// use shapewright_shape::{Claim, Reshape};
///
/// let dev = Cpu::default();
/// let x = ops::erase::<_, f32, _, _>(dev.zeros::<Rank2<8, 400>>())?;
/// let image = Reshape { to: Claim::image(Some(16), Some(5), None) };
/// assert_eq!(ops::reshape(x, &image)?.shape(), &(8, 16, 5, 5));
/// # Ok::<_, shapewright::error::Error>(())
/// ```
pub fn reshape<X: Operand>(x: X, reshape: &Reshape) -> Result<X, Error> {
    let x = x.into_flow()?;
    let input = x.dims();
    let [batch, c, h, w] = input;
    let output = reshape.output(Image::image(c, h, w));
    let output = output.map_err(|problem| Error::options(OP, input, problem))?;
    let dims = match *output.dims() {
        [c, length] => [batch, c, 1, length],
        _ => [batch, output.dim(0), output.dim(1), output.dim(2)],
    };
    check_numel(OP, input, dims)?;
    X::from_flow(Flow(X::D::reshape(x.0, dims)?))
}
