//! Max and min pooling and their gradient.

use super::Pool2dOp;
use crate::kernels::Element;
use crate::kernels::parallel::{pieces, pieces2};

/// The index of a window that lies in the padding alone.
pub const NO_PIXEL: u32 = u32::MAX;

/// `y[n, c, oy, ox] = max x[n, c, iy, ix]` over the window's pixels; overwrites `y`.
///
/// `indices`, as long as `y`, takes the winner's place in its plane, `iy · width + ix`. As in
/// PyTorch, the first of equal pixels (in row-major order of the window) wins, a NaN wins over
/// any number, and padding never wins.
pub fn max_forward<E: Element>(op: &Pool2dOp, x: &[E], y: &mut [E], indices: Option<&mut [u32]>) {
    forward::<E, Largest>(op, x, y, indices);
}

/// `y[n, c, oy, ox] = min x[n, c, iy, ix]` over the window's pixels; else as [`max_forward`].
pub fn min_forward<E: Element>(op: &Pool2dOp, x: &[E], y: &mut [E], indices: Option<&mut [u32]>) {
    forward::<E, Smallest>(op, x, y, indices);
}

/// Which pixel wins.
trait Order<E> {
    /// What every number but itself wins over.
    fn worst() -> E;
    fn beats(a: E, b: E) -> bool;
}

struct Largest;

impl<E: Element> Order<E> for Largest {
    fn worst() -> E {
        E::neg_infinity()
    }

    fn beats(a: E, b: E) -> bool {
        a > b || a.is_nan()
    }
}

struct Smallest;

impl<E: Element> Order<E> for Smallest {
    fn worst() -> E {
        E::infinity()
    }

    fn beats(a: E, b: E) -> bool {
        a < b || a.is_nan()
    }
}

fn forward<E: Element, O: Order<E>>(
    op: &Pool2dOp,
    x: &[E],
    y: &mut [E],
    indices: Option<&mut [u32]>,
) {
    op.check(x.len(), y.len());
    let (pixels_in, pixels_out) = (op.input_pixels(), op.output_pixels());
    assert!(pixels_in < NO_PIXEL as usize);
    match indices {
        Some(indices) => {
            assert_eq!(indices.len(), y.len());
            let first = first_columns(op);
            let (y, indices) = ((y, pixels_out), (indices, pixels_out));
            pieces2(op.work(), y, indices, |i, y, indices| {
                let x = &x[i * pixels_in..][..pixels_in];
                for oy in 0..op.output[0] {
                    let row = oy * op.output[1]..(oy + 1) * op.output[1];
                    best_row_indexed::<E, O>(
                        op,
                        oy,
                        &first,
                        x,
                        &mut y[row.clone()],
                        &mut indices[row],
                    );
                }
            });
        }
        None => pieces(op.work(), y, pixels_out, |i, y| {
            let x = &x[i * pixels_in..][..pixels_in];
            for (oy, y) in y.chunks_exact_mut(op.output[1]).enumerate() {
                best_row::<E, O>(op, oy, x, y);
            }
        }),
    }
}

/// `gx[winner] += gy` for every window; `indices` as [`max_forward`] or
/// [`min_forward`] gave them.
pub fn max_backward<E: Element>(op: &Pool2dOp, indices: &[u32], gy: &[E], gx: &mut [E]) {
    op.check(gx.len(), gy.len());
    assert_eq!(indices.len(), gy.len());
    let (pixels_in, pixels_out) = (op.input_pixels(), op.output_pixels());
    pieces(gx.len() + gy.len(), gx, pixels_in, |i, gx| {
        let windows = i * pixels_out..(i + 1) * pixels_out;
        for (&winner, &gy) in indices[windows.clone()].iter().zip(&gy[windows]) {
            if winner != NO_PIXEL {
                gx[winner as usize] += gy;
            }
        }
    });
}

/// The column of each window's first tap that is a pixel.
fn first_columns(op: &Pool2dOp) -> Vec<u32> {
    let first = |ox| (0..op.kernel[1]).find_map(|tap| op.tap(1, ox, tap));
    (0..op.output[1]).map(|ox| first(ox).map_or(NO_PIXEL, |column| column as u32)).collect()
}

/// One output row, tap by tap over all its windows, so that the loop runs along memory.
fn best_row<E: Element, O: Order<E>>(op: &Pool2dOp, oy: usize, x: &[E], y: &mut [E]) {
    y.fill(O::worst());
    each_tap(op, oy, |windows, at| {
        let x = &x[at..];
        for (y, &x) in y[windows].iter_mut().zip(x.iter().step_by(op.stride[1])) {
            *y = if O::beats(x, *y) { x } else { *y };
        }
    });
}

fn best_row_indexed<E: Element, O: Order<E>>(
    op: &Pool2dOp,
    oy: usize,
    first: &[u32],
    x: &[E],
    y: &mut [E],
    indices: &mut [u32],
) {
    // Where all pixels are as bad as can be, the first one wins.
    y.fill(O::worst());
    match (0..op.kernel[0]).find_map(|tap| op.tap(0, oy, tap)) {
        Some(row) => {
            let start = (row * op.input[1]) as u32;
            for (index, &column) in indices.iter_mut().zip(first) {
                *index = if column == NO_PIXEL { NO_PIXEL } else { start + column };
            }
        }
        None => return indices.fill(NO_PIXEL),
    }
    each_tap(op, oy, |windows, at| {
        let both = y[windows.clone()].iter_mut().zip(&mut indices[windows]);
        let x = x[at..].iter().step_by(op.stride[1]);
        for (i, ((y, index), &x)) in both.zip(x).enumerate() {
            let wins = O::beats(x, *y);
            *y = if wins { x } else { *y };
            *index = if wins { (at + i * op.stride[1]) as u32 } else { *index };
        }
    });
}

/// Calls `f(windows, at)` for every tap of the windows of output row `oy`: the windows for which
/// it is a pixel, and the place of the first one's in the plane.
fn each_tap(op: &Pool2dOp, oy: usize, mut f: impl FnMut(std::ops::Range<usize>, usize)) {
    for row in (0..op.kernel[0]).filter_map(|tap| op.tap(0, oy, tap)) {
        for tap in 0..op.kernel[1] {
            let windows = op.windows_of_tap(1, tap);
            if let Some(column) = op.tap(1, windows.start, tap).filter(|_| !windows.is_empty()) {
                f(windows, row * op.input[1] + column);
            }
        }
    }
}
