//! From images to features.

use std::ops::Mul;

use dfdx::shapes::{Const, ConstDim, Dim};
use typenum::consts::U2048;
use typenum::{Cmp, Compare, Equal, Greater, Less, Prod};

use super::macros::stateless;
use super::shapes::{Images, Takes, TakesFeatures};
use crate::dims::{Bits, Number, Table, ToConst};
use crate::shape::{Layer, Text};

stateless! {
    /// All pixels of an image in a row, as PyTorch's
    /// [`Flatten`](https://pytorch.org/docs/stable/generated/torch.nn.Flatten.html). No element moves.
    ///
    /// # Shapes
    ///
    /// `(B, C, H, W)` to `(B, C·H·W)`, `(C, H, W)` to `(C·H·W,)`. The features are a `usize` if one of
    /// the three is. Else they are a `Const`, or, beyond the numbers that the compiler computes with,
    /// a [`Product`], which is not a `Const` but known and checked too.
    ///
    /// # Example
    ///
    /// ```
    /// use shapewright::modules::Flatten;
    /// use shapewright::prelude::*;
    ///
    /// let dev = Cpu::default();
    /// let x: Tensor<Rank4<8, 16, 5, 5>, f32, _> = dev.zeros();
    /// let y: Tensor<Rank2<8, 400>, f32, _> = Flatten.forward(x);
    /// ```
    Flatten[], Layer::Flatten
}

impl<S: Images> Takes<S> for Flatten
where
    (S::Channels, S::Pixels): Features,
{
    type Output = S::With<<(S::Channels, S::Pixels) as Features>::Count, ()>;
}

/// `(C, (H, W))`: channels and pixels, which are features together.
pub trait Features {
    /// `C·H·W`, a `usize` if one of them is.
    type Count: Dim;
}

impl<H: Dim, W: Dim> Features for (usize, (H, W)) {
    type Count = usize;
}

impl<const C: usize, W: Dim> Features for (Const<C>, (usize, W)) {
    type Count = usize;
}

impl<const C: usize, const H: usize> Features for (Const<C>, (Const<H>, usize)) {
    type Count = usize;
}

impl<const C: usize, const H: usize, const W: usize> Features for (Const<C>, (Const<H>, Const<W>))
where
    Table: Number<C>,
    Table: Number<H>,
    Table: Number<W>,
    Bits<C>: Mul<Bits<H>>,
    Prod<Bits<C>, Bits<H>>: Mul<Bits<W>, Output: Of<C, H, W>>,
{
    type Count = <Prod<Prod<Bits<C>, Bits<H>>, Bits<W>> as Of<C, H, W>>::Count;
}

/// The largest number that is a `Const` again; [`dims`](crate::dims) ends a little later.
type Limit = U2048;

/// The number `C·H·W`.
pub trait Of<const C: usize, const H: usize, const W: usize> {
    /// It as a dimension.
    type Count: Dim;
}

impl<N, const C: usize, const H: usize, const W: usize> Of<C, H, W> for N
where
    N: Cmp<Limit, Output: Either<N, C, H, W>>,
{
    // Not a parameter of this implementation: the compiler would take it for what the next module
    // wants, and then find that this is not what the image gives.
    type Count = <Compare<N, Limit> as Either<N, C, H, W>>::Count;
}

/// How the number `N`, which is `C·H·W`, compares with [`Limit`].
pub trait Either<N, const C: usize, const H: usize, const W: usize> {
    /// It as a dimension.
    type Count: Dim;
}

impl<N: ToConst, const C: usize, const H: usize, const W: usize> Either<N, C, H, W> for Less {
    type Count = N::Const;
}

impl<N: ToConst, const C: usize, const H: usize, const W: usize> Either<N, C, H, W> for Equal {
    type Count = N::Const;
}

impl<N, const C: usize, const H: usize, const W: usize> Either<N, C, H, W> for Greater {
    type Count = Product<C, H, W>;
}

/// `C·H·W`, more than the compiler computes with: a size that is known, but is not the type
/// `Const` of its number. [`Linear`](super::Linear) takes it; whether it is as many features as
/// that wants, `cargo build` tells and `cargo check` does not.
///
/// ```compile_fail
/// use shapewright::modules::*;
/// use shapewright::prelude::*;
///
/// let dev = Cpu::default();
/// let head = dev.build_module::<(Flatten, Linear<4096, 10>), f32>();
/// head.forward(dev.zeros::<Rank4<8, 512, 7, 7>>()); // expected 4096 features, found 25088
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Product<const C: usize, const H: usize, const W: usize>;

impl<const C: usize, const H: usize, const W: usize> Dim for Product<C, H, W> {
    fn size(&self) -> usize {
        Self::SIZE
    }

    fn from_size(size: usize) -> Option<Self> {
        (size == Self::SIZE).then_some(Product)
    }
}

impl<const C: usize, const H: usize, const W: usize> ConstDim for Product<C, H, W> {
    const SIZE: usize = C * H * W;
}

impl<const N: usize, const C: usize, const H: usize, const W: usize> TakesFeatures<N>
    for Product<C, H, W>
{
    const FITS: () = if C * H * W != N {
        let mut t = Text::new();
        t.str("expected ").num(N).str(" features, found ").num(C * H * W);
        t.list(" (", &[C, H, W], " × ", ")");
        panic!("{}", t.as_str())
    };
}
