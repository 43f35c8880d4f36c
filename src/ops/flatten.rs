//! From images to features.

use dfdx::prelude::*;

use super::erased::{Erased, contiguous, reshape};
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
pub fn flatten<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Erased<E, D, T>,
) -> Result<Erased<E, D, T>, Error> {
    let (x, [b, c, h, w]) = contiguous("flatten", x)?;
    reshape(x, (b, c * h * w, 1, 1))
}
