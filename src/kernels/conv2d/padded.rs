//! The input as the kernels read it: padded, and split by the phases of the stride.
//!
//! With stride `s`, tap `t` of neighbouring outputs reads every `s`-th pixel. So a copy of each
//! channel is kept for each remainder of `t` by `s` that occurs: there neighbouring outputs read
//! neighbouring numbers, and a tap is one constant offset, whatever the kernel, stride, dilation
//! and padding. No im2col matrix is built.

use super::geometry::Geometry;
use crate::kernels::simd::Simd;
use std::ops::Range;

/// Where things are in the copy of the rows that a run of output rows reads, for one image and
/// one group.
pub struct Padded {
    /// Distance between rows.
    pub row: usize,
    /// Numbers in the copy of one image.
    pub image: usize,
    /// Distance from an output's place to each of the `products`, by channel, row, column.
    pub taps: Vec<u32>,
    /// Remainders of the taps by the stride.
    phases: Vec<[usize; 2]>,
    plane: usize,
    channel: usize,
}

impl Padded {
    /// For runs of at most `rows` output rows.
    pub fn new(g: &Geometry, rows: usize) -> Padded {
        let reach = reach(g);
        let row = g.output[1] + reach[1];
        let plane = (rows + reach[0]) * row;
        let mut phases = Vec::new();
        let mut taps = Vec::with_capacity(g.taps());
        for ky in 0..g.kernel[0] {
            for kx in 0..g.kernel[1] {
                let at = [ky * g.dilation[0], kx * g.dilation[1]];
                let phase = [at[0] % g.stride[0], at[1] % g.stride[1]];
                let known = phases.iter().position(|&p| p == phase);
                let index = known.unwrap_or_else(|| {
                    phases.push(phase);
                    phases.len() - 1
                });
                taps.push(index * plane + at[0] / g.stride[0] * row + at[1] / g.stride[1]);
            }
        }
        let mut channel = phases.len() * plane;
        if channel.is_multiple_of(256) {
            // Channels at a power of two would fall into the same sets of the cache.
            channel += 16;
        }
        let image = channel * g.channels;
        assert!(u32::try_from(image).is_ok(), "an image of 2^32 numbers or more");
        let all = (0..g.channels).flat_map(|c| taps.iter().map(move |t| (c * channel + t) as u32));
        Padded { row, image, taps: all.collect(), phases, plane, channel }
    }

    /// Copies what the output rows `rows` read of `x`, one image's channels of one group.
    #[inline(always)]
    pub fn fill<S: Simd>(
        &self,
        s: S,
        g: &Geometry,
        x: &[S::E],
        rows: Range<usize>,
        out: &mut [S::E],
    ) {
        let total = out.len();
        assert!(total >= self.image);
        let zero = <S::E as num_traits::Zero>::zero();
        let (height, width) = (g.input[0] as isize, g.input[1] as isize);
        let lines = rows.len() + reach(g)[0];
        assert!(lines * self.row <= self.plane);
        for c in 0..g.channels {
            let x = &x[c * g.input_pixels()..][..g.input_pixels()];
            for (i, phase) in self.phases.iter().enumerate() {
                // Column `j` is pixel `j · stride + shift`: zeros, pixels from `from` on, zeros.
                let shift = phase[1] as isize - g.padding[1];
                let first = ceil_div(-shift, g.stride[1]).min(self.row);
                let end = ceil_div(width - shift, g.stride[1]).clamp(first, self.row);
                let from = (first * g.stride[1]) as isize + shift;
                for line in 0..lines {
                    let at = c * self.channel + i * self.plane + line * self.row;
                    let y = ((rows.start + line) * g.stride[0] + phase[0]) as isize - g.padding[0];
                    if y < 0 || y >= height || first == end {
                        out[at..at + self.row].fill(zero);
                        continue;
                    }
                    out[at..at + first].fill(zero);
                    let pixels = &x[y as usize * g.input[1]..][..g.input[1]][from as usize..];
                    if g.stride[1] == 1 {
                        // Whole vectors: zeros come after the row's pixels by themselves, and
                        // what spills over the row is overwritten by the next.
                        assert!(end - first <= pixels.len());
                        let mut j = first;
                        while j < self.row {
                            let n = end.saturating_sub(j).min(S::LANES);
                            // SAFETY: `n` pixels from `j - first` on are among the
                            // `end - first <= pixels.len()`, or `n` is 0; the store stays
                            // within `total`.
                            unsafe {
                                let v = s.load_first(pixels.as_ptr().wrapping_add(j - first), n);
                                let to = out.as_mut_ptr().add(at + j);
                                s.store_first(to, v, S::LANES.min(total - at - j));
                            }
                            j += S::LANES;
                        }
                    } else {
                        let strided = pixels.iter().step_by(g.stride[1]);
                        for (out, &x) in out[at + first..at + end].iter_mut().zip(strided) {
                            *out = x;
                        }
                        out[at + end..at + self.row].fill(zero);
                    }
                }
            }
        }
    }
}

/// How far the last tap lies from the first, in outputs.
fn reach(g: &Geometry) -> [usize; 2] {
    [0, 1].map(|i| (g.kernel[i] - 1) * g.dilation[i] / g.stride[i])
}

/// `a / b` rounded up, at least 0.
fn ceil_div(a: isize, b: usize) -> usize {
    (a.max(0) as usize).div_ceil(b)
}
