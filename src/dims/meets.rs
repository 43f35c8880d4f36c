//! Dimensions that must be the same.

use dfdx::shapes::Const;

use super::Spatial;
use super::operation::{Image, OneAxis};

/// Dimensions that must be `Other`, where branches meet or a shape is claimed. A `usize` may meet
/// anything: it is compared when the network runs.
#[diagnostic::on_unimplemented(
    message = "dimensions `{Self}` and `{Other}` meet in this network, but must be the same"
)]
pub trait Meets<Other>: Spatial {
    /// The dimensions, each a `Const` if one of the two is.
    type Out: Spatial;
}

/// That two images have the same size.
#[diagnostic::on_unimplemented(
    message = "images of {H1}×{W1} and {H2}×{W2} pixels meet in this network, but must be of the \
               same size",
    label = "leads to two images that don't fit to each other"
)]
pub trait SameImage<const H1: usize, const W1: usize, const H2: usize, const W2: usize> {}

#[diagnostic::do_not_recommend]
impl<const H: usize, const W: usize> SameImage<H, W, H, W> for Image {}

/// That two sizes are the same.
#[diagnostic::on_unimplemented(
    message = "sizes {A} and {B} meet in this network, but must be the same",
    label = "leads to two sizes that don't fit to each other"
)]
pub trait SameSize<const A: usize, const B: usize> {}

#[diagnostic::do_not_recommend]
impl<const N: usize> SameSize<N, N> for OneAxis {}

impl SameImage<0, 0, 0, 0> for usize {}
impl SameSize<0, 0> for usize {}

impl<const H1: usize, const W1: usize, const H2: usize, const W2: usize>
    Meets<(Const<H2>, Const<W2>)> for (Const<H1>, Const<W1>)
where
    Image: SameImage<H1, W1, H2, W2>,
{
    type Out = (Const<H2>, Const<W2>);
}

impl<const A: usize, const B: usize> Meets<(Const<B>,)> for (Const<A>,)
where
    OneAxis: SameSize<A, B>,
{
    type Out = (Const<B>,);
}

macro_rules! meets {
    ($([$($n:ident)*] $left:ty, $right:ty => $out:ty;)*) => {$(
        impl<$(const $n: usize),*> Meets<$right> for $left {
            type Out = $out;
        }
    )*};
}

meets! {
    [] (), () => ();
    [] (usize,), (usize,) => (usize,);
    [N] (usize,), (Const<N>,) => (Const<N>,);
    [N] (Const<N>,), (usize,) => (Const<N>,);
    [] (usize, usize), (usize, usize) => (usize, usize);
    [W] (usize, Const<W>), (usize, usize) => (usize, Const<W>);
    [W] (usize, usize), (usize, Const<W>) => (usize, Const<W>);
    [W] (usize, Const<W>), (usize, Const<W>) => (usize, Const<W>);
    [H] (Const<H>, usize), (usize, usize) => (Const<H>, usize);
    [H W] (Const<H>, Const<W>), (usize, usize) => (Const<H>, Const<W>);
    [H W] (Const<H>, usize), (usize, Const<W>) => (Const<H>, Const<W>);
    [H W] (Const<H>, Const<W>), (usize, Const<W>) => (Const<H>, Const<W>);
    [H] (usize, usize), (Const<H>, usize) => (Const<H>, usize);
    [H W] (usize, Const<W>), (Const<H>, usize) => (Const<H>, Const<W>);
    [H W] (usize, usize), (Const<H>, Const<W>) => (Const<H>, Const<W>);
    [H W] (usize, Const<W>), (Const<H>, Const<W>) => (Const<H>, Const<W>);
    [H] (Const<H>, usize), (Const<H>, usize) => (Const<H>, usize);
    [H W] (Const<H>, Const<W>), (Const<H>, usize) => (Const<H>, Const<W>);
    [H W] (Const<H>, usize), (Const<H>, Const<W>) => (Const<H>, Const<W>);
}
