//! Max and min pooling and their gradient.

use super::Pool2dOp;
use super::halve::{self, Halve};
use super::lines::{Bands, Lines};
use crate::kernels::Element;
use crate::kernels::parallel::{pieces, pieces2};
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, MAX_LANES, Op, Simd, dispatch};
use std::ops::Range;

/// The index of a window that lies in the padding alone.
pub const NO_PIXEL: u32 = u32::MAX;

/// Taps along an axis are counted in single precision.
const MAX_TAPS: usize = 1 << 24;

/// `y[n, c, oy, ox] = max x[n, c, iy, ix]` over the window's pixels; overwrites `y`.
///
/// `indices`, as long as `y`, takes the winner's place in its plane, `iy · width + ix`. As in
/// PyTorch, the first of equal pixels (in row-major order of the window) wins, a NaN wins over
/// any number, and padding never wins.
pub fn max_forward<E: Element>(op: &Pool2dOp, x: &[E], y: &mut [E], indices: Option<&mut [u32]>) {
    MaxPlan::new(op).forward(x, y, indices);
}

/// `y[n, c, oy, ox] = min x[n, c, iy, ix]` over the window's pixels, the largest of the negated
/// ones; else as [`max_forward`].
pub fn min_forward<E: Element>(op: &Pool2dOp, x: &[E], y: &mut [E], indices: Option<&mut [u32]>) {
    MaxPlan::new(op).forward_min(x, y, indices);
}

/// [`max_forward`] and [`min_forward`] made ready: what does not depend on the pixels.
pub struct MaxPlan<E> {
    op: Pool2dOp,
    /// Of a pool that has no kernel of its own.
    tables: Option<Tables<E>>,
}

struct Tables<E> {
    lines: Lines,
    /// The first tap of each window that is in a column of the image, -1 if there is none.
    first: Vec<E>,
}

impl<E: Element> MaxPlan<E> {
    /// For these sizes.
    pub fn new(op: &Pool2dOp) -> Self {
        assert!(op.input_pixels() < NO_PIXEL as usize);
        assert!(op.kernel.iter().all(|&taps| taps < MAX_TAPS));
        MaxPlan { op: *op, tables: (!halve::suits(op)).then(|| Tables::new(op)) }
    }

    /// As [`min_forward`].
    pub fn forward_min(&self, x: &[E], y: &mut [E], indices: Option<&mut [u32]>) {
        scratch(x.len(), |negated| {
            negated.iter_mut().zip(x).for_each(|(n, &x)| *n = -x);
            self.forward(negated, y, indices);
        });
        y.iter_mut().for_each(|y| *y = -*y);
    }

    /// As [`max_forward`].
    pub fn forward(&self, x: &[E], y: &mut [E], indices: Option<&mut [u32]>) {
        let MaxPlan { op, tables } = self;
        op.check(x.len(), y.len());
        assert!(indices.as_ref().is_none_or(|indices| indices.len() == y.len()));
        let (isa, pixels) = (Isa::best(), op.input_pixels());
        let Some(tables) = tables else {
            return each_plane(op, y, indices, |i, y, indices| {
                let x = &x[i * pixels..][..pixels];
                scratch(halve::buffer_len(op), |buffer| {
                    dispatch(isa, Halve { op, x, y, indices, buffer });
                });
            });
        };
        let Tables { lines, first } = tables;
        let bands = lines.bands(op);
        // With indices, each row of values has one of taps beside it.
        let rows = if indices.is_some() { 2 * bands.height(op) } else { bands.height(op) };
        each_plane(op, y, indices, |i, y, indices| {
            let x = &x[i * pixels..][..pixels];
            scratch(lines.len() + rows * lines.windows, |buffer| {
                dispatch(isa, Plane { op, lines, bands, first, x, y, indices, buffer });
            });
        });
    }
}

impl<E: Element> Tables<E> {
    fn new(op: &Pool2dOp) -> Self {
        let lines = Lines::new(op);
        let first = |ox| (0..op.kernel[1]).find(|&tap| op.tap(1, ox, tap).is_some());
        let tap = |ox| E::cast(first(ox).map_or(-1.0, |tap| tap as f64));
        let first = (0..lines.windows).map(tap).collect();
        Tables { lines, first }
    }
}

/// `gx[winner] = Σ gy` over the windows that it won, and 0 elsewhere; `indices` as [`max_forward`]
/// or [`min_forward`] gave them. Overwrites `gx`.
pub fn max_backward<E: Element>(op: &Pool2dOp, indices: &[u32], gy: &[E], gx: &mut [E]) {
    op.check(gx.len(), gy.len());
    assert_eq!(indices.len(), gy.len());
    let (pixels_in, pixels_out) = (op.input_pixels(), op.output_pixels());
    pieces(gx.len() + gy.len(), gx, pixels_in, |i, gx| {
        gx.fill(E::zero());
        let windows = i * pixels_out..(i + 1) * pixels_out;
        for (&winner, &gy) in indices[windows.clone()].iter().zip(&gy[windows]) {
            if winner != NO_PIXEL {
                gx[winner as usize] += gy;
            }
        }
    });
}

/// Calls `f` for every plane of `y` and `indices`.
fn each_plane<E: Element>(
    op: &Pool2dOp,
    y: &mut [E],
    indices: Option<&mut [u32]>,
    f: impl Fn(usize, &mut [E], Option<&mut [u32]>) + Send + Sync,
) {
    let pixels = op.output_pixels();
    match indices {
        Some(indices) => {
            let (y, indices) = ((y, pixels), (indices, pixels));
            pieces2(op.work(), y, indices, |i, y, indices| f(i, y, Some(indices)));
        }
        None => pieces(op.work(), y, pixels, |i, y| f(i, y, None)),
    }
}

struct Plane<'a, E> {
    op: &'a Pool2dOp,
    lines: &'a Lines,
    bands: Bands,
    first: &'a [E],
    x: &'a [E],
    y: &'a mut [E],
    indices: Option<&'a mut [u32]>,
    buffer: &'a mut [E],
}

impl<E: Element> Op<E> for Plane<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Plane { op, lines, bands, first, x, y, mut indices, buffer } = self;
        let (width, windows) = (op.input[1], lines.windows);
        let (line, best) = buffer.split_at_mut(lines.len());
        let (best, taps) = best.split_at_mut(bands.height(op) * windows);
        line.fill(E::neg_infinity());
        for (rows, pixels) in bands.each(op) {
            for (i, row) in pixels.clone().enumerate() {
                lines.fill(s, &x[row * width..][..width], line);
                let best = &mut best[i * windows..][..windows];
                match indices {
                    None => best_of_row(s, lines, line, best),
                    Some(_) => {
                        let taps = &mut taps[i * windows..][..windows];
                        best_of_row_indexed(s, lines, line, first, best, taps);
                    }
                }
            }
            for oy in rows {
                // The taps that are rows of the image, and where the first of them is.
                let taps_in = op.taps_in(0, oy);
                let first_row = op.tap(0, oy, taps_in.start).map_or(0, |row| row - pixels.start);
                let step = op.dilation[0] * windows;
                let out = oy * op.output[1];
                for at in (0..op.output[1]).step_by(S::LANES) {
                    let mut row = first_row * windows + at;
                    if let Some(indices) = &mut indices {
                        let winners = best_of_column_indexed(s, best, taps, row, step, &taps_in);
                        s.put(winners.0, y, out + at);
                        places(s, op, [oy, at], winners.1, &mut indices[out + at..]);
                        continue;
                    }
                    let mut top = s.splat(E::neg_infinity());
                    for _ in taps_in.clone() {
                        let v = s.get(best, row);
                        top = s.if_beats(v, top, v, top);
                        row += step;
                    }
                    s.put(top, y, out + at);
                }
            }
        }
    }
}

/// The best of each window's pixels in one row.
#[inline(always)]
fn best_of_row<E: Element, S: Simd<E = E>>(s: S, lines: &Lines, line: &[E], best: &mut [E]) {
    for at in (0..best.len()).step_by(S::LANES) {
        let mut top = s.get(line, lines.taps[0] + at);
        for &tap in &lines.taps[1..] {
            let v = s.get(line, tap + at);
            top = s.if_beats(v, top, v, top);
        }
        s.put(top, best, at);
    }
}

/// The same with the taps that they are.
#[inline(always)]
fn best_of_row_indexed<E: Element, S: Simd<E = E>>(
    s: S,
    lines: &Lines,
    line: &[E],
    first: &[E],
    best: &mut [E],
    taps: &mut [E],
) {
    for at in (0..best.len()).step_by(S::LANES) {
        let (mut top, mut column) = (s.splat(E::neg_infinity()), s.get(first, at));
        let mut number = s.zero();
        for &tap in &lines.taps {
            let v = s.get(line, tap + at);
            column = s.if_beats(v, top, number, column);
            top = s.if_beats(v, top, v, top);
            number = s.add(number, s.splat(E::one()));
        }
        s.put(top, best, at);
        s.put(column, taps, at);
    }
}

/// The best of the rows of a window, and the taps that they are along each axis.
#[inline(always)]
fn best_of_column_indexed<E: Element, S: Simd<E = E>>(
    s: S,
    best: &[E],
    taps: &[E],
    mut row: usize,
    step: usize,
    rows: &Range<usize>,
) -> (S::V, [S::V; 2]) {
    let none = s.splat(E::cast(-1.0));
    if rows.is_empty() {
        return (s.splat(E::neg_infinity()), [none, none]);
    }
    // Where all pixels are -∞, the first one wins.
    let (mut top, mut x) = (s.get(best, row), s.get(taps, row));
    let mut number = s.splat(E::cast(rows.start as f64));
    let mut y = number;
    for _ in rows.start + 1..rows.end {
        row += step;
        number = s.add(number, s.splat(E::one()));
        let v = s.get(best, row);
        x = s.if_beats(v, top, s.get(taps, row), x);
        y = s.if_beats(v, top, number, y);
        top = s.if_beats(v, top, v, top);
    }
    (top, [y, x])
}

/// The places of winners by the taps that they are, in windows from `[oy, ox]` on; what is too
/// much for a row is overwritten by the next one.
#[inline(always)]
fn places<S: Simd>(s: S, op: &Pool2dOp, [oy, ox]: [usize; 2], taps: [S::V; 2], places: &mut [u32]) {
    let (mut y, mut x) = ([0; MAX_LANES], [0; MAX_LANES]);
    // SAFETY: the arrays are as long as any vector.
    unsafe {
        s.store_whole(y.as_mut_ptr(), taps[0]);
        s.store_whole(x.as_mut_ptr(), taps[1]);
    }
    // In wrapping numbers: to the left of the image is before the row.
    let (width, stride) = (op.input[1] as u32, op.stride[1] as u32);
    let row = ((oy * op.stride[0]) as u32).wrapping_sub(op.padding[0][0] as u32);
    let column = ((ox * op.stride[1]) as u32).wrapping_sub(op.padding[1][0] as u32);
    let start = row.wrapping_mul(width).wrapping_add(column);
    let (row, column) = ((op.dilation[0] * op.input[1]) as u32, op.dilation[1] as u32);
    let mut all = [NO_PIXEL; MAX_LANES];
    for (j, place) in all[..S::LANES].iter_mut().enumerate() {
        let of_window = start.wrapping_add(stride.wrapping_mul(j as u32));
        let of_tap = y[j].wrapping_mul(row).wrapping_add(x[j].wrapping_mul(column));
        let found = x[j] != NO_PIXEL;
        *place = if found { of_window.wrapping_add(of_tap) } else { NO_PIXEL };
    }
    let n = S::LANES.min(places.len());
    if n == S::LANES {
        places[..S::LANES].copy_from_slice(&all[..S::LANES]);
    } else {
        places.copy_from_slice(&all[..n]);
    }
}
