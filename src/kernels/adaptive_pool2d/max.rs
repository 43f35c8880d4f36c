//! The largest pixel of each bin and its gradient.

use super::{AdaptivePlan, AdaptivePool2dOp};
use crate::kernels::Element;
use crate::kernels::parallel::{pieces, pieces2};
use crate::kernels::reduce::max;
use std::ops::Range;

/// `y[n, c, oy, ox] = max x[n, c, iy, ix]` over the bin's pixels; overwrites `y`.
///
/// `indices`, as long as `y`, takes the winner's place in its plane, `iy · width + ix`. As in
/// PyTorch, the first of equal pixels wins, and a NaN wins over any number.
pub fn max_forward<E: Element>(
    op: &AdaptivePool2dOp,
    x: &[E],
    y: &mut [E],
    indices: Option<&mut [u32]>,
) {
    AdaptivePlan::new(op).max(x, y, indices);
}

impl AdaptivePlan {
    /// As [`max_forward`].
    pub fn max<E: Element>(&self, x: &[E], y: &mut [E], indices: Option<&mut [u32]>) {
        let AdaptivePlan { op, rows, columns } = self;
        op.check(x.len(), y.len());
        assert!(op.input_pixels() <= u32::MAX as usize);
        let (pixels_in, pixels_out) = (op.input_pixels(), op.output_pixels());
        let bin = |o: usize| (&rows[o / op.output[1]], &columns[o % op.output[1]]);
        let largest = |x: &[E], o: usize| {
            let (row, column) = bin(o);
            // The maximum of the pieces' maxima, NaNs included.
            op.pieces(row, column).fold(E::neg_infinity(), |m, piece| max(&[m, max(&x[piece])]))
        };
        match indices {
            Some(indices) => {
                assert_eq!(indices.len(), y.len());
                let (y, indices) = ((y, pixels_out), (indices, pixels_out));
                pieces2(2 * op.work(), y, indices, |i, y, indices| {
                    let x = &x[i * pixels_in..][..pixels_in];
                    for (o, (y, index)) in y.iter_mut().zip(indices).enumerate() {
                        *y = largest(x, o);
                        let (row, column) = bin(o);
                        *index = place(op.pieces(row, column), x, *y) as u32;
                    }
                });
            }
            None => pieces(op.work(), y, pixels_out, |i, y| {
                let x = &x[i * pixels_in..][..pixels_in];
                y.iter_mut().enumerate().for_each(|(o, y)| *y = largest(x, o));
            }),
        }
    }
}

/// Where the first pixel of this value is. Of NaNs it is the last, as each wins over the one
/// before.
fn place<E: Element>(pieces: impl Iterator<Item = Range<usize>>, x: &[E], value: E) -> usize {
    let mut pixels = pieces.flatten();
    let found = if value.is_nan() {
        pixels.filter(|&p| x[p].is_nan()).last()
    } else {
        pixels.find(|&p| x[p] == value)
    };
    // No bin is empty, and the value is one of its pixels'.
    found.unwrap_or_default()
}

/// `gx[winner] = Σ gy` over the bins that it won, and 0 elsewhere; `indices` as [`max_forward`]
/// gave them. Overwrites `gx`.
pub fn max_backward<E: Element>(op: &AdaptivePool2dOp, indices: &[u32], gy: &[E], gx: &mut [E]) {
    op.check(gx.len(), gy.len());
    assert_eq!(indices.len(), gy.len());
    let (pixels_in, pixels_out) = (op.input_pixels(), op.output_pixels());
    pieces(gx.len() + gy.len(), gx, pixels_in, |i, gx| {
        gx.fill(E::zero());
        let bins = i * pixels_out..(i + 1) * pixels_out;
        for (&winner, &gy) in indices[bins.clone()].iter().zip(&gy[bins]) {
            gx[winner as usize] += gy;
        }
    });
}
