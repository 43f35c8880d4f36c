//! Products of matrices.

use dfdx::prelude::*;

use super::Pixels;
use crate::error::Error;
use crate::ops::erased::reshape;

/// `a · b` for each group: `(groups, m, k)` times `(groups, k, n)`, both contiguous.
pub fn matmul<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    a: Pixels<E, D, T>,
    b: Pixels<E, D, T>,
) -> Result<Pixels<E, D, T>, Error> {
    let ((groups, m, k), (.., n)) = (*a.shape(), *b.shape());
    if groups > 1 {
        return a.try_matmul(b).map_err(Error::device);
    }
    // dfdx and cuBLAS have a kernel for a single product.
    let (a, b) = (reshape(a, (m, k))?, reshape(b, (k, n))?);
    reshape(a.try_matmul(b).map_err(Error::device)?, (1, m, n))
}
