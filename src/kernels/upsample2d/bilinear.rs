//! A weighted mean of the four pixels around, and its gradient.
//!
//! One axis after the other: each row of the input is brought to the width of the output once,
//! and a row of the output is a mean of two of these.

use super::Upsample2dOp;
use super::columns::Columns;
use crate::kernels::Element;
use crate::kernels::parallel::pieces;
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, Op, Simd, dispatch};

/// `y[n, c, oy, ox] = Σ weight · x[n, c, iy, ix]` over the two rows and the two columns around
/// the place of `(oy, ox)` in the input; overwrites `y`. That place is, along each axis,
///
/// - with `align_corners`, `o · (input - 1) / (output - 1)`;
/// - else `max((o + 1/2) · input / output - 1/2, 0)`,
///
/// as in [PyTorch](https://pytorch.org/docs/stable/generated/torch.nn.Upsample.html).
pub fn bilinear_forward<E: Element>(op: &Upsample2dOp, align_corners: bool, x: &[E], y: &mut [E]) {
    BilinearPlan::new(op, align_corners).forward(x, y);
}

/// [`bilinear_forward`] made ready: what does not depend on the pixels.
pub struct BilinearPlan<E> {
    op: Upsample2dOp,
    rows: Vec<Place<E>>,
    columns: Columns<E>,
}

impl<E: Element> BilinearPlan<E> {
    /// For these sizes.
    pub fn new(op: &Upsample2dOp, align_corners: bool) -> Self {
        let (rows, columns) = (places(op, 0, align_corners), Columns::new(op, align_corners));
        BilinearPlan { op: *op, rows, columns }
    }

    /// As [`bilinear_forward`].
    pub fn forward(&self, x: &[E], y: &mut [E]) {
        let BilinearPlan { op, rows, columns } = self;
        op.check(x.len(), y.len());
        let isa = Isa::best();
        pieces(2 * op.work(), y, op.output_pixels(), |i, y| {
            let x = &x[i * op.input_pixels()..][..op.input_pixels()];
            scratch(2 * columns.wide() + columns.extra(), |buffer| {
                dispatch(isa, Forward { op, rows, columns, x, y, buffer });
            });
        });
    }
}

/// `gx = Σ weight · gy` over the output pixels that a pixel is one of the four of; overwrites `gx`.
pub fn bilinear_backward<E: Element>(
    op: &Upsample2dOp,
    align_corners: bool,
    gy: &[E],
    gx: &mut [E],
) {
    op.check(gx.len(), gy.len());
    let (rows, columns) = (&places::<E>(op, 0, align_corners), &Columns::new(op, align_corners));
    let isa = Isa::best();
    pieces(2 * op.work(), gx, op.input_pixels(), |i, gx| {
        gx.fill(E::zero());
        let gy = &gy[i * op.output_pixels()..][..op.output_pixels()];
        scratch(op.input[0] * columns.wide() + columns.extra() + op.input[1], |buffer| {
            dispatch(isa, Backward { op, rows, columns, gy, gx, buffer });
        });
    });
}

/// A plane of the output.
struct Forward<'a, E> {
    op: &'a Upsample2dOp,
    rows: &'a [Place<E>],
    columns: &'a Columns<E>,
    x: &'a [E],
    y: &'a mut [E],
    buffer: &'a mut [E],
}

impl<E: Element> Op<E> for Forward<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Forward { op, rows, columns, x, y, buffer } = self;
        let (wide, extra) = buffer.split_at_mut(2 * columns.wide());
        let (even, odd) = wide.split_at_mut(columns.wide());
        // Which rows of the input are there, an even and an odd one: neighbours are.
        let mut held = [usize::MAX; 2];
        for (oy, row) in rows.iter().enumerate() {
            for pixel in row.pixels {
                if held[pixel % 2] != pixel {
                    let to = if pixel.is_multiple_of(2) { &mut *even } else { &mut *odd };
                    columns.widen(s, &x[pixel * op.input[1]..][..op.input[1]], extra, to);
                    held[pixel % 2] = pixel;
                }
            }
            let [above, below] = row.pixels.map(|i| if i % 2 == 0 { &*even } else { &*odd });
            let (a, b) = (s.splat(row.weights[0]), s.splat(row.weights[1]));
            for at in (0..op.output[1]).step_by(S::LANES) {
                let sum = s.mul(b, s.get(below, at));
                s.put(s.fma(a, s.get(above, at), sum), y, oy * op.output[1] + at);
            }
        }
    }
}

/// The gradient of a plane of the input.
struct Backward<'a, E> {
    op: &'a Upsample2dOp,
    rows: &'a [Place<E>],
    columns: &'a Columns<E>,
    gy: &'a [E],
    gx: &'a mut [E],
    buffer: &'a mut [E],
}

impl<E: Element> Op<E> for Backward<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Backward { op, rows, columns, gy, gx, buffer } = self;
        let (wide, extra) = buffer.split_at_mut(op.input[0] * columns.wide());
        if op.output[0] < op.input[0] {
            // Few rows of the output: each is made narrow before it is shared out to two.
            let (extra, narrow) = extra.split_at_mut(columns.extra());
            let wide = &mut wide[..columns.wide()];
            for (gy, row) in gy.chunks_exact(op.output[1]).zip(rows) {
                wide[..op.output[1]].copy_from_slice(gy);
                narrow.fill(E::zero());
                columns.add_back(s, wide, extra, narrow);
                for (pixel, weight) in row.pixels.into_iter().zip(row.weights) {
                    let gx = &mut gx[pixel * op.input[1]..][..op.input[1]];
                    gx.iter_mut().zip(&*narrow).for_each(|(gx, &sum)| *gx += weight * sum);
                }
            }
            return;
        }
        wide.fill(E::zero());
        for (gy, row) in gy.chunks_exact(op.output[1]).zip(rows) {
            for (pixel, weight) in row.pixels.into_iter().zip(row.weights) {
                let wide = &mut wide[pixel * columns.wide()..][..op.output[1]];
                wide.iter_mut().zip(gy).for_each(|(sum, &gy)| *sum += weight * gy);
            }
        }
        let rows = gx.chunks_exact_mut(op.input[1]).zip(wide.chunks_exact_mut(columns.wide()));
        for (gx, wide) in rows {
            columns.add_back(s, wide, extra, gx);
        }
    }
}

/// The two pixels around a place on an axis and what each counts.
pub(crate) struct Place<E> {
    pub pixels: [usize; 2],
    pub weights: [E; 2],
}

/// The place of each output pixel along an axis.
pub(crate) fn places<E: Element>(
    op: &Upsample2dOp,
    axis: usize,
    align_corners: bool,
) -> Vec<Place<E>> {
    let (input, output) = (op.input[axis], op.output[axis]);
    let place = |o: usize| {
        let at = if !align_corners {
            ((o as f64 + 0.5) * input as f64 / output as f64 - 0.5).max(0.0)
        } else if output > 1 {
            o as f64 * (input - 1) as f64 / (output - 1) as f64
        } else {
            0.0
        };
        let first = (at as usize).min(input - 1);
        let second = (first + 1).min(input - 1);
        let right = at - first as f64;
        Place { pixels: [first, second], weights: [1.0 - right, right].map(E::cast) }
    };
    (0..output).map(place).collect()
}
