//! The dimensions beside batch and channels, and what networks make of them.

use dfdx::shapes::{Dim, Shape};

/// The dimensions beside batch and channels: `(H, W)` of an image, `(L,)` of a sequence, `()` of
/// features.
pub trait Spatial: Copy {
    /// The shape of a batch of inputs with `C` channels or features.
    type Batch<B: Dim, C: Dim>: Shape;
    /// The shape of one input with `C` channels or features.
    type Single<C: Dim>: Shape;

    /// The dimensions with these sizes, if they can have them.
    fn of(sizes: &[usize]) -> Option<Self>;
    /// The shape of a batch of inputs.
    fn batch<B: Dim, C: Dim>(self, batch: B, channels: C) -> Self::Batch<B, C>;
    /// The shape of one input.
    fn single<C: Dim>(self, channels: C) -> Self::Single<C>;
}

impl<H: Dim, W: Dim> Spatial for (H, W) {
    type Batch<B: Dim, C: Dim> = (B, C, H, W);
    type Single<C: Dim> = (C, H, W);

    fn of(sizes: &[usize]) -> Option<Self> {
        let &[h, w] = sizes else { return None };
        Some((H::from_size(h)?, W::from_size(w)?))
    }

    fn batch<B: Dim, C: Dim>(self, batch: B, channels: C) -> (B, C, H, W) {
        (batch, channels, self.0, self.1)
    }

    fn single<C: Dim>(self, channels: C) -> (C, H, W) {
        (channels, self.0, self.1)
    }
}

impl<L: Dim> Spatial for (L,) {
    type Batch<B: Dim, C: Dim> = (B, C, L);
    type Single<C: Dim> = (C, L);

    fn of(sizes: &[usize]) -> Option<Self> {
        let &[l] = sizes else { return None };
        Some((L::from_size(l)?,))
    }

    fn batch<B: Dim, C: Dim>(self, batch: B, channels: C) -> (B, C, L) {
        (batch, channels, self.0)
    }

    fn single<C: Dim>(self, channels: C) -> (C, L) {
        (channels, self.0)
    }
}

impl Spatial for () {
    type Batch<B: Dim, C: Dim> = (B, C);
    type Single<C: Dim> = (C,);

    fn of(sizes: &[usize]) -> Option<Self> {
        sizes.is_empty().then_some(())
    }

    fn batch<B: Dim, C: Dim>(self, batch: B, channels: C) -> (B, C) {
        (batch, channels)
    }

    fn single<C: Dim>(self, channels: C) -> (C,) {
        (channels,)
    }
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
