//! Branches on any device where a kept value is a tensor.

use dfdx::prelude::*;

use crate::error::{Dims, Error};
use crate::ops::device::{is_empty, of_nothing, renewed};
use crate::ops::erased::Erased;

pub fn add<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Erased<E, D, T>,
    other: Erased<E, D>,
) -> Result<Erased<E, D, T>, Error> {
    if is_empty(&x) {
        return of_nothing(x.shape().concrete(), x, [other.retaped()]);
    }
    distinct(x)?.try_add(other).map_err(Error::device)
}

pub fn concat<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    before: Vec<Erased<E, D>>,
    x: Erased<E, D, T>,
    dims: Dims,
) -> Result<Erased<E, D, T>, Error> {
    let mut parts = before.into_iter().map(|part| part.retaped::<T>());
    if dims.contains(&0) {
        return of_nothing(dims, x, parts);
    }
    let Some(first) = parts.next() else { return Ok(x) };
    parts.chain([x]).try_fold(distinct(first)?, |y, part| {
        (y, part).try_concat_along(Axis::<1>).map_err(Error::device)
    })
}

/// `x` may be what it is joined with.
fn distinct<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Erased<E, D, T>,
) -> Result<Erased<E, D, T>, Error> {
    if T::OWNS_TAPE { renewed(x) } else { Ok(x) }
}
