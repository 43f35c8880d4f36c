//! From images to features.

use super::flow::{Flow, FlowDevice, Operand};
use crate::error::Error;

/// `(batch, c, h, w)` to `(batch, c · h · w, 1, 1)`, as PyTorch's
/// [`Flatten`](https://pytorch.org/docs/stable/generated/torch.nn.Flatten.html).
///
/// No element moves if `x` is contiguous.
///
/// # Errors
///
/// Sizes that no memory holds, which a broadcast tensor can have.
///
/// # Example
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops;
///
/// let dev = Cpu::default();
/// let x = ops::erase::<_, f32, _, _>(dev.zeros::<Rank4<8, 16, 5, 5>>())?;
/// assert_eq!(ops::flatten(x)?.shape(), &(8, 400, 1, 1));
/// # Ok::<_, shapewright::error::Error>(())
/// ```
pub fn flatten<X: Operand>(x: X) -> Result<X, Error> {
    let x = x.into_flow()?;
    let [batch, c, h, w] = x.dims();
    X::from_flow(Flow(X::D::reshape(x.0, [batch, c * h * w, 1, 1])?))
}
