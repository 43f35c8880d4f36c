//! A flow that is a tensor: each operation is on its tape by itself.
//!
//! These are the methods of [`FlowDevice`](crate::ops::FlowDevice) for a device where
//! `Flow<T> = Erased<E, Self, T>` and `Kept = Erased<E, Self>`. A kept value is known to the tape
//! by its id, where the gradients of all its uses add up.

use dfdx::prelude::*;

use super::{renewed, shape};
use crate::error::{Dims, Error};
use crate::ops::Erased;
use crate::ops::erased;

pub fn enter<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Erased<E, D, T>,
) -> Result<Erased<E, D, T>, Error> {
    Ok(x)
}

pub fn leave<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Erased<E, D, T>,
) -> Result<Erased<E, D, T>, Error> {
    Ok(x)
}

pub fn dims<E: Dtype, D: Device<E>, T: Tape<E, D>>(x: &Erased<E, D, T>) -> Dims {
    x.shape().concrete()
}

pub fn reshape<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Erased<E, D, T>,
    dims: Dims,
) -> Result<Erased<E, D, T>, Error> {
    erased::reshape(x, shape(dims))
}

pub fn keep<E: Dtype, D: Device<E>, T: Tape<E, D>>(x: &Erased<E, D, T>) -> Erased<E, D> {
    x.retaped()
}

pub fn go_on_from<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Erased<E, D, T>,
    kept: Erased<E, D>,
) -> (Erased<E, D>, Erased<E, D, T>) {
    let (x, tape) = x.split_tape();
    (x, kept.put_tape(tape))
}

pub fn kept_dims<E: Dtype, D: Device<E>>(kept: &Erased<E, D>) -> Dims {
    dims(kept)
}

/// Under an id of its own, so that no gradient of it becomes one of the network's.
pub fn kept_into_tensor<E: Dtype, D: Device<E>>(kept: Erased<E, D>) -> Result<Erased<E, D>, Error> {
    renewed(kept)
}
