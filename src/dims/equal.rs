//! Dimensions that must be the same.

use dfdx::shapes::{Const, Dim};

use super::Spatial;

/// Dimensions that must be `Other`, where branches meet or a shape is claimed. A `usize` may meet
/// anything: it is compared when the network runs.
pub trait Equal<Other>: Spatial {
    /// The dimensions, each a `Const` if one of the two is.
    type Out: Spatial;
}

impl Equal<()> for () {
    type Out = ();
}

impl<A: EqualDim<B>, B: Dim> Equal<(B,)> for (A,) {
    type Out = (A::Out,);
}

impl<H: EqualDim<I>, W: EqualDim<X>, I: Dim, X: Dim> Equal<(I, X)> for (H, W) {
    type Out = (H::Out, W::Out);
}

/// A dimension that must be `Other`.
#[diagnostic::on_unimplemented(
    message = "two branches of this network, or a claim about its shape, disagree on a size: \
               `{Self}` and `{Other}`",
    label = "leads to `{Self}` on one side and `{Other}` on the other"
)]
pub trait EqualDim<Other>: Dim {
    /// The dimension, a `Const` if one of the two is.
    type Out: Dim;
}

impl EqualDim<usize> for usize {
    type Out = usize;
}

impl<const N: usize> EqualDim<usize> for Const<N> {
    type Out = Const<N>;
}

impl<const N: usize> EqualDim<Const<N>> for usize {
    type Out = Const<N>;
}

impl<const N: usize> EqualDim<Const<N>> for Const<N> {
    type Out = Const<N>;
}
