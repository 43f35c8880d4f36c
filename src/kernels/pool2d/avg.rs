//! Average pooling and its gradient.

use super::Pool2dOp;
use super::lines::{Bands, Lines};
use super::row::{Row, narrow};
use crate::kernels::Element;
use crate::kernels::parallel::pieces;
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, Op, Simd, dispatch};
use std::ops::Range;

/// `y[n, c, oy, ox] = Σ x[n, c, iy, ix] / size` over the window's pixels; overwrites `y`.
///
/// `size` is the number of the window's pixels, with `count_include_pad` those of the padding
/// too, but never what lies beyond the padding (where a `ceil_mode` window reaches out).
pub fn avg_forward<E: Element>(op: &Pool2dOp, count_include_pad: bool, x: &[E], y: &mut [E]) {
    AvgPlan::new(op, count_include_pad).forward(x, y);
}

/// [`avg_forward`] made ready: what does not depend on the pixels.
pub struct AvgPlan<E> {
    op: Pool2dOp,
    lines: Lines,
    rows: Vec<Window>,
    /// What a pixel of each window counts for along the row.
    shares: Vec<E>,
}

impl<E: Element> AvgPlan<E> {
    /// For these sizes.
    pub fn new(op: &Pool2dOp, count_include_pad: bool) -> Self {
        let [rows, columns] = [0, 1].map(|axis| windows(op, axis, count_include_pad));
        let lines = Lines::new(op);
        let shares = (0..lines.windows).map(|ox| share(columns.get(ox))).collect();
        AvgPlan { op: *op, lines, rows, shares }
    }

    /// As [`avg_forward`].
    pub fn forward(&self, x: &[E], y: &mut [E]) {
        let AvgPlan { op, lines, rows, shares } = self;
        op.check(x.len(), y.len());
        let (isa, bands, pixels) = (Isa::best(), lines.bands(op), op.input_pixels());
        pieces(op.work(), y, op.output_pixels(), |i, y| {
            let x = &x[i * pixels..][..pixels];
            scratch(lines.len() + bands.height(op) * lines.windows, |buffer| {
                dispatch(isa, Plane { op, lines, bands, rows, shares, x, y, buffer });
            });
        });
    }
}

/// What each pixel of a window counts for along an axis. Without pixels the mean is 0.
fn share<E: Element>(window: Option<&Window>) -> E {
    match window {
        Some(window) if window.len() > 0 => E::cast((window.size as f64).recip()),
        _ => E::zero(),
    }
}

struct Plane<'a, E> {
    op: &'a Pool2dOp,
    lines: &'a Lines,
    bands: Bands,
    rows: &'a [Window],
    shares: &'a [E],
    x: &'a [E],
    y: &'a mut [E],
    buffer: &'a mut [E],
}

impl<E: Element> Op<E> for Plane<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Plane { op, lines, bands, rows, shares, x, y, buffer } = self;
        let ([_, width], windows) = (op.input, lines.windows);
        let (line, sums) = buffer.split_at_mut(lines.len());
        line.fill(E::zero());
        for (band, pixels) in bands.each(op) {
            for (i, row) in pixels.clone().enumerate() {
                let row = Row::new(op, &x[row * width..][..width], E::zero());
                let sums = &mut sums[i * windows..][..windows];
                narrow!(op, sum_narrow_row(s, &row, sums), else {
                    lines.fill(s, row.pixels, line);
                    for at in (0..windows).step_by(S::LANES) {
                        let mut sum = s.get(line, lines.taps[0] + at);
                        for &tap in &lines.taps[1..] {
                            sum = s.add(sum, s.get(line, tap + at));
                        }
                        s.put(sum, sums, at);
                    }
                });
            }
            for oy in band {
                let row = &rows[oy];
                let height = s.splat(share::<E>(Some(row)));
                let out = &mut y[oy * op.output[1]..];
                let sums = &sums[(row.pixels.start.max(pixels.start) - pixels.start) * windows..];
                match row.len() {
                    0 => out[..op.output[1]].fill(E::zero()),
                    2 => means(s, op, 2, sums, (height, shares), out),
                    3 => means(s, op, 3, sums, (height, shares), out),
                    rows => means(s, op, rows, sums, (height, shares), out),
                }
            }
        }
    }
}

/// The sums of the pixels of each window in one row.
#[inline(always)]
fn sum_narrow_row<S: Simd, const STRIDE: usize, const TAPS: usize>(
    s: S,
    row: &Row<S>,
    sums: &mut [S::E],
) {
    for at in row.vectors() {
        let taps = row.taps::<STRIDE, TAPS>(s, at);
        let mut sum = s.add(taps[0], taps[1]);
        for &v in &taps[2..TAPS] {
            sum = s.add(sum, v);
        }
        s.put(sum, sums, at);
    }
}

/// The means of the windows that have the first so many rows.
#[inline(always)]
fn means<S: Simd>(
    s: S,
    op: &Pool2dOp,
    rows: usize,
    sums: &[S::E],
    (height, shares): (S::V, &[S::E]),
    y: &mut [S::E],
) {
    let windows = shares.len();
    for at in (0..op.output[1]).step_by(S::LANES) {
        let mut sum = s.get(sums, at);
        for row in 1..rows {
            sum = s.add(sum, s.get(sums, row * windows + at));
        }
        s.put(s.mul(sum, s.mul(height, s.get(shares, at))), y, at);
    }
}

/// `gx[n, c, iy, ix] = Σ gy[n, c, oy, ox] / size` over every window that has the pixel; overwrites
/// `gx`.
pub fn avg_backward<E: Element>(op: &Pool2dOp, count_include_pad: bool, gy: &[E], gx: &mut [E]) {
    op.check(gx.len(), gy.len());
    let [rows, columns] = [0, 1].map(|axis| windows(op, axis, count_include_pad));
    let (pixels, width) = (op.output_pixels(), op.input[1]);
    pieces(op.work(), gx, op.input_pixels(), |i, gx| {
        gx.fill(E::zero());
        let gy = &gy[i * pixels..][..pixels];
        // What each pixel of the rows of an output row gets.
        let mut line = vec![E::zero(); width];
        for (gy, row) in gy.chunks_exact(op.output[1]).zip(&rows) {
            line.fill(E::zero());
            for (&gy, column) in gy.iter().zip(&columns) {
                let share = gy / row.area(column);
                line[column.pixels.clone()].iter_mut().for_each(|pixel| *pixel += share);
            }
            for gx in gx.chunks_exact_mut(width).skip(row.pixels.start).take(row.len()) {
                gx.iter_mut().zip(&line).for_each(|(gx, &share)| *gx += share);
            }
        }
    });
}

/// A window along one axis.
pub(super) struct Window {
    /// The pixels in it.
    pub pixels: Range<usize>,
    /// What it counts for in the divisor.
    size: usize,
}

impl Window {
    pub fn len(&self) -> usize {
        self.pixels.len()
    }

    pub fn area<E: Element>(&self, other: &Window) -> E {
        E::cast((self.size * other.size) as f64)
    }
}

/// The windows along an axis.
pub(super) fn windows(op: &Pool2dOp, axis: usize, count_include_pad: bool) -> Vec<Window> {
    assert_eq!(op.dilation[axis], 1, "the mean of a window has no dilation");
    let (input, [lo, hi]) = (op.input[axis], op.padding[axis]);
    let window = |i: usize| {
        // In coordinates of the padded input.
        let start = i * op.stride[axis];
        let end = (start + op.kernel[axis]).min(lo + input + hi);
        let from = start.saturating_sub(lo).min(input);
        let pixels = from..end.saturating_sub(lo).clamp(from, input);
        let size = if count_include_pad { end.saturating_sub(start) } else { pixels.len() };
        Window { pixels, size }
    };
    (0..op.output[axis]).map(window).collect()
}
