//! Softmax and its logarithm along the channels of `(batch, channels, inner)`.
//!
//! `y_c = exp(x_c - max x) / Σ exp(x - max x)`: the maximum is taken off first, so that no
//! exponential overflows.

use super::Element;
use super::parallel::pieces;
use super::scratch::scratch;

/// Cost of an exponential in memory accesses.
const EXP: usize = 8;

/// `y = softmax(x)`, or its logarithm.
pub(super) fn forward<E: Element>(shape: [usize; 3], log: bool, x: &[E], y: &mut [E]) {
    let [_, channels, inner] = shape;
    pieces(x.len() * EXP, y, (channels * inner).max(1), |i, y| {
        let x = &x[i * channels * inner..][..channels * inner];
        scratch(2 * inner, |statistics| image(log, inner, x, statistics, y));
    });
}

fn image<E: Element>(log: bool, inner: usize, x: &[E], statistics: &mut [E], y: &mut [E]) {
    // One of each a pixel, over all channels at once, so that the loops run along memory.
    let (max, sum) = statistics.split_at_mut(inner);
    max.fill(E::neg_infinity());
    sum.fill(E::zero());
    for x in x.chunks_exact(inner) {
        // A NaN anywhere makes the whole pixel NaN by way of the exponentials.
        max.iter_mut().zip(x).for_each(|(m, &x)| *m = if x > *m { x } else { *m });
    }
    for (y, x) in y.chunks_exact_mut(inner).zip(x.chunks_exact(inner)) {
        for (((y, &x), &max), sum) in y.iter_mut().zip(x).zip(&*max).zip(&mut *sum) {
            let e = (x - max).exp();
            *y = if log { x - max } else { e };
            *sum += e;
        }
    }
    if log {
        sum.iter_mut().for_each(|s| *s = s.ln());
    }
    for y in y.chunks_exact_mut(inner) {
        for (y, &sum) in y.iter_mut().zip(&*sum) {
            *y = if log { *y - sum } else { *y / sum };
        }
    }
}

/// The gradient `g` with respect to `y` becomes that to `x`: `y · (g - Σ g · y)` for softmax,
/// `g - exp(y) · Σ g` for its logarithm.
pub(super) fn backward_in_place<E: Element>(shape: [usize; 3], log: bool, y: &[E], g: &mut [E]) {
    let [_, channels, inner] = shape;
    let cost = if log { EXP } else { 2 };
    pieces(y.len() * cost, g, (channels * inner).max(1), |i, g| {
        let y = &y[i * channels * inner..][..channels * inner];
        let mut sum = vec![E::zero(); inner];
        for (y, g) in y.chunks_exact(inner).zip(g.chunks_exact(inner)) {
            for ((sum, &y), &g) in sum.iter_mut().zip(y).zip(g) {
                *sum += if log { g } else { g * y };
            }
        }
        for (g, y) in g.chunks_exact_mut(inner).zip(y.chunks_exact(inner)) {
            for ((g, &y), &sum) in g.iter_mut().zip(y).zip(&sum) {
                *g = if log { *g - y.exp() * sum } else { y * (*g - sum) };
            }
        }
    });
}
