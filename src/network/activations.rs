//! What steps in the middle of a network give, as typed tensors.

use dfdx::prelude::*;

use super::restore;
use crate::Error;
use crate::ops::{FlowDevice, Kept};

/// A batch from the middle of a network as a tensor of its own.
///
/// # Errors
///
/// If it is not of the type's shape, or the device is out of memory.
pub fn activation<S: Shape, E: Dtype, D: FlowDevice<E>>(
    x: Kept<E, D>,
) -> Result<Tensor<S, E, D>, Error> {
    restore(x.into_tensor()?, true, S::NUM_DIMS - 1)
}

/// The number of dimensions beside the batch, where only the compiler knows it.
pub struct Rank<const R: usize>;

/// The shape of a batch with so many dimensions.
pub trait Ranked {
    /// Of `C` channels or features, height `H` and width or length `W`.
    type Of<B: Dim, C: Dim, H: Dim, W: Dim>: Shape;
    /// Without the batch: the shape of a weight with a number for each element.
    type One<C: ConstDim, H: ConstDim, W: ConstDim>: ConstShape;
}

impl Ranked for Rank<1> {
    type Of<B: Dim, C: Dim, H: Dim, W: Dim> = (B, C);
    type One<C: ConstDim, H: ConstDim, W: ConstDim> = (C,);
}

impl Ranked for Rank<2> {
    // A sequence's second dimension is its length.
    type Of<B: Dim, C: Dim, H: Dim, W: Dim> = (B, C, H);
    type One<C: ConstDim, H: ConstDim, W: ConstDim> = (C, H);
}

impl Ranked for Rank<3> {
    type Of<B: Dim, C: Dim, H: Dim, W: Dim> = (B, C, H, W);
    type One<C: ConstDim, H: ConstDim, W: ConstDim> = (C, H, W);
}
