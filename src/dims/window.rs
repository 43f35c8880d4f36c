//! Windows of convolutions and pools.

use std::ops::{Add, Sub};

use dfdx::shapes::{Const, Dim};
use typenum::{B1, Sub1, Sum};

use super::number::{Bits, Number, ToConst};
use super::operation::{Axis, Gives, Image, ImageGives, Through, through};
use super::rules::{CeilRoom, Padded, Reach, Room, Rule, Steps};

/// `floor((n + LO + HI - DILATION·(KERNEL-1) - 1) / STRIDE) + 1`, where the kernel fits.
pub struct Window<
    const KERNEL: usize,
    const STRIDE: usize,
    const LO: usize,
    const HI: usize,
    const DILATION: usize,
>;

/// [`Window`] rounded up, as with `ceil_mode`: the last window may reach over the end, but must
/// start inside the input or its left padding. `HI` is less than the kernel's reach.
pub struct CeilWindow<
    const KERNEL: usize,
    const STRIDE: usize,
    const LO: usize,
    const HI: usize,
    const DILATION: usize,
>;

/// `ceil(n / STRIDE)`, with padding `same`.
pub struct SameWindow<const STRIDE: usize>;

/// `floor((n + DILATION·(KERNEL-1) - 1) / STRIDE) + 1`, with padding `full`.
pub struct FullWindow<const KERNEL: usize, const STRIDE: usize, const DILATION: usize>;

through!(Window [K1 S1 LO1 HI1 D1] [K2 S2 LO2 HI2 D2] if ImageWindow, AxisWindow of K1, K2);
through!(CeilWindow [K1 S1 LO1 HI1 D1] [K2 S2 LO2 HI2 D2] if ImageWindow, AxisWindow of K1, K2);
through!(SameWindow[S1][S2]);
through!(FullWindow [K1 S1 D1] [K2 S2 D2]);

impl<N, P, R, M, const K: usize, const S: usize, const LO: usize, const HI: usize, const D: usize>
    Rule<N> for Window<K, S, LO, HI, D>
where
    Const<K>: Number,
    Const<S>: Number,
    Const<LO>: Number,
    Const<HI>: Number,
    Const<D>: Number,
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
> Rule<N> for CeilWindow<K, S, LO, HI, D>
where
    Const<K>: Number,
    Const<S>: Number,
    Const<LO>: Number,
    Const<HI>: Number,
    Const<D>: Number,
    N: Padded<Bits<LO>, Bits<HI>, Out = P>,
    Bits<D>: Reach<Bits<K>, Out = R>,
    P: Room<R, Out = M>,
    M: CeilRoom<Bits<S>, N, Bits<LO>, Out = L>,
    L: Steps<Bits<S>>,
{
    type Out = L::Out;
}

impl<N, const S: usize> Rule<N> for SameWindow<S>
where
    Const<S>: Number,
    N: Sub<B1>,
    Sub1<N>: Steps<Bits<S>>,
{
    type Out = <Sub1<N> as Steps<Bits<S>>>::Out;
}

impl<N, R, const K: usize, const S: usize, const D: usize> Rule<N> for FullWindow<K, S, D>
where
    Const<K>: Number,
    Const<S>: Number,
    Const<D>: Number,
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
impl<const H: usize, const W: usize, const K1: usize, const K2: usize, Y, X, A: Dim, B: Dim>
    ImageWindow<H, W, K1, K2, Y, X> for Image
where
    Const<H>: Number,
    Const<W>: Number,
    Y: Rule<Bits<H>, Out: ToConst<Const = A>>,
    X: Rule<Bits<W>, Out: ToConst<Const = B>>,
{
    type Height = A;
    type Width = B;
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
impl<const N: usize, const K: usize, Y, A: Dim> AxisWindow<N, K, Y> for Axis
where
    Const<N>: Number,
    Y: Rule<Bits<N>, Out: ToConst<Const = A>>,
{
    type Size = A;
}

impl ImageWindow<0, 0, 0, 0, (), ()> for usize {
    type Height = usize;
    type Width = usize;
}

impl AxisWindow<0, 0, ()> for usize {
    type Size = usize;
}
