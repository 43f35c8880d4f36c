//! The max pool of a plane: the best of each row of a window, then of its rows.

use super::halve::put_whole;
use super::lines::{Bands, Lines};
use super::row::{Row, narrow};
use super::{NO_PIXEL, Pool2dOp};
use crate::kernels::Element;
use crate::kernels::simd::{MAX_LANES, Op, Simd};
use num_traits::Float;
use std::array::from_fn;
use std::ops::Range;

/// Whether `E` counts the pixels from the start of a window on to the end of all in a vector.
pub(super) fn suits<E: Element>(op: &Pool2dOp) -> bool {
    let reach = [0, 1].map(|axis| (op.kernel[axis] - 1) * op.dilation[axis]);
    let most = reach[0] * op.input[1] + reach[1] + op.stride[1] * MAX_LANES;
    (most as f64) < count_limit::<E>().to_f64().unwrap_or_default()
}

/// Whole numbers below this are exact.
fn count_limit<E: Element>() -> E {
    E::epsilon().recip()
}

/// The offset of a window without pixels: negative whatever is added to it.
pub(super) fn none<E: Element>() -> E {
    -(count_limit::<E>() + count_limit())
}

pub(super) struct Plane<'a, E> {
    pub op: &'a Pool2dOp,
    pub lines: &'a Lines,
    pub bands: Bands,
    /// The offset of the first pixel of each window's rows.
    pub first: &'a [E],
    pub x: &'a [E],
    pub y: &'a mut [E],
    pub indices: Option<&'a mut [u32]>,
    pub buffer: &'a mut [E],
}

impl<E: Element> Op<E> for Plane<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Plane { op, lines, bands, first, x, y, mut indices, buffer } = self;
        let ([_, width], windows, count) = (op.input, lines.windows, op.output[1]);
        let (line, best) = buffer.split_at_mut(lines.len());
        let (best, offsets) = best.split_at_mut(bands.height(op) * windows);
        line.fill(E::neg_infinity());
        for (band, pixels) in bands.each(op) {
            for (i, row) in pixels.clone().enumerate() {
                let row = Row::new(op, &x[row * width..][..width], E::neg_infinity());
                let best = &mut best[i * windows..][..windows];
                if indices.is_none() {
                    narrow!(op, best_of_narrow_row(s, &row, best), else {
                        lines.fill(s, row.pixels, line);
                        best_of_row(s, lines, line, best);
                    });
                    continue;
                }
                let offsets = &mut offsets[i * windows..][..windows];
                narrow!(op, best_of_narrow_row_indexed(s, &row, first, best, offsets), else {
                    lines.fill(s, row.pixels, line);
                    let step = op.dilation[1];
                    best_of_row_indexed(s, (lines, line, step), first, best, offsets);
                });
            }
            for oy in band {
                let y = &mut y[oy * count..];
                // The taps that are rows of the image, and where the first of them is.
                let rows = op.taps_in(0, oy);
                let start = op.tap(0, oy, rows.start).map_or(0, |row| row - pixels.start);
                let step = op.dilation[0] * windows;
                let column = Column { op, oy, start: start * windows, step, rows };
                match &mut indices {
                    None => column.best_each(s, best, y),
                    Some(indices) => {
                        let places = &mut indices[oy * count..];
                        column.best_each_indexed(s, [best, offsets], y, places);
                    }
                }
            }
        }
    }
}

/// The best of each window's pixels in one row.
#[inline(always)]
fn best_of_narrow_row<S: Simd, const STRIDE: usize, const TAPS: usize>(
    s: S,
    row: &Row<S>,
    best: &mut [S::E],
) {
    for at in row.vectors() {
        let taps = row.taps::<STRIDE, TAPS>(s, at);
        let mut top = taps[0];
        for &v in &taps[1..TAPS] {
            top = s.if_beats(v, top, v, top);
        }
        s.put(top, best, at);
    }
}

/// The same with their offsets from the windows' starts.
#[inline(always)]
fn best_of_narrow_row_indexed<S: Simd, const STRIDE: usize, const TAPS: usize>(
    s: S,
    row: &Row<S>,
    first: &[S::E],
    best: &mut [S::E],
    offsets: &mut [S::E],
) {
    for at in row.vectors() {
        let taps = row.taps::<STRIDE, TAPS>(s, at);
        let (mut top, mut offset) = (taps[0], s.get(first, at));
        for (i, &v) in taps[..TAPS].iter().enumerate().skip(1) {
            offset = s.if_beats(v, top, s.splat(S::E::cast(i as f64)), offset);
            top = s.if_beats(v, top, v, top);
        }
        s.put(top, best, at);
        s.put(offset, offsets, at);
    }
}

/// As [`best_of_narrow_row`], of any row.
#[inline(always)]
fn best_of_row<S: Simd>(s: S, lines: &Lines, line: &[S::E], best: &mut [S::E]) {
    for at in (0..best.len()).step_by(S::LANES) {
        let mut top = s.get(line, lines.taps[0] + at);
        for &tap in &lines.taps[1..] {
            let v = s.get(line, tap + at);
            top = s.if_beats(v, top, v, top);
        }
        s.put(top, best, at);
    }
}

/// As [`best_of_narrow_row_indexed`], of any row, where taps are `step` pixels apart.
#[inline(always)]
fn best_of_row_indexed<S: Simd>(
    s: S,
    (lines, line, step): (&Lines, &[S::E], usize),
    first: &[S::E],
    best: &mut [S::E],
    offsets: &mut [S::E],
) {
    for at in (0..best.len()).step_by(S::LANES) {
        let (mut top, mut offset) = (s.splat(S::E::neg_infinity()), s.get(first, at));
        let mut number = s.zero();
        for &tap in &lines.taps {
            let v = s.get(line, tap + at);
            offset = s.if_beats(v, top, number, offset);
            top = s.if_beats(v, top, v, top);
            number = s.add(number, s.splat(S::E::cast(step as f64)));
        }
        s.put(top, best, at);
        s.put(offset, offsets, at);
    }
}

/// The rows of the windows of an output row.
struct Column<'a> {
    op: &'a Pool2dOp,
    oy: usize,
    /// Where the first of them is among those of the band.
    start: usize,
    /// From each to the next.
    step: usize,
    /// The taps that they are.
    rows: Range<usize>,
}

impl Column<'_> {
    /// The best of the rows.
    #[inline(always)]
    fn best_each<S: Simd>(&self, s: S, best: &[S::E], y: &mut [S::E]) {
        match self.rows.len() {
            0 => y[..self.op.output[1]].fill(S::E::neg_infinity()),
            2 => self.best_each_of(s, 2, best, y),
            3 => self.best_each_of(s, 3, best, y),
            rows => self.best_each_of(s, rows, best, y),
        }
    }

    #[inline(always)]
    fn best_each_of<S: Simd>(&self, s: S, rows: usize, best: &[S::E], y: &mut [S::E]) {
        for at in (0..self.op.output[1]).step_by(S::LANES) {
            let mut top = s.get(best, self.start + at);
            for i in 1..rows {
                let v = s.get(best, self.start + i * self.step + at);
                top = s.if_beats(v, top, v, top);
            }
            s.put(top, y, at);
        }
    }

    /// The same with their places.
    #[inline(always)]
    fn best_each_indexed<S: Simd>(
        &self,
        s: S,
        best: [&[S::E]; 2],
        y: &mut [S::E],
        places: &mut [u32],
    ) {
        match self.rows.len() {
            0 => {
                y[..self.op.output[1]].fill(S::E::neg_infinity());
                places[..self.op.output[1]].fill(NO_PIXEL);
            }
            2 => self.best_each_indexed_of(s, 2, best, y, places),
            3 => self.best_each_indexed_of(s, 3, best, y, places),
            rows => self.best_each_indexed_of(s, rows, best, y, places),
        }
    }

    #[inline(always)]
    fn best_each_indexed_of<S: Simd>(
        &self,
        s: S,
        rows: usize,
        [best, offsets]: [&[S::E]; 2],
        y: &mut [S::E],
        places: &mut [u32],
    ) {
        let Column { op, oy, .. } = *self;
        let windows: [S::E; MAX_LANES] = from_fn(|i| S::E::cast((i * op.stride[1]) as f64));
        let windows = s.get(&windows, 0);
        let row_step = (op.dilation[0] * op.input[1]) as f64;
        let first = s.splat(S::E::cast(self.rows.start as f64 * row_step));
        let row_step = s.splat(S::E::cast(row_step));
        // In wrapping numbers: to the left of the image is before the row.
        let row = ((oy * op.stride[0]) as u32).wrapping_sub(op.padding[0][0] as u32);
        let column = 0u32.wrapping_sub(op.padding[1][0] as u32);
        let mut start = row.wrapping_mul(op.input[1] as u32).wrapping_add(column);
        for at in (0..op.output[1]).step_by(S::LANES) {
            let mut row = self.start + at;
            let mut below = first;
            // Where all pixels are -∞, the first one wins.
            let mut top = s.get(best, row);
            let mut offset = s.add(s.get(offsets, row), below);
            for _ in 1..rows {
                row += self.step;
                below = s.add(below, row_step);
                let v = s.get(best, row);
                offset = s.if_beats(v, top, s.add(s.get(offsets, row), below), offset);
                top = s.if_beats(v, top, v, top);
            }
            s.put(top, y, at);
            let place = s.max(s.add(offset, windows), s.splat(S::E::cast(-1.0)));
            put_whole(s, place, start, places, at);
            start = start.wrapping_add((S::LANES * op.stride[1]) as u32);
        }
    }
}
