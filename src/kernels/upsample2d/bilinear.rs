//! A weighted mean of the four pixels around, and its gradient.

use super::Upsample2dOp;
use crate::kernels::Element;
use crate::kernels::parallel::pieces;

/// `y[n, c, oy, ox] = Σ weight · x[n, c, iy, ix]` over the two rows and the two columns around
/// the place of `(oy, ox)` in the input; overwrites `y`. That place is, along each axis,
///
/// - with `align_corners`, `o · (input - 1) / (output - 1)`;
/// - else `max((o + 1/2) · input / output - 1/2, 0)`,
///
/// as in [PyTorch](https://pytorch.org/docs/stable/generated/torch.nn.Upsample.html).
pub fn bilinear_forward<E: Element>(op: &Upsample2dOp, align_corners: bool, x: &[E], y: &mut [E]) {
    op.check(x.len(), y.len());
    let [rows, columns] = [0, 1].map(|axis| places::<E>(op, axis, align_corners));
    let width = op.input[1];
    pieces(2 * op.work(), y, op.output_pixels(), |i, y| {
        let x = &x[i * op.input_pixels()..][..op.input_pixels()];
        let mut line = vec![E::zero(); width];
        for (y, row) in y.chunks_exact_mut(op.output[1]).zip(&rows) {
            let [above, below] = row.pixels.map(|row| &x[row * width..][..width]);
            for ((t, &a), &b) in line.iter_mut().zip(above).zip(below) {
                *t = row.weights[0] * a + row.weights[1] * b;
            }
            for (y, column) in y.iter_mut().zip(&columns) {
                let [left, right] = column.pixels.map(|column| line[column]);
                *y = column.weights[0] * left + column.weights[1] * right;
            }
        }
    });
}

/// `gx += weight · gy` for each of the four pixels of every output pixel.
pub fn bilinear_backward<E: Element>(
    op: &Upsample2dOp,
    align_corners: bool,
    gy: &[E],
    gx: &mut [E],
) {
    op.check(gx.len(), gy.len());
    let [rows, columns] = [0, 1].map(|axis| places::<E>(op, axis, align_corners));
    let width = op.input[1];
    pieces(2 * op.work(), gx, op.input_pixels(), |i, gx| {
        let gy = &gy[i * op.output_pixels()..][..op.output_pixels()];
        let mut line = vec![E::zero(); width];
        for (gy, row) in gy.chunks_exact(op.output[1]).zip(&rows) {
            line.fill(E::zero());
            for (&gy, column) in gy.iter().zip(&columns) {
                line[column.pixels[0]] += column.weights[0] * gy;
                line[column.pixels[1]] += column.weights[1] * gy;
            }
            for (row, weight) in row.pixels.into_iter().zip(row.weights) {
                let gx = &mut gx[row * width..][..width];
                gx.iter_mut().zip(&line).for_each(|(gx, &t)| *gx += weight * t);
            }
        }
    });
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
