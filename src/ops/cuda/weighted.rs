//! Operations with a weight and a bias: the same way onto the tape for each.

use dfdx::prelude::*;

use super::tensor::{gradient, new_tensor, take_gradient};
use super::{CudaElement, Span};
use crate::error::{Dims, Error};
use crate::ops::Erased;

/// The kernels of an operation. Those of the gradients add to what is there.
pub trait Weighted<E> {
    /// From `x`, weight and bias (if any) to `y`.
    fn forward(
        &self,
        x: Span<E>,
        weight: Span<E>,
        bias: Span<E>,
        y: Span<E>,
    ) -> Result<(), CudaError>;

    /// From `weight` and `gy` to `gx`.
    fn backward_input(&self, weight: Span<E>, gy: Span<E>, gx: Span<E>) -> Result<(), CudaError>;

    /// From `x` and `gy` to the weight's gradient.
    fn backward_weight(&self, x: Span<E>, gy: Span<E>, gw: Span<E>) -> Result<(), CudaError>;

    /// From `gy` to the bias's gradient.
    fn backward_bias(&self, gy: Span<E>, gb: Span<E>) -> Result<(), CudaError>;
}

/// Runs the operation, whose result has the shape `dims`.
pub fn weighted<E: CudaElement, T: Tape<E, Cuda>>(
    name: &'static str,
    op: impl Weighted<E> + 'static,
    dims: Dims,
    x: Erased<E, Cuda, T>,
    weight: Erased<E, Cuda>,
    bias: Option<Erased<E, Cuda>>,
) -> Result<Erased<E, Cuda, T>, Error> {
    let (x, mut tape) = x.split_tape();
    let (y, ys) = new_tensor(name, &x, dims)?;
    let (xs, ws) = (Span::tensor(&x)?, Span::tensor(&weight)?);
    let bs = bias.as_ref().map_or(Ok(Span::NONE), Span::tensor)?;
    op.forward(xs, ws, bs, ys).map_err(Error::device)?;

    let (gx, gw, gy) = (gradient(&x), gradient(&weight), take_gradient(&y));
    let gb = bias.as_ref().map(gradient);
    tape.add_backward_op(move |grads| {
        // The tensors themselves stay until here, so their elements are where they were.
        let (_x, _weight) = (x, weight);
        let taken = gy(grads)?;
        let gy = Span::of(&taken);
        op.backward_input(ws, gy, gx(grads)?)?;
        op.backward_weight(xs, gy, gw(grads)?)?;
        match &gb {
            Some(gb) => op.backward_bias(gy, gb(grads)?),
            None => Ok(()),
        }
    });
    Ok(y.put_tape(tape))
}
