//! Operations with one input and no parameters: the same way onto the tape for each.

use dfdx::prelude::*;

use super::tensor::{gradient, new_tensor, take_gradient};
use super::{CudaElement, Span};
use crate::error::{Dims, Error};
use crate::ops::Erased;

/// The kernels of an operation.
pub trait Unary<E> {
    /// From `x` to `y`.
    fn forward(&self, x: Span<E>, y: Span<E>) -> Result<(), CudaError>;

    /// From `gy` to `gx`, where it adds to what is there. Only those of `x` and `y` may be read
    /// that are [kept](Unary::keeps).
    fn backward(&self, xy: [Span<E>; 2], gy: Span<E>, gx: Span<E>) -> Result<(), CudaError>;

    /// Whether the gradient needs `x`, and whether `y`.
    fn keeps(&self) -> [bool; 2] {
        [false, false]
    }
}

/// Runs the operation, whose result has the shape `dims`.
pub fn unary<E: CudaElement, T: Tape<E, Cuda>>(
    name: &'static str,
    op: impl Unary<E> + 'static,
    dims: Dims,
    x: Erased<E, Cuda, T>,
) -> Result<Erased<E, Cuda, T>, Error> {
    let (x, mut tape) = x.split_tape();
    let (y, ys) = new_tensor(name, &x, dims)?;
    let xs = Span::tensor(&x)?;
    op.forward(xs, ys).map_err(Error::device)?;

    let (gx, gy) = (gradient(&x), take_gradient(&y));
    let [keep_x, keep_y] = op.keeps();
    let kept = (keep_x.then_some(x), keep_y.then(|| y.clone()));
    tape.add_backward_op(move |grads| {
        // What is kept stays until here, so its elements are where they were.
        let _kept = kept;
        let gy = gy(grads)?;
        op.backward([xs, ys], Span::of(&gy), gx(grads)?)
    });
    Ok(y.put_tape(tape))
}
