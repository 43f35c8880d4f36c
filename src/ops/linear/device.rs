//! The linear layer on any device: a product of matrices.

use dfdx::prelude::*;

use super::LinearOp;
use crate::error::Error;
use crate::ops::device::{add_bias, is_empty, of_nothing};
use crate::ops::erased::{Erased, reshape};

pub fn linear<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    op: LinearOp,
    x: Erased<E, D, T>,
    weight: Erased<E, D, T>,
    bias: Option<Erased<E, D, T>>,
) -> Result<Erased<E, D, T>, Error> {
    if is_empty(&x) {
        let dims = [op.batch, op.out_features, 1, 1];
        return of_nothing(dims, x, [weight].into_iter().chain(bias));
    }
    let x = reshape(x, (op.batch, op.in_features))?;
    let weight = reshape(weight, (op.out_features, op.in_features))?;
    let weight = weight.try_permute::<_, Axes2<1, 0>>().map_err(Error::device)?;
    let y = x.try_matmul(weight).map_err(Error::device)?;
    add_bias(reshape(y, (op.batch, op.out_features, 1, 1))?, bias)
}
