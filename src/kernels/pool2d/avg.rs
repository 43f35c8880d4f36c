//! Average pooling and its gradient.

use super::Pool2dOp;
use super::lines::Lines;
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
    op.check(x.len(), y.len());
    avg_planes(Isa::best(), op, count_include_pad, x, y);
}

/// [`avg_forward`] with an instruction set.
fn avg_planes<E: Element>(isa: Isa, op: &Pool2dOp, count_include_pad: bool, x: &[E], y: &mut [E]) {
    let [rows, columns] = [0, 1].map(|axis| windows(op, axis, count_include_pad));
    let lines = &Lines::new(op);
    let pixels = op.input_pixels();
    pieces(op.work(), y, op.output_pixels(), |i, y| {
        let x = &x[i * pixels..][..pixels];
        scratch(lines.len() + lines.windows, |buffer| {
            dispatch(isa, Plane { op, lines, rows: &rows, columns: &columns, x, y, buffer });
        });
    });
}

struct Plane<'a, E> {
    op: &'a Pool2dOp,
    lines: &'a Lines,
    rows: &'a [Window],
    columns: &'a [Window],
    x: &'a [E],
    y: &'a mut [E],
    buffer: &'a mut [E],
}

impl<E: Element> Op<E> for Plane<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Plane { op, lines, rows, columns, x, y, buffer } = self;
        let (line, sums) = buffer.split_at_mut(lines.len());
        for (y, row) in y.chunks_exact_mut(op.output[1]).zip(rows) {
            sums.fill(E::zero());
            for iy in row.pixels.clone() {
                lines.fill(s, &x[iy * op.input[1]..][..op.input[1]], E::zero(), line);
                for &tap in &lines.taps {
                    let pixels = &line[tap..][..lines.windows];
                    sums.iter_mut().zip(pixels).for_each(|(sum, &pixel)| *sum += pixel);
                }
            }
            for ((y, &sum), column) in y.iter_mut().zip(&*sums).zip(columns) {
                // A window without pixels has a mean of 0.
                let empty = row.len() * column.len() == 0;
                *y = if empty { E::zero() } else { sum / row.area(column) };
            }
        }
    }
}

/// `gx[n, c, iy, ix] += gy[n, c, oy, ox] / size` for every pixel of every window.
pub fn avg_backward<E: Element>(op: &Pool2dOp, count_include_pad: bool, gy: &[E], gx: &mut [E]) {
    op.check(gx.len(), gy.len());
    let [rows, columns] = [0, 1].map(|axis| windows(op, axis, count_include_pad));
    let pixels = op.output_pixels();
    pieces(op.work(), gx, op.input_pixels(), |i, gx| {
        let gy = &gy[i * pixels..][..pixels];
        for (gy, row) in gy.chunks_exact(op.output[1]).zip(&rows) {
            for (&gy, column) in gy.iter().zip(&columns) {
                let share = gy / row.area(column);
                for line in gx.chunks_exact_mut(op.input[1]).skip(row.pixels.start).take(row.len())
                {
                    line[column.pixels.clone()].iter_mut().for_each(|gx| *gx += share);
                }
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
