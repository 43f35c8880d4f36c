//! Winograd's transforms in one dimension, for `M` outputs of a filter with 3 taps.
//!
//! `y = Aᵀ [(G w) ⊙ (Bᵀ x)]` with `M + 2` products instead of `3 M`; the matrices are those of
//! Lavin and Gray, [Fast Algorithms for Convolutional Neural Networks](https://arxiv.org/abs/1509.09308).

use crate::kernels::Element;
use crate::kernels::simd::Simd;

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

/// Weights that are transformed at a time: as many as make whole lines of the cache.
pub const BLOCK: usize = 16;

/// `G w`: 3 taps to `M + 2` points, for a block of weights.
#[inline(always)]
pub fn weight<E: Element, const M: usize>(w: [&[E; BLOCK]; 3]) -> [[E; BLOCK]; MAX_POINTS] {
    let mut points = [[E::zero(); BLOCK]; MAX_POINTS];
    let number = E::cast;
    for i in 0..BLOCK {
        let (a, b, c) = (w[0][i], w[1][i], w[2][i]);
        if M == 2 {
            points[0][i] = a;
            points[1][i] = (a + c + b) * number(0.5);
            points[2][i] = (a + c - b) * number(0.5);
            points[3][i] = c;
        } else {
            let far = a * number(1.0 / 24.0) + c * number(1.0 / 6.0);
            let odd = b * number(1.0 / 12.0);
            points[0][i] = a * number(0.25);
            points[1][i] = (a + c + b) * number(-1.0 / 6.0);
            points[2][i] = (a + c - b) * number(-1.0 / 6.0);
            points[3][i] = far + odd;
            points[4][i] = far - odd;
            points[5][i] = c;
        }
    }
    points
}
