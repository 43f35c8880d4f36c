//! Rows of the input as the pools read them: padded, and split by the phases of the stride, so
//! that a tap of neighbouring windows reads neighbouring numbers.

use super::Pool2dOp;
use crate::kernels::simd::{MAX_LANES, Simd};
use std::ops::Range;

/// Numbers of a band's rows, which should stay in the first cache.
const BAND: usize = 1024;

/// The layout of a row's copy.
pub struct Lines {
    stride: usize,
    /// Windows of an output row in whole vectors.
    pub windows: usize,
    /// Place in the copy of each tap of the first window.
    pub taps: Vec<usize>,
    phases: Vec<Phase>,
    /// Length of a line.
    len: usize,
}

/// The columns that taps with the same remainder by the stride read.
struct Phase {
    remainder: usize,
    /// Where in its line the pixels are; the rest is padding.
    place: Range<usize>,
    /// The first of the pixels.
    first: usize,
}

impl Lines {
    pub fn new(op: &Pool2dOp) -> Lines {
        let (stride, reach) = (op.stride[1], (op.kernel[1] - 1) * op.dilation[1]);
        let windows = op.output[1].next_multiple_of(MAX_LANES);
        let len = windows + reach / stride;
        let mut phases: Vec<Phase> = Vec::new();
        let line = |tap: usize| {
            let at = tap * op.dilation[1];
            let known = phases.iter().position(|phase| phase.remainder == at % stride);
            let index = known.unwrap_or_else(|| {
                phases.push(Phase::new(op, at % stride, len));
                phases.len() - 1
            });
            index * len + at / stride
        };
        let taps = (0..op.kernel[1]).map(line).collect();
        Lines { stride, windows, taps, phases, len }
    }

    /// Numbers in the copy of a row.
    pub fn len(&self) -> usize {
        self.phases.len() * self.len
    }

    /// The output rows in bands, whose input rows are few enough for the first cache.
    pub fn bands(&self, op: &Pool2dOp) -> Bands {
        let fit = (BAND / self.windows).saturating_sub((op.kernel[0] - 1) * op.dilation[0] + 1);
        Bands { rows: op.output[0], band: fit / op.stride[0] + 1 }
    }

    /// Copies a row to `out`, where everything else is what padding counts for.
    #[inline(always)]
    pub fn fill<S: Simd>(&self, s: S, row: &[S::E], out: &mut [S::E]) {
        for (phase, line) in self.phases.iter().zip(out.chunks_exact_mut(self.len)) {
            let line = &mut line[phase.place.clone()];
            if !line.is_empty() {
                copy_every(s, self.stride, &row[phase.first..], line);
            }
        }
    }
}

impl Phase {
    fn new(op: &Pool2dOp, remainder: usize, len: usize) -> Phase {
        let ([_, width], [_, stride], [_, [padding, _]]) = (op.input, op.stride, op.padding);
        // Place `i` is pixel `i · stride + remainder - padding`.
        let start = padding.saturating_sub(remainder).div_ceil(stride).min(len);
        let end = (width + padding).saturating_sub(remainder).div_ceil(stride);
        let place = start..end.clamp(start, len);
        let first = (start * stride + remainder).saturating_sub(padding);
        Phase { remainder, place, first }
    }
}

/// Ranges of output rows.
#[derive(Clone, Copy)]
pub struct Bands {
    rows: usize,
    band: usize,
}

impl Bands {
    /// The most input rows of a band.
    pub fn height(self, op: &Pool2dOp) -> usize {
        let band = self.band.min(self.rows.max(1));
        ((band - 1) * op.stride[0] + (op.kernel[0] - 1) * op.dilation[0] + 1).min(op.input[0])
    }

    /// Output rows, and all input rows from their first to their last one.
    #[inline(always)]
    pub fn each(self, op: &Pool2dOp) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
        let ([height, _], [[top, _], _]) = (op.input, op.padding);
        (0..self.rows).step_by(self.band).map(move |first| {
            let end = self.rows.min(first + self.band);
            let from = (first * op.stride[0]).saturating_sub(top).min(height);
            let last = (end - 1) * op.stride[0] + (op.kernel[0] - 1) * op.dilation[0];
            (first..end, from..(last + 1).saturating_sub(top).clamp(from, height))
        })
    }
}

/// `to[i] = from[i · stride]`.
#[inline(always)]
fn copy_every<S: Simd>(s: S, stride: usize, from: &[S::E], to: &mut [S::E]) {
    assert!(from.len() > (to.len() - 1) * stride);
    match stride {
        1 => copy_vectors::<S, 1>(s, from, to),
        2 => copy_vectors::<S, 2>(s, from, to),
        _ => to.iter_mut().zip(from.iter().step_by(stride)).for_each(|(to, &from)| *to = from),
    }
}

/// [`copy_every`] with a stride of 1 or 2.
#[inline(always)]
fn copy_vectors<S: Simd, const STRIDE: usize>(s: S, from: &[S::E], to: &mut [S::E]) {
    let whole = to.len().min(from.len() / STRIDE) / S::LANES * S::LANES;
    let (a, b) = (from.as_ptr(), to.as_mut_ptr());
    // SAFETY: `whole` numbers of `to` and `STRIDE` times as many of `from` are there; of the rest
    // no more than what is left of each, of which `from` has some by the caller's assertion.
    unsafe {
        let mut i = 0;
        while i < whole {
            let pixels = a.add(i * STRIDE);
            let mut v = s.load(pixels);
            if STRIDE == 2 {
                v = s.unzip(v, s.load(pixels.add(S::LANES))).0;
            }
            s.store(b.add(i), v);
            i += S::LANES;
        }
        while i < to.len() {
            let (pixels, rest) = (a.add(i * STRIDE), from.len() - i * STRIDE);
            let mut v = s.load_first(pixels, rest.min(S::LANES));
            if STRIDE == 2 {
                let rest = rest.saturating_sub(S::LANES).min(S::LANES);
                let high = s.load_first(pixels.wrapping_add(S::LANES), rest);
                v = s.unzip(v, high).0;
            }
            s.store_first(b.add(i), v, S::LANES.min(to.len() - i));
            i += S::LANES;
        }
    }
}
