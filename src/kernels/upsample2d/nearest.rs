//! The nearest pixel, and its gradient.

use super::Upsample2dOp;
use crate::kernels::Element;
use crate::kernels::parallel::pieces;

/// `y[n, c, oy, ox] = x[n, c, floor(oy · height / height'), floor(ox · width / width')]`;
/// overwrites `y`.
pub fn nearest_forward<E: Element>(op: &Upsample2dOp, x: &[E], y: &mut [E]) {
    NearestPlan::new(op).forward(x, y);
}

/// [`nearest_forward`] made ready: what does not depend on the pixels.
pub struct NearestPlan {
    op: Upsample2dOp,
    rows: Vec<usize>,
    columns: Vec<usize>,
}

impl NearestPlan {
    /// For these sizes.
    pub fn new(op: &Upsample2dOp) -> Self {
        NearestPlan { op: *op, rows: sources(op, 0), columns: sources(op, 1) }
    }

    /// As [`nearest_forward`].
    pub fn forward<E: Element>(&self, x: &[E], y: &mut [E]) {
        let NearestPlan { op, rows, columns } = self;
        op.check(x.len(), y.len());
        let width = op.output[1];
        pieces(op.work(), y, op.output_pixels(), |i, y| {
            let x = &x[i * op.input_pixels()..][..op.input_pixels()];
            for (oy, &row) in rows.iter().enumerate() {
                let (before, y) = y.split_at_mut(oy * width);
                if oy > 0 && rows[oy - 1] == row {
                    // The row above, once more.
                    y[..width].copy_from_slice(&before[(oy - 1) * width..]);
                } else {
                    let x = &x[row * op.input[1]..][..op.input[1]];
                    y.iter_mut().zip(columns).for_each(|(y, &column)| *y = x[column]);
                }
            }
        });
    }
}

/// `gx[source] = Σ gy` over the output pixels that it is the source of; overwrites `gx`.
pub fn nearest_backward<E: Element>(op: &Upsample2dOp, gy: &[E], gx: &mut [E]) {
    op.check(gx.len(), gy.len());
    let [rows, columns] = [0, 1].map(|axis| sources(op, axis));
    pieces(op.work(), gx, op.input_pixels(), |i, gx| {
        gx.fill(E::zero());
        let gy = &gy[i * op.output_pixels()..][..op.output_pixels()];
        for (gy, &row) in gy.chunks_exact(op.output[1]).zip(&rows) {
            let gx = &mut gx[row * op.input[1]..][..op.input[1]];
            gy.iter().zip(&columns).for_each(|(&gy, &column)| gx[column] += gy);
        }
    });
}

/// The source of each output pixel along an axis: `floor(i · input / output)`, where PyTorch
/// rounds the quotient first. The product of two sizes that memory holds does not overflow.
pub(crate) fn sources(op: &Upsample2dOp, axis: usize) -> Vec<usize> {
    let (input, output) = (op.input[axis] as u128, op.output[axis] as u128);
    (0..output).map(|i| (i * input / output) as usize).collect()
}
