//! Upsampling and padding.

use std::ops::Mul;

use dfdx::shapes::Const;
use typenum::Prod;

use super::number::{Bits, Number};
use super::operation::{Axis, Gives, Image, ImageGives, Through, through};
use super::rules::{Padded, Rule};

/// `n · SCALE`, of upsampling.
pub struct Times<const SCALE: usize>;

/// `LO + n + HI`, of padding with zeros.
pub struct Pad<const LO: usize, const HI: usize>;

through!(Times[A1][A2]);
through!(Pad [LO1 HI1] [LO2 HI2]);

impl<N, const A: usize> Rule<N> for Times<A>
where
    Const<A>: Number,
    N: Mul<Bits<A>>,
{
    type Out = Prod<N, Bits<A>>;
}

impl<N, const LO: usize, const HI: usize> Rule<N> for Pad<LO, HI>
where
    Const<LO>: Number,
    Const<HI>: Number,
    N: Padded<Bits<LO>, Bits<HI>>,
{
    type Out = N::Out;
}
