//! Operations on any dfdx device: written on dfdx's own tensor operations, from which the
//! gradients follow.
//!
//! A device whose flow is a tensor ([`flow`]) has every operation by these, unless it overrides
//! one. `Cpu` and `Cuda`, which have kernels of their own, override all.
//!
//! What reads pixels is a gather by a table of the pixels under each [window](Windows), made on
//! the host: a convolution gathers once for one product of matrices, a pool for a sum or a few
//! comparisons.

#[allow(dead_code, reason = "for other devices than `Cpu`")]
pub mod flow;
mod gather;
mod matmul;
mod pool;
mod windows;

pub use gather::{Pixels, channels_first, channels_last, gather};
pub use matmul::matmul;
pub use pool::{Planes, divide, largest, sum, taps};
pub use windows::{Windows, areas};

use dfdx::prelude::*;

use super::erased::{Erased, reshape};
use super::flow::FlowDevice;
use crate::error::{Dims, Error};

/// Runs an operation on tensors as one of a flow.
pub fn composed<E: Dtype, D: FlowDevice<E>, T: Tape<E, D>>(
    x: D::Flow<T>,
    operation: impl FnOnce(Erased<E, D, T>) -> Result<Erased<E, D, T>, Error>,
) -> Result<D::Flow<T>, Error> {
    D::enter(operation(D::leave(x)?)?)
}

/// Whether there is nothing to compute. dfdx can't run its operations on empty tensors.
pub fn is_empty<S: Shape, E: Dtype, D: Device<E>, T>(x: &Tensor<S, E, D, T>) -> bool {
    x.shape().num_elements() == 0
}

/// What an operation gives for an empty input: zeros, if anything. The input and the parameters
/// still get their gradients, which are zeros.
pub fn of_nothing<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    dims: Dims,
    x: Erased<E, D, T>,
    parameters: impl IntoIterator<Item = Erased<E, D, T>>,
) -> Result<Erased<E, D, T>, Error> {
    let y = x.device().try_zeros_like(&shape(dims)).map_err(Error::device)?;
    let mut tape = T::default();
    for operand in [x].into_iter().chain(parameters) {
        let (operand, its_tape) = operand.split_tape();
        tape = tape.merge(its_tape);
        let operand = operand.ghost();
        tape.add_backward_op(move |grads| grads.try_alloc_for(&operand));
    }
    Ok(y.put_tape(tape))
}

/// The same elements under a new id. dfdx knows a value by its id, and panics in the backward
/// pass of an operation that is given the same one twice.
#[allow(dead_code, reason = "for other devices than `Cpu`")]
pub fn renewed<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Erased<E, D, T>,
) -> Result<Erased<E, D, T>, Error> {
    if is_empty(&x) {
        let shape = *x.shape();
        return reshape(x, shape);
    }
    x.try_mul(E::ONE).map_err(Error::device)
}

/// `y` with a bias, `(1, channels, 1, 1)`, for each of its channels.
pub fn add_bias<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    y: Erased<E, D, T>,
    bias: Option<Erased<E, D, T>>,
) -> Result<Erased<E, D, T>, Error> {
    let Some(bias) = bias else { return Ok(y) };
    let channels = y.shape().1;
    let bias = reshape(bias, (channels,))?;
    let bias = bias.try_broadcast_like::<_, Axes3<0, 2, 3>>(y.shape()).map_err(Error::device)?;
    y.try_add(bias).map_err(Error::device)
}

/// A tensor that is `value` everywhere.
pub fn filled<S: Shape, E: Dtype, D: Device<E>>(
    device: &D,
    shape: &S,
    value: f64,
) -> Result<Tensor<S, E, D>, Error> {
    let zeros: Tensor<S, E, D> = device.try_zeros_like(shape).map_err(Error::device)?;
    match value {
        0.0 => Ok(zeros),
        _ => zeros.try_add(number::<E>(value)).map_err(Error::device),
    }
}

/// A constant of a device's number type.
pub fn number<E: Dtype>(value: f64) -> E {
    E::from_f64(value).expect("the number types of dfdx's devices are floating")
}

/// A shape as dfdx takes it.
pub fn shape([batch, channels, height, width]: Dims) -> (usize, usize, usize, usize) {
    (batch, channels, height, width)
}
