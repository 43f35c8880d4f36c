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

    /// For an input that can be read where it lies, since all pixels of all outputs are there: as
    /// the copy of an image, or of some rows if it starts with their first one.
    pub fn in_place(g: &Geometry) -> Option<Padded> {
        let reach = reach(g);
        let whole =
            |axis: usize| g.padding[axis] == 0 && g.output[axis] + reach[axis] == g.input[axis];
        let (row, plane) = (g.input[1], g.input_pixels());
        // As above. A few channels have ways enough in a set.
        let apart = g.channels <= 4 || !plane.is_multiple_of(256);
        if g.stride != [1, 1] || !whole(0) || !whole(1) || !apart {
            return None;
        }
        let image = plane * g.channels;
        assert!(u32::try_from(image).is_ok(), "an image of 2^32 numbers or more");
        let of_row = |ky: usize| (0..g.kernel[1]).map(move |kx| [ky, kx]);
        let of_channel = |c: usize| {
            let taps = (0..g.kernel[0]).flat_map(of_row);
            taps.map(move |[ky, kx]| c * plane + ky * g.dilation[0] * row + kx * g.dilation[1])
        };
        let taps = (0..g.channels).flat_map(of_channel).map(|tap| tap as u32).collect();
        Some(Padded { row, image, taps, phases: vec![[0, 0]], plane, channel: plane })
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
                    for out in &mut out[at..at + first] {
                        *out = zero;
                    }
                    let pixels = &x[y as usize * g.input[1]..][..g.input[1]][from as usize..];
                    let to = &mut out[at + first..];
                    let (count, len) = (end - first, self.row - first);
                    match g.stride[1] {
                        1 => every::<S, 1>(s, pixels, count, len, to),
                        2 => every::<S, 2>(s, pixels, count, len, to),
                        stride => {
                            let strided = pixels.iter().step_by(stride);
                            to[..count].iter_mut().zip(strided).for_each(|(to, &x)| *to = x);
                            to[count..len].fill(zero);
                        }
                    }
                }
            }
        }
    }
}

/// Copies `count` pixels, each or every second one, and zeros up to `len`. What the last vector
/// spills over that is overwritten by the next row.
#[inline(always)]
fn every<S: Simd, const STRIDE: usize>(
    s: S,
    from: &[S::E],
    count: usize,
    len: usize,
    to: &mut [S::E],
) {
    assert!(0 < count && (count - 1) * STRIDE < from.len() && len <= to.len());
    for at in (0..len).step_by(S::LANES) {
        let n = count.saturating_sub(at).min(S::LANES);
        let from = from.as_ptr().wrapping_add(at * STRIDE);
        // SAFETY: `n` pixels of `count` are read, STRIDE apart, or none; the store stays within
        // `to`.
        unsafe {
            let v = if STRIDE == 1 {
                s.load_first(from, n)
            } else {
                // The last pixel's neighbour need not be there.
                let both = (2 * n).saturating_sub(1);
                let low = s.load_first(from, both.min(S::LANES));
                let high = from.wrapping_add(S::LANES);
                s.unzip(low, s.load_first(high, both.saturating_sub(S::LANES))).0
            };
            s.store_first(to.as_mut_ptr().add(at), v, S::LANES.min(to.len() - at));
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
