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

/// `G w`: 3 taps to `M + 2` points.
#[inline(always)]
pub fn weight<E: Element, const M: usize>(w: [E; 3]) -> [E; MAX_POINTS] {
    let [a, b, c] = w;
    if M == 2 {
        let half = E::cast(0.5);
        [a, (a + c + b) * half, (a + c - b) * half, c, E::zero(), E::zero()]
    } else {
        let sixth = E::cast(1.0 / 6.0);
        let far = a * E::cast(1.0 / 24.0) + c * sixth;
        let odd = b * E::cast(1.0 / 12.0);
        [a * E::cast(0.25), -(a + c + b) * sixth, -(a + c - b) * sixth, far + odd, far - odd, c]
    }
}
