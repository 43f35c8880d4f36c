//! Windows of convolutions and pools.

use std::ops::{Add, Sub};

use dfdx::shapes::{Const, Dim};
use typenum::{B1, Sub1, Sum};

use super::number::{Bits, Number, Table, ToConst};
use super::operation::{Gives, Image, ImageGives, OneAxis, Through, through};
use super::rules::{CeilRoom, Padded, Reach, Room, Rule, Steps};

/// `floor((n + LO + HI - DILATION·(KERNEL-1) - 1) / STRIDE) + 1`, where the kernel fits.
pub struct Slide<
    const KERNEL: usize,
    const STRIDE: usize,
    const LO: usize,
    const HI: usize,
    const DILATION: usize,
>;

/// [`Slide`] rounded up, as with `ceil_mode`: the last window may reach over the end, but must
/// start inside the input or its left padding. `HI` is less than the kernel's reach.
pub struct CeilSlide<
    const KERNEL: usize,
    const STRIDE: usize,
    const LO: usize,
    const HI: usize,
    const DILATION: usize,
>;

/// `ceil(n / STRIDE)`, with padding `same`.
pub struct SameSlide<const STRIDE: usize>;

/// `floor((n + DILATION·(KERNEL-1) - 1) / STRIDE) + 1`, with padding `full`.
pub struct FullSlide<const KERNEL: usize, const STRIDE: usize, const DILATION: usize>;

through!(Slide [K1 S1 LO1 HI1 D1] [K2 S2 LO2 HI2 D2] if ImageWindow, AxisWindow of K1, K2);
through!(CeilSlide [K1 S1 LO1 HI1 D1] [K2 S2 LO2 HI2 D2] if ImageWindow, AxisWindow of K1, K2);
through!(SameSlide[S1][S2]);
through!(FullSlide [K1 S1 D1] [K2 S2 D2]);

impl<N, P, R, M, const K: usize, const S: usize, const LO: usize, const HI: usize, const D: usize>
    Rule<N> for Slide<K, S, LO, HI, D>
where
    Table: Number<K>,
    Table: Number<S>,
    Table: Number<LO>,
    Table: Number<HI>,
    Table: Number<D>,
    N: Padded<Bits<LO>, Bits<HI>, Out = P>,
    Bits<D>: Reach<Bits<K>, Out = R>,
    P: Room<R, Out = M>,
    M: Steps<Bits<S>>,
{
    type Out = M::Out;
}

impl<
    N,
    P,
    R,
    M,
    L,
    const K: usize,
    const S: usize,
    const LO: usize,
    const HI: usize,
    const D: usize,
> Rule<N> for CeilSlide<K, S, LO, HI, D>
where
    Table: Number<K>,
    Table: Number<S>,
    Table: Number<LO>,
    Table: Number<HI>,
    Table: Number<D>,
    N: Padded<Bits<LO>, Bits<HI>, Out = P>,
    Bits<D>: Reach<Bits<K>, Out = R>,
    P: Room<R, Out = M>,
    M: CeilRoom<Bits<S>, N, Bits<LO>, Out = L>,
    L: Steps<Bits<S>>,
{
    type Out = L::Out;
}

impl<N, const S: usize> Rule<N> for SameSlide<S>
where
    Table: Number<S>,
    N: Sub<B1>,
    Sub1<N>: Steps<Bits<S>>,
{
    type Out = <Sub1<N> as Steps<Bits<S>>>::Out;
}

impl<N, R, const K: usize, const S: usize, const D: usize> Rule<N> for FullSlide<K, S, D>
where
    Table: Number<K>,
    Table: Number<S>,
    Table: Number<D>,
    N: Sub<B1>,
    Bits<D>: Reach<Bits<K>, Out = R>,
    Sub1<N>: Add<R>,
    Sum<Sub1<N>, R>: Steps<Bits<S>>,
{
    type Out = <Sum<Sub1<N>, R> as Steps<Bits<S>>>::Out;
}

/// That windows of `K1` by `K2` taps fit into an image of `H` by `W` pixels.
#[diagnostic::on_unimplemented(
    message = "the image is too small: a layer's window of {K1}×{K2} does not fit into the \
               {H}×{W} pixels that arrive there",
    label = "the image is too small for this network",
    note = "vertically `{Y}`, horizontally `{X}`: kernel, stride, padding before and after, dilation"
)]
pub trait ImageWindow<const H: usize, const W: usize, const K1: usize, const K2: usize, Y, X> {
    /// How many fit vertically.
    type Height: Dim;
    /// How many fit horizontally.
    type Width: Dim;
}

#[diagnostic::do_not_recommend]
impl<const H: usize, const W: usize, const K1: usize, const K2: usize, Y, X>
    ImageWindow<H, W, K1, K2, Y, X> for Image
where
    Table: Number<H>,
    Table: Number<W>,
    Y: Rule<Bits<H>, Out: ToConst>,
    X: Rule<Bits<W>, Out: ToConst>,
{
    type Height = <Y::Out as ToConst>::Const;
    type Width = <X::Out as ToConst>::Const;
}

/// That windows of `K` taps fit into a size of `N`.
#[diagnostic::on_unimplemented(
    message = "the input is too small: a layer's window of {K} does not fit into the size of {N} \
               that arrives there",
    label = "the input is too small for this network",
    note = "`{Y}`: kernel, stride, padding before and after, dilation"
)]
pub trait AxisWindow<const N: usize, const K: usize, Y> {
    /// How many fit.
    type Size: Dim;
}

#[diagnostic::do_not_recommend]
impl<const N: usize, const K: usize, Y> AxisWindow<N, K, Y> for OneAxis
where
    Table: Number<N>,
    Y: Rule<Bits<N>, Out: ToConst>,
{
    type Size = <Y::Out as ToConst>::Const;
}

impl ImageWindow<0, 0, 0, 0, (), ()> for usize {
    type Height = usize;
    type Width = usize;
}

impl AxisWindow<0, 0, ()> for usize {
    type Size = usize;
}
