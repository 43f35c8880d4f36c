//! The dimensions beside batch and channels, and what networks make of them.

use dfdx::shapes::{Dim, Shape};

/// The dimensions beside batch and channels: `(H, W)` of an image, `(L,)` of a sequence, `()` of
/// features.
pub trait Spatial: Copy {
    /// The shape of a batch of inputs with `C` channels or features.
    type Batch<B: Dim, C: Dim>: Shape;
    /// The shape of one input with `C` channels or features.
    type Single<C: Dim>: Shape;
}

impl<H: Dim, W: Dim> Spatial for (H, W) {
    type Batch<B: Dim, C: Dim> = (B, C, H, W);
    type Single<C: Dim> = (C, H, W);
}

impl<L: Dim> Spatial for (L,) {
    type Batch<B: Dim, C: Dim> = (B, C, L);
    type Single<C: Dim> = (C, L);
}

impl Spatial for () {
    type Batch<B: Dim, C: Dim> = (B, C);
    type Single<C: Dim> = (C,);
}

/// A network that takes inputs whose [`Spatial`] dimensions are `Dims`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not take dimensions `{Dims}`",
    label = "not the dimensions that `{Self}` takes"
)]
pub trait Maps<Dims> {
    /// The [`Spatial`] dimensions of its output.
    type Output: Spatial;
}

/// The shape of what network `N` makes of a batch of `B` inputs of `Dims`, with `C` channels.
pub type Batch<N, Dims, B, C> = <<N as Maps<Dims>>::Output as Spatial>::Batch<B, C>;

/// The shape of what network `N` makes of one input of `Dims`, with `C` channels.
pub type Single<N, Dims, C> = <<N as Maps<Dims>>::Output as Spatial>::Single<C>;
