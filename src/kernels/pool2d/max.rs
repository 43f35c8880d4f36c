//! Max and min pooling and their gradient.

use super::Pool2dOp;
use super::halve::{self, Halve};
use super::lines::Lines;
use crate::kernels::Element;
use crate::kernels::parallel::{pieces, pieces2};
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, Op, Simd, dispatch};

/// The index of a window that lies in the padding alone.
pub const NO_PIXEL: u32 = u32::MAX;

/// `y[n, c, oy, ox] = max x[n, c, iy, ix]` over the window's pixels; overwrites `y`.
///
/// `indices`, as long as `y`, takes the winner's place in its plane, `iy · width + ix`. As in
/// PyTorch, the first of equal pixels (in row-major order of the window) wins, a NaN wins over
/// any number, and padding never wins.
pub fn max_forward<E: Element>(op: &Pool2dOp, x: &[E], y: &mut [E], indices: Option<&mut [u32]>) {
    op.check(x.len(), y.len());
    assert!(op.input_pixels() < NO_PIXEL as usize);
    assert!(indices.as_ref().is_none_or(|indices| indices.len() == y.len()));
    max_planes(Isa::best(), op, x, y, indices);
}

/// `y[n, c, oy, ox] = min x[n, c, iy, ix]` over the window's pixels, the largest of the negated
/// ones; else as [`max_forward`].
pub fn min_forward<E: Element>(op: &Pool2dOp, x: &[E], y: &mut [E], indices: Option<&mut [u32]>) {
    scratch(x.len(), |negated| {
        negated.iter_mut().zip(x).for_each(|(n, &x)| *n = -x);
        max_forward(op, negated, y, indices);
    });
    y.iter_mut().for_each(|y| *y = -*y);
}

/// `gx[winner] += gy` for every window; `indices` as [`max_forward`] or [`min_forward`] gave them.
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

/// [`max_forward`] with an instruction set.
fn max_planes<E: Element>(
    isa: Isa,
    op: &Pool2dOp,
    x: &[E],
    y: &mut [E],
    indices: Option<&mut [u32]>,
) {
    let pixels_in = op.input_pixels();
    if halve::suits(op) {
        return each_plane(op, y, indices, |i, y, indices| {
            let x = &x[i * pixels_in..][..pixels_in];
            scratch(halve::buffer_len(op), |buffer| {
                dispatch(isa, Halve { width: op.output[1], x, y, indices, buffer });
            });
        });
    }
    let lines = &Lines::new(op);
    let first = first_columns(op);
    each_plane(op, y, indices, |i, y, indices| {
        let x = &x[i * pixels_in..][..pixels_in];
        scratch(lines.len() + lines.windows, |buffer| {
            dispatch(isa, Plane { op, lines, first: &first, x, y, indices, buffer });
        });
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

/// The column of each window's first tap that is a pixel.
fn first_columns(op: &Pool2dOp) -> Vec<u32> {
    let first = |ox| (0..op.kernel[1]).find_map(|tap| op.tap(1, ox, tap));
    (0..op.output[1]).map(|ox| first(ox).map_or(NO_PIXEL, |column| column as u32)).collect()
}

struct Plane<'a, E> {
    op: &'a Pool2dOp,
    lines: &'a Lines,
    first: &'a [u32],
    x: &'a [E],
    y: &'a mut [E],
    indices: Option<&'a mut [u32]>,
    buffer: &'a mut [E],
}

impl<E: Element> Op<E> for Plane<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Plane { op, lines, first, x, y, mut indices, buffer } = self;
        let (line, best) = buffer.split_at_mut(lines.len());
        let mut places = vec![NO_PIXEL; lines.windows];
        let [height, width] = op.output;
        for oy in 0..height {
            let out = oy * width..(oy + 1) * width;
            best.fill(E::neg_infinity());
            if indices.is_some() {
                // Where all pixels are -∞, the first one wins.
                let row = (0..op.kernel[0]).find_map(|tap| op.tap(0, oy, tap));
                for (place, &column) in places.iter_mut().zip(first) {
                    *place = match row {
                        Some(row) if column != NO_PIXEL => (row * op.input[1]) as u32 + column,
                        _ => NO_PIXEL,
                    };
                }
            }
            for tap in 0..op.kernel[0] {
                let Some(row) = op.tap(0, oy, tap) else { continue };
                let start = row * op.input[1];
                lines.fill(s, &x[start..][..op.input[1]], E::neg_infinity(), line);
                for (tap, &at) in lines.taps.iter().enumerate() {
                    let pixels = &line[at..][..lines.windows];
                    if indices.is_some() {
                        // In wrapping numbers: to the left of the image is before the row.
                        let start = (start + tap * op.dilation[1]) as u32;
                        let place = start.wrapping_sub(op.padding[1][0] as u32);
                        update_indexed(pixels, best, &mut places, place, op.stride[1] as u32);
                    } else {
                        update(pixels, best);
                    }
                }
            }
            y[out.clone()].copy_from_slice(&best[..width]);
            if let Some(indices) = &mut indices {
                indices[out].copy_from_slice(&places[..width]);
            }
        }
    }
}

/// The better of each window's best pixel so far and the pixel of a tap.
#[inline(always)]
fn update<E: Element>(pixels: &[E], best: &mut [E]) {
    for (best, &pixel) in best.iter_mut().zip(pixels) {
        let wins = (pixel > *best) | pixel.is_nan();
        *best = if wins { pixel } else { *best };
    }
}

/// The same with places, which for a tap are `place`, `place + stride`, …
#[inline(always)]
fn update_indexed<E: Element>(
    pixels: &[E],
    best: &mut [E],
    places: &mut [u32],
    place: u32,
    stride: u32,
) {
    for (i, ((best, place_of_best), &pixel)) in best.iter_mut().zip(places).zip(pixels).enumerate()
    {
        let wins = (pixel > *best) | pixel.is_nan();
        let here = place.wrapping_add((i as u32).wrapping_mul(stride));
        *best = if wins { pixel } else { *best };
        *place_of_best = if wins { here } else { *place_of_best };
    }
}
