//! The mean of each bin and its gradient.

use super::{AdaptivePlan, AdaptivePool2dOp};
use crate::kernels::Element;
use crate::kernels::parallel::pieces;
use crate::kernels::reduce::sum;
use std::ops::Range;

/// `y[n, c, oy, ox] = Σ x[n, c, iy, ix] / size` over the bin's pixels; overwrites `y`.
pub fn avg_forward<E: Element>(op: &AdaptivePool2dOp, x: &[E], y: &mut [E]) {
    AdaptivePlan::new(op).avg(x, y);
}

impl AdaptivePlan {
    /// As [`avg_forward`].
    pub fn avg<E: Element>(&self, x: &[E], y: &mut [E]) {
        let AdaptivePlan { op, rows, columns } = self;
        op.check(x.len(), y.len());
        let pixels = op.input_pixels();
        pieces(op.work(), y, op.output_pixels(), |i, y| {
            let x = &x[i * pixels..][..pixels];
            for (y, row) in y.chunks_exact_mut(op.output[1]).zip(rows) {
                for (y, column) in y.iter_mut().zip(columns) {
                    let add = |total, piece: Range<usize>| total + sum(&x[piece]);
                    let total = op.pieces(row, column).fold(E::zero(), add);
                    *y = total / E::cast((row.len() * column.len()) as f64);
                }
            }
        });
    }
}

/// `gx[n, c, iy, ix] = Σ gy[n, c, oy, ox] / size` over every bin that has the pixel; overwrites
/// `gx`.
pub fn avg_backward<E: Element>(op: &AdaptivePool2dOp, gy: &[E], gx: &mut [E]) {
    op.check(gx.len(), gy.len());
    let (rows, columns) = (op.bins(0), op.bins(1));
    let pixels = op.output_pixels();
    pieces(op.work(), gx, op.input_pixels(), |i, gx| {
        gx.fill(E::zero());
        let gy = &gy[i * pixels..][..pixels];
        for (gy, row) in gy.chunks_exact(op.output[1]).zip(&rows) {
            for (&gy, column) in gy.iter().zip(&columns) {
                let share = gy / E::cast((row.len() * column.len()) as f64);
                for piece in op.pieces(row, column) {
                    gx[piece].iter_mut().for_each(|gx| *gx += share);
                }
            }
        }
    });
}
