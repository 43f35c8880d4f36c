//! Winograd's transforms in one dimension, for `M` outputs of a filter with 3 taps.
//!
//! `y = Aᵀ [(G w) ⊙ (Bᵀ x)]` with `M + 2` products instead of `3 M`; the matrices are those of
//! Lavin and Gray, [Fast Algorithms for Convolutional Neural Networks](https://arxiv.org/abs/1509.09308).

use crate::kernels::Element;
use crate::kernels::simd::{MAX_LANES, Simd};
use num_traits::{Float, Zero};

/// Points of a transformed line, at most.
pub const MAX_POINTS: usize = 6;

/// Outputs of a line, at most.
pub const MAX_OUTPUTS: usize = 4;

/// `Bᵀ x`: `M + 2` pixels to as many points.
#[inline(always)]
pub fn input<S: Simd, const M: usize>(s: S, x: [S::V; MAX_POINTS]) -> [S::V; MAX_POINTS] {
    let number = |v: f64| s.splat(S::E::cast(v));
    if M == 2 {
        [s.sub(x[0], x[2]), s.add(x[1], x[2]), s.sub(x[2], x[1]), s.sub(x[1], x[3]), x[0], x[0]]
    } else {
        let (four, minus_four, minus_five) = (number(4.0), number(-4.0), number(-5.0));
        let a = s.fma(minus_four, x[2], x[4]);
        let b = s.fma(minus_four, x[1], x[3]);
        let c = s.sub(x[4], x[2]);
        let d = s.mul(number(2.0), s.sub(x[3], x[1]));
        [
            s.fma(four, x[0], s.fma(minus_five, x[2], x[4])),
            s.add(a, b),
            s.sub(a, b),
            s.add(c, d),
            s.sub(c, d),
            s.fma(four, x[1], s.fma(minus_five, x[3], x[5])),
        ]
    }
}

/// `Aᵀ p`: `M + 2` points to `M` outputs.
#[inline(always)]
pub fn output<S: Simd, const M: usize>(s: S, p: [S::V; MAX_POINTS]) -> [S::V; MAX_OUTPUTS] {
    let number = |v: f64| s.splat(S::E::cast(v));
    let (sum, difference) = (s.add(p[1], p[2]), s.sub(p[1], p[2]));
    if M == 2 {
        [s.add(p[0], sum), s.sub(difference, p[3]), sum, sum]
    } else {
        let (sum2, difference2) = (s.add(p[3], p[4]), s.sub(p[3], p[4]));
        [
            s.add(s.add(p[0], sum), sum2),
            s.fma(number(2.0), difference2, difference),
            s.fma(number(4.0), sum2, sum),
            s.add(s.fma(number(8.0), difference2, difference), p[5]),
        ]
    }
}

/// `G w`: 3 taps to `M + 2` points.
#[inline(always)]
pub fn weight<S: Simd, const M: usize>(s: S, [a, b, c]: [S::V; 3]) -> [S::V; MAX_POINTS] {
    let number = |v: f64| s.splat(S::E::cast(v));
    let ends = s.add(a, c);
    if M == 2 {
        let half = number(0.5);
        let (plus, minus) = (s.mul(s.add(ends, b), half), s.mul(s.sub(ends, b), half));
        [a, plus, minus, c, a, a]
    } else {
        let sixth = number(-1.0 / 6.0);
        let far = s.fma(a, number(1.0 / 24.0), s.mul(c, number(1.0 / 6.0)));
        let odd = s.mul(b, number(1.0 / 12.0));
        [
            s.mul(a, number(0.25)),
            s.mul(s.add(ends, b), sixth),
            s.mul(s.sub(ends, b), sixth),
            s.add(far, odd),
            s.sub(far, odd),
            c,
        ]
    }
}

/// `A y`, the adjoint of [`output`] for `M = 4`: the gradients of 4 outputs to those of 6 points.
#[inline(always)]
pub fn output_adjoint<S: Simd>(s: S, y: [S::V; MAX_POINTS]) -> [S::V; MAX_POINTS] {
    let number = |v: f64| s.splat(S::E::cast(v));
    let four = number(4.0);
    let (even, odd) = (s.add(y[0], y[2]), s.add(y[1], y[3]));
    let even2 = s.fma(four, y[2], y[0]);
    let odd2 = s.mul(number(2.0), s.fma(four, y[3], y[1]));
    [y[0], s.add(even, odd), s.sub(even, odd), s.add(even2, odd2), s.sub(even2, odd2), y[3]]
}

/// `Gᵀ p`, the adjoint of [`weight`] for `M = 4`: the gradients of 6 points to those of 3 taps.
#[inline(always)]
pub fn weight_adjoint<S: Simd>(s: S, p: [S::V; MAX_POINTS]) -> [S::V; 3] {
    let number = |v: f64| s.splat(S::E::cast(v));
    let (sum, difference) = (s.add(p[1], p[2]), s.sub(p[1], p[2]));
    let (sum2, difference2) = (s.add(p[3], p[4]), s.sub(p[3], p[4]));
    let (sixth, minus_sixth) = (number(1.0 / 6.0), number(-1.0 / 6.0));
    let near = s.mul(minus_sixth, sum);
    [
        s.fma(number(0.25), p[0], s.fma(number(1.0 / 24.0), sum2, near)),
        s.fma(minus_sixth, difference, s.mul(number(1.0 / 12.0), difference2)),
        s.add(s.fma(sixth, sum2, near), p[5]),
    ]
}

/// A watch for numbers so large (or not numbers) that they could spoil those around them.
///
/// A transformed tile mixes pixels that no single output sees together, so an infinity or a NaN
/// would spread over its tile, and the transforms of very large numbers may overflow.
pub struct Magnitude<S: Simd> {
    /// Squares, scaled so that their sum is finite as long as all is well.
    squares: S::V,
}

impl<S: Simd> Magnitude<S> {
    #[inline(always)]
    pub fn new(s: S) -> Self {
        Magnitude { squares: s.zero() }
    }

    #[inline(always)]
    pub fn add(&mut self, s: S, x: S::V) {
        // The squares of numbers above the 0.4th power of the largest one overflow.
        let scale = s.splat(S::E::max_value().powf(S::E::cast(0.2)));
        self.squares = s.fma(s.mul(x, scale), x, self.squares);
    }

    /// Whether there was such a number.
    #[inline(always)]
    pub fn is_large(&self, s: S) -> bool {
        let mut squares = [S::E::zero(); MAX_LANES];
        // SAFETY: no vector is longer than that.
        unsafe { s.store(squares.as_mut_ptr(), self.squares) };
        squares.iter().any(|square| !square.is_finite())
    }
}
