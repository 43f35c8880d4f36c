//! What a layer makes of all spatial dimensions.

use dfdx::shapes::Dim;

use super::Spatial;
use super::number::{Bits, Number, Table, ToConst};
use super::rules::Rule;

/// Dimensions that a layer takes, and what it makes of them: of the height by operation `Y` and of
/// the width by `X`, or of the length of a sequence by `Y`.
#[diagnostic::on_unimplemented(
    message = "a layer with `{Y}` and `{X}` does not take dimensions `{Self}`"
)]
pub trait Through<Y, X = ()>: Spatial {
    /// The dimensions afterwards.
    type Out: Spatial;
}

/// Where an error of a layer on images is found.
pub struct Image;

/// Where an error of a layer along one axis is found.
pub struct OneAxis;

/// What operations `Y` and `X` make of `H` by `W` pixels, as far as the compiler computes.
#[diagnostic::on_unimplemented(
    message = "a layer makes of {H}×{W} pixels more than the compiler computes with, or nothing at \
               all: sizes in types go up to 2111",
    label = "leads to a size that cannot be in a type",
    note = "dimensions of type `usize` instead of `Const` have no limit"
)]
pub trait ImageGives<const H: usize, const W: usize, Y, X> {
    /// The height afterwards.
    type Height: Dim;
    /// The width afterwards.
    type Width: Dim;
}

#[diagnostic::do_not_recommend]
impl<const H: usize, const W: usize, Y, X> ImageGives<H, W, Y, X> for Image
where
    Table: Number<H>,
    Table: Number<W>,
    Y: Rule<Bits<H>, Out: ToConst>,
    X: Rule<Bits<W>, Out: ToConst>,
{
    type Height = <Y::Out as ToConst>::Const;
    type Width = <X::Out as ToConst>::Const;
}

/// What operation `Y` makes of a size of `N`, as far as the compiler computes.
#[diagnostic::on_unimplemented(
    message = "a layer makes of a size of {N} more than the compiler computes with, or nothing at \
               all: sizes in types go up to 2111",
    label = "leads to a size that cannot be in a type",
    note = "dimensions of type `usize` instead of `Const` have no limit"
)]
pub trait Gives<const N: usize, Y> {
    /// The size afterwards.
    type Size: Dim;
}

#[diagnostic::do_not_recommend]
impl<const N: usize, Y> Gives<N, Y> for OneAxis
where
    Table: Number<N>,
    Y: Rule<Bits<N>, Out: ToConst>,
{
    type Size = <Y::Out as ToConst>::Const;
}

// With one implementation in sight, error messages do not show where networks implement `Maps`.
impl ImageGives<0, 0, (), ()> for usize {
    type Height = usize;
    type Width = usize;
}

impl Gives<0, ()> for usize {
    type Size = usize;
}

/// Implements [`Through`] for an operation that has a [`Rule`], where its options are `$y` along
/// one axis and `$x` along the other. Traits `$image` and `$axis`, if given, have the words for
/// inputs that the operation does not take.
macro_rules! through {
    ($op:ident [$($y:ident)*] [$($x:ident)*]) => {
        through!(@impl $op [$($y)*] [$($x)*]
            [ImageGives<H, W, $op<$($y),*>, $op<$($x),*>>]
            [Gives<H, $op<$($y),*>>]
            [Gives<W, $op<$($x),*>>]
            [Gives<L, $op<$($y),*>>]
        );
    };
    ($op:ident [$($y:ident)*] [$($x:ident)*] if $image:ident, $axis:ident of $ky:ident, $kx:ident) => {
        through!(@impl $op [$($y)*] [$($x)*]
            [$image<H, W, $ky, $kx, $op<$($y),*>, $op<$($x),*>>]
            [$axis<H, $ky, $op<$($y),*>>]
            [$axis<W, $kx, $op<$($x),*>>]
            [$axis<L, $ky, $op<$($y),*>>]
        );
    };
    (@impl $op:ident [$($y:ident)*] [$($x:ident)*]
        [$($image:tt)*] [$($height:tt)*] [$($width:tt)*] [$($length:tt)*]
    ) => {
        impl<const H: usize, const W: usize, $(const $y: usize,)* $(const $x: usize),*>
            Through<$op<$($y),*>, $op<$($x),*>> for (Const<H>, Const<W>)
        where
            Table: Number<H>,
            Table: Number<W>,
            $(Table: Number<$y>,)*
            $(Table: Number<$x>,)*
            Image: $($image)*,
        {
            type Out = (<Image as $($image)*>::Height, <Image as $($image)*>::Width);
        }

        impl<const H: usize, $(const $y: usize,)* $(const $x: usize),*>
            Through<$op<$($y),*>, $op<$($x),*>> for (Const<H>, usize)
        where
            Table: Number<H>,
            $(Table: Number<$y>,)*
            OneAxis: $($height)*,
        {
            type Out = (<OneAxis as $($height)*>::Size, usize);
        }

        impl<const W: usize, $(const $y: usize,)* $(const $x: usize),*>
            Through<$op<$($y),*>, $op<$($x),*>> for (usize, Const<W>)
        where
            Table: Number<W>,
            $(Table: Number<$x>,)*
            OneAxis: $($width)*,
        {
            type Out = (usize, <OneAxis as $($width)*>::Size);
        }

        impl<$(const $y: usize,)* $(const $x: usize),*>
            Through<$op<$($y),*>, $op<$($x),*>> for (usize, usize)
        {
            type Out = (usize, usize);
        }

        impl<const L: usize, $(const $y: usize),*> Through<$op<$($y),*>> for (Const<L>,)
        where
            Table: Number<L>,
            $(Table: Number<$y>,)*
            OneAxis: $($length)*,
        {
            type Out = (<OneAxis as $($length)*>::Size,);
        }

        impl<$(const $y: usize),*> Through<$op<$($y),*>> for (usize,) {
            type Out = (usize,);
        }
    };
}
pub(super) use through;
