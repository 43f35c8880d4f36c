//! The phases of a transposed convolution.
//!
//! Along one axis, `gx[i] = Σ w[k] · gy[(i + padding - k · dilation) / stride]` over the taps `k`
//! for which the division has no rest. Pixels with the same `i % stride` use the same taps, and
//! neighbours among them read neighbours of `gy`: so each such phase is a convolution of stride 1
//! with some of the taps, turned round. With stride 1 there is one phase, of all.

use super::geometry::Geometry;

/// Pixels `first, first + stride, …` along one axis, and the taps that reach them: perhaps none.
pub struct Phase {
    pub first: usize,
    /// How many pixels.
    pub len: usize,
    /// From the last to the first: the convolution turns the kernel round.
    pub taps: Vec<usize>,
    pub dilation: usize,
    pub padding: isize,
}

impl Phase {
    /// Where in `gy` pixel 0 of the phase meets each of the taps.
    pub fn places(&self) -> impl Iterator<Item = isize> {
        (0..self.taps.len()).map(|i| (i * self.dilation) as isize - self.padding)
    }
}

/// The phases along an axis of the convolution that is transposed.
pub fn phases(g: &Geometry, axis: usize) -> Vec<Phase> {
    let (stride, dilation, padding) = (g.stride[axis], g.dilation[axis], g.padding[axis]);
    let phase = |first: usize| {
        let rest = (first as isize + padding).rem_euclid(stride as isize) as usize;
        let taps = (0..g.kernel[axis]).rev().filter(|k| k * dilation % stride == rest);
        let taps: Vec<usize> = taps.collect();
        let distance = taps.windows(2).next().map_or(1, |pair| pair[0] - pair[1]);
        // The first pixel of `gy` that the first pixel reads, which it does with the last tap.
        let start = taps.first().map_or(0, |last| {
            (first as isize + padding - (last * dilation) as isize) / stride as isize
        });
        Phase {
            first,
            len: g.input[axis].saturating_sub(first).div_ceil(stride),
            taps,
            dilation: distance * dilation / stride,
            padding: -start,
        }
    };
    (0..stride).map(phase).collect()
}
