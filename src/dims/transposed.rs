//! Windows of transposed convolutions.

use std::ops::{Add, Mul, Sub};

use dfdx::shapes::Const;
use typenum::{Add1, B1, Diff, Prod, Sum};

use super::number::{Bits, Number};
use super::operation::{Axis, Gives, Image, ImageGives, Through, through};
use super::rules::{Padded, Reach, Rule, Spread};

/// `(n-1)·STRIDE - LO - HI + DILATION·(KERNEL-1) + FURTHER + 1`, where something is left;
/// `FURTHER` is the output padding.
pub struct Transposed<
    const KERNEL: usize,
    const STRIDE: usize,
    const LO: usize,
    const HI: usize,
    const DILATION: usize,
    const FURTHER: usize,
>;

/// `n · STRIDE + FURTHER`, with padding `same`.
pub struct SameTransposed<const STRIDE: usize, const FURTHER: usize>;

/// `(n-1)·STRIDE - DILATION·(KERNEL-1) + FURTHER + 1`, with padding `full`, where something is left.
pub struct FullTransposed<
    const KERNEL: usize,
    const STRIDE: usize,
    const DILATION: usize,
    const FURTHER: usize,
>;

through!(Transposed [K1 S1 LO1 HI1 D1 F1] [K2 S2 LO2 HI2 D2 F2]);
through!(SameTransposed [S1 F1] [S2 F2]);
through!(FullTransposed [K1 S1 D1 F1] [K2 S2 D2 F2]);

impl<
    N,
    P,
    R,
    T,
    const K: usize,
    const S: usize,
    const LO: usize,
    const HI: usize,
    const D: usize,
    const F: usize,
> Rule<N> for Transposed<K, S, LO, HI, D, F>
where
    Const<K>: Number,
    Const<S>: Number,
    Const<LO>: Number,
    Const<HI>: Number,
    Const<D>: Number,
    Const<F>: Number,
    N: Spread<Bits<S>, Out = P>,
    Bits<D>: Reach<Bits<K>, Out = R>,
    P: Padded<R, Bits<F>, Out = T>,
    Bits<LO>: Add<Bits<HI>>,
    T: Sub<Sum<Bits<LO>, Bits<HI>>>,
    Diff<T, Sum<Bits<LO>, Bits<HI>>>: Add<B1>,
{
    type Out = Add1<Diff<T, Sum<Bits<LO>, Bits<HI>>>>;
}

impl<N, const S: usize, const F: usize> Rule<N> for SameTransposed<S, F>
where
    Const<S>: Number,
    Const<F>: Number,
    N: Mul<Bits<S>>,
    Prod<N, Bits<S>>: Add<Bits<F>>,
{
    type Out = Sum<Prod<N, Bits<S>>, Bits<F>>;
}

impl<N, P, R, const K: usize, const S: usize, const D: usize, const F: usize> Rule<N>
    for FullTransposed<K, S, D, F>
where
    Const<K>: Number,
    Const<S>: Number,
    Const<D>: Number,
    Const<F>: Number,
    N: Spread<Bits<S>, Out = P>,
    Bits<D>: Reach<Bits<K>, Out = R>,
    P: Add<Bits<F>>,
    Sum<P, Bits<F>>: Sub<R>,
    Diff<Sum<P, Bits<F>>, R>: Add<B1>,
{
    type Out = Add1<Diff<Sum<P, Bits<F>>, R>>;
}
