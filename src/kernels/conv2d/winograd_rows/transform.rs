//! Winograd's transforms for `F(4, 5)`: four outputs of a filter with five taps.
//!
//! `y = Aᵀ [(G w) ⊙ (Bᵀ x)]` with 8 products instead of 20. The points are 0, ±1, ±2, ±1/2 and ∞, as
//! in Lavin and Gray, [Fast Algorithms for Convolutional Neural Networks](https://arxiv.org/abs/1509.09308),
//! for `F(6, 3)`.

use crate::kernels::Element;
use crate::kernels::simd::Simd;

/// Outputs of a tile.
pub const OUTPUTS: usize = 4;

/// Taps of the filter.
pub const TAPS: usize = 5;

/// Points of a transformed tile.
pub const POINTS: usize = OUTPUTS + TAPS - 1;

/// `Bᵀ x`: the pixels of a tile to its points.
#[inline(always)]
pub fn input<S: Simd>(s: S, x: [S::V; POINTS]) -> [S::V; POINTS] {
    let n = |v: f64| s.splat(S::E::cast(v));
    let ends = n(5.25);
    let near = [s.fma(n(-4.25), x[4], s.add(x[2], x[6])), s.fma(n(-4.25), x[3], s.add(x[1], x[5]))];
    let far = [
        s.fma(n(0.25), x[2], s.fma(n(-1.25), x[4], x[6])),
        s.fma(n(0.5), x[1], s.fma(n(-2.5), x[3], s.add(x[5], x[5]))),
    ];
    let half = [
        s.fma(n(4.0), x[2], s.fma(n(-5.0), x[4], x[6])),
        s.fma(n(0.5), x[5], s.fma(n(-2.5), x[3], s.add(x[1], x[1]))),
    ];
    [
        s.fma(ends, s.sub(x[4], x[2]), s.sub(x[0], x[6])),
        s.add(near[0], near[1]),
        s.sub(near[0], near[1]),
        s.add(far[0], far[1]),
        s.sub(far[0], far[1]),
        s.add(half[0], half[1]),
        s.sub(half[0], half[1]),
        s.fma(ends, s.sub(x[3], x[5]), s.sub(x[7], x[1])),
    ]
}

/// `Aᵀ p`: the points of a tile to its outputs.
#[inline(always)]
pub fn output<S: Simd>(s: S, p: [S::V; POINTS]) -> [S::V; OUTPUTS] {
    let n = |v: f64| s.splat(S::E::cast(v));
    let (near, near1) = (s.add(p[1], p[2]), s.sub(p[1], p[2]));
    let (far, far1) = (s.add(p[3], p[4]), s.sub(p[3], p[4]));
    let (half, half1) = (s.add(p[5], p[6]), s.sub(p[5], p[6]));
    [
        s.add(s.add(p[0], near), s.add(far, half)),
        s.fma(n(2.0), far1, s.fma(n(0.5), half1, near1)),
        s.fma(n(4.0), far, s.fma(n(0.25), half, near)),
        s.fma(n(8.0), far1, s.fma(n(0.125), half1, s.add(near1, p[7]))),
    ]
}

/// `G w`: the taps to the points.
#[inline(always)]
pub fn weight<S: Simd>(s: S, w: [S::V; TAPS]) -> [S::V; POINTS] {
    let n = |v: f64| s.splat(S::E::cast(v));
    // The even and the odd powers of a point.
    let near = [s.add(w[2], s.add(w[0], w[4])), s.add(w[1], w[3])];
    let far =
        [s.fma(n(16.0), w[4], s.fma(n(4.0), w[2], w[0])), s.fma(n(8.0), w[3], s.add(w[1], w[1]))];
    let half = [
        s.fma(n(0.0625), w[4], s.fma(n(0.25), w[2], w[0])),
        s.fma(n(0.125), w[3], s.mul(n(0.5), w[1])),
    ];
    let mut points = [w[0]; POINTS];
    let scales = [-2.0 / 9.0, 1.0 / 90.0, 32.0 / 45.0].map(n);
    for (i, [even, odd]) in [near, far, half].into_iter().enumerate() {
        points[2 * i + 1] = s.mul(scales[i], s.add(even, odd));
        points[2 * i + 2] = s.mul(scales[i], s.sub(even, odd));
    }
    points[POINTS - 1] = w[4];
    points
}

/// `A y`, the adjoint of [`output`]: the gradients of a tile's outputs to those of its points.
#[inline(always)]
pub fn output_adjoint<S: Simd>(s: S, y: [S::V; OUTPUTS]) -> [S::V; POINTS] {
    let n = |v: f64| s.splat(S::E::cast(v));
    // The even and the odd powers of a point.
    let near = [s.add(y[0], y[2]), s.add(y[1], y[3])];
    let far = [s.fma(n(4.0), y[2], y[0]), s.fma(n(8.0), y[3], s.add(y[1], y[1]))];
    let half = [s.fma(n(0.25), y[2], y[0]), s.fma(n(0.125), y[3], s.mul(n(0.5), y[1]))];
    let mut points = [y[0]; POINTS];
    for (i, [even, odd]) in [near, far, half].into_iter().enumerate() {
        points[2 * i + 1] = s.add(even, odd);
        points[2 * i + 2] = s.sub(even, odd);
    }
    points[POINTS - 1] = y[OUTPUTS - 1];
    points
}

/// `Gᵀ p`, the adjoint of [`weight`]: the gradients of the points to those of the taps.
#[inline(always)]
pub fn weight_adjoint<S: Simd>(s: S, p: [S::V; POINTS]) -> [S::V; TAPS] {
    let n = |v: f64| s.splat(S::E::cast(v));
    let scaled = |scale: f64, [a, b]: [S::V; 2]| {
        [s.mul(n(scale), s.add(a, b)), s.mul(n(scale), s.sub(a, b))]
    };
    let near = scaled(-2.0 / 9.0, [p[1], p[2]]);
    let far = scaled(1.0 / 90.0, [p[3], p[4]]);
    let half = scaled(32.0 / 45.0, [p[5], p[6]]);
    // `near + a · far + b · half` of the even or the odd powers.
    let sum = |odd: usize, a: f64, b: f64| s.fma(n(a), far[odd], s.fma(n(b), half[odd], near[odd]));
    [
        s.add(p[0], sum(0, 1.0, 1.0)),
        sum(1, 2.0, 0.5),
        sum(0, 4.0, 0.25),
        sum(1, 8.0, 0.125),
        s.add(sum(0, 16.0, 0.0625), p[7]),
    ]
}
