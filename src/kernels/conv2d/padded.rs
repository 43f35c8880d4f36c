//! The input as the kernels read it: padded, and split by the phases of the stride.
//!
//! With stride `s`, tap `t` of neighbouring outputs reads every `s`-th pixel. So a copy of each
//! channel is kept for each remainder of `t` by `s` that occurs: there neighbouring outputs read
//! neighbouring numbers, and a tap is one constant offset, whatever the kernel, stride, dilation
//! and padding. No im2col matrix is built.

use super::geometry::Geometry;
use super::prefetch::prefetch;
use crate::kernels::Element;
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
    phases: Vec<Phase>,
    plane: usize,
    channel: usize,
}

/// The pixels at one remainder by the stride. Its rows are zeros, pixels, and zeros again.
struct Phase {
    /// Remainders of the taps by the stride.
    rest: [usize; 2],
    /// The column of the first pixel, how many there are, and where in the input's row they start.
    first: usize,
    count: usize,
    from: usize,
}

impl Phase {
    fn new(g: &Geometry, rest: [usize; 2], row: usize) -> Phase {
        // Column `j` is pixel `j · stride + shift`.
        let shift = rest[1] as isize - g.padding[1];
        let first = ceil_div(-shift, g.stride[1]).min(row);
        let end = ceil_div(g.input[1] as isize - shift, g.stride[1]).clamp(first, row);
        let from = ((first * g.stride[1]) as isize + shift) as usize;
        Phase { rest, first, count: end - first, from }
    }

    /// Whether these are the even pixels of some rows and the other phase has the odd ones, or
    /// the other way round.
    fn completes(&self, other: &Phase) -> bool {
        self.count > 0
            && other.count > 0
            && self.rest[0] == other.rest[0]
            && self.from + other.from == 1
    }
}

impl Padded {
    /// For runs of at most `rows` output rows.
    pub fn new(g: &Geometry, rows: usize) -> Padded {
        let reach = reach(g);
        let row = g.output[1] + reach[1];
        let plane = (rows + reach[0]) * row;
        let mut phases: Vec<Phase> = Vec::new();
        let mut taps = Vec::with_capacity(g.taps());
        for ky in 0..g.kernel[0] {
            for kx in 0..g.kernel[1] {
                let at = [ky * g.dilation[0], kx * g.dilation[1]];
                let rest = [at[0] % g.stride[0], at[1] % g.stride[1]];
                let known = phases.iter().position(|phase| phase.rest == rest);
                let index = known.unwrap_or_else(|| {
                    phases.push(Phase::new(g, rest, row));
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
        Some(Padded {
            row,
            image,
            taps,
            phases: vec![Phase::new(g, [0, 0], row)],
            plane,
            channel: plane,
        })
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
        let lines = rows.len() + reach(g)[0];
        assert!(lines * self.row <= self.plane);
        for c in 0..g.channels {
            let x = &x[c * g.input_pixels()..][..g.input_pixels()];
            // Line by line of all phases: the pixels are read in the order in which they lie.
            for line in 0..lines {
                let mut i = 0;
                while i < self.phases.len() {
                    let phase = &self.phases[i];
                    let out = &mut out[c * self.channel + i * self.plane..];
                    i += 1;
                    let y =
                        ((rows.start + line) * g.stride[0] + phase.rest[0]) as isize - g.padding[0];
                    if y < 0 || y >= g.input[0] as isize || phase.count == 0 {
                        out[line * self.row..][..self.row].fill(zero);
                        continue;
                    }
                    let pixels = &x[y as usize * g.input[1]..][..g.input[1]];
                    // The same row of the next channel, which is far away.
                    prefetch(pixels.as_ptr().wrapping_add(g.input_pixels()), pixels.len());
                    let next = self.phases.get(i).filter(|next| phase.completes(next));
                    if let (Some(next), 2) = (next, g.stride[1]) {
                        i += 1;
                        let (a, b) = out.split_at_mut(self.plane);
                        let a = self.row(phase, line, a);
                        let b = self.row(next, line, b);
                        match phase.from {
                            0 => split(s, pixels, a, b),
                            _ => split(s, pixels, b, a),
                        }
                        continue;
                    }
                    let (to, len) = self.row(phase, line, out);
                    let pixels = &pixels[phase.from..];
                    match g.stride[1] {
                        1 => every::<S, 1>(s, pixels, phase.count, len, to),
                        2 => every::<S, 2>(s, pixels, phase.count, len, to),
                        stride => {
                            let strided = pixels.iter().step_by(stride);
                            to[..phase.count].iter_mut().zip(strided).for_each(|(to, &x)| *to = x);
                            to[phase.count..len].fill(zero);
                        }
                    }
                }
            }
        }
    }

    /// The row of a phase from its first pixel on, to the end of the plane, and its length. The
    /// zeros in front of it are made.
    #[inline(always)]
    fn row<'a, E: Element>(
        &self,
        phase: &Phase,
        line: usize,
        out: &'a mut [E],
    ) -> (&'a mut [E], usize) {
        let (zeros, to) = out[line * self.row..self.plane].split_at_mut(phase.first);
        zeros.fill(E::zero());
        (to, self.row - phase.first)
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
    // The last pixel's neighbour need not be there.
    let from = &from[..(count * STRIDE).min(from.len())];
    for at in (0..len).step_by(S::LANES) {
        let v = pixels(s, from, at * STRIDE);
        let v = match STRIDE {
            1 => v,
            _ => s.unzip(v, pixels(s, from, at * STRIDE + S::LANES)).0,
        };
        s.put(v, to, at);
    }
}

/// Copies the even and the odd pixels and zeros up to each length. What the last vectors spill
/// over that is overwritten by the next rows.
#[inline(always)]
fn split<S: Simd>(
    s: S,
    from: &[S::E],
    (even, even_len): (&mut [S::E], usize),
    (odd, odd_len): (&mut [S::E], usize),
) {
    for at in (0..even_len.max(odd_len)).step_by(S::LANES) {
        let pair = s.unzip(pixels(s, from, 2 * at), pixels(s, from, 2 * at + S::LANES));
        if at < even_len {
            s.put(pair.0, even, at);
        }
        if at < odd_len {
            s.put(pair.1, odd, at);
        }
    }
}

/// The vector at a place of a row, where zeros follow the last pixel.
#[inline(always)]
fn pixels<S: Simd>(s: S, row: &[S::E], at: usize) -> S::V {
    let left = row.len().saturating_sub(at);
    let from = row.as_ptr().wrapping_add(at);
    // SAFETY: so many pixels are left from there on.
    unsafe { if left >= S::LANES { s.load(from) } else { s.load_first(from, left) } }
}

/// How far the last tap lies from the first, in outputs.
fn reach(g: &Geometry) -> [usize; 2] {
    [0, 1].map(|i| (g.kernel[i] - 1) * g.dilation[i] / g.stride[i])
}

/// `a / b` rounded up, at least 0.
fn ceil_div(a: isize, b: usize) -> usize {
    (a.max(0) as usize).div_ceil(b)
}
