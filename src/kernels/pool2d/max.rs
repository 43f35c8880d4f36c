//! Max and min pooling and their gradient.

use super::Pool2dOp;
use super::halve::{self, Halve};
use super::lines::Lines;
use super::max_plane::{self, Plane};
use crate::kernels::Element;
use crate::kernels::parallel::{pieces, pieces2};
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, dispatch};

/// The index of a window that lies in the padding alone.
pub const NO_PIXEL: u32 = u32::MAX;

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

/// Pixels of small planes that are halved at a time.
const HALVE_PIXELS: usize = 1 << 12;

/// [`max_forward`] and [`min_forward`] made ready: what does not depend on the pixels.
pub struct MaxPlan<E> {
    op: Pool2dOp,
    kernel: Kernel<E>,
}

enum Kernel<E> {
    Halve,
    Rows(Tables<E>),
    /// Of images so wide that `E` can't count the pixels of a window's rows.
    Plain,
}

struct Tables<E> {
    lines: Lines,
    /// How far the first tap that is in a column of the image is from the start of each window.
    first: Vec<E>,
}

impl<E: Element> MaxPlan<E> {
    /// For these sizes.
    pub fn new(op: &Pool2dOp) -> Self {
        assert!(op.input_pixels() < NO_PIXEL as usize);
        let kernel = match () {
            () if halve::suits(op) => Kernel::Halve,
            () if max_plane::suits::<E>(op) => Kernel::Rows(Tables::new(op)),
            () => Kernel::Plain,
        };
        MaxPlan { op: *op, kernel }
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
        let MaxPlan { op, kernel } = self;
        op.check(x.len(), y.len());
        assert!(indices.as_ref().is_none_or(|indices| indices.len() == y.len()));
        let (isa, pixels) = (Isa::best(), op.input_pixels());
        let plane = |i| &x[i * pixels..][..pixels];
        match kernel {
            Kernel::Halve => {
                let planes = (HALVE_PIXELS / pixels.max(1)).max(1);
                each_planes(op, planes, y, indices, |i, y, indices| {
                    let x = &x[i * planes * pixels..][..y.len() / op.output_pixels() * pixels];
                    scratch(halve::buffer_len(op), |buffer| {
                        dispatch(isa, Halve { op, x, y, indices, buffer });
                    });
                });
            }
            Kernel::Rows(Tables { lines, first }) => {
                let bands = lines.bands(op);
                // With indices, each row of values has one of taps beside it.
                let rows = bands.height(op) * if indices.is_some() { 2 } else { 1 };
                each_planes(op, 1, y, indices, |i, y, indices| {
                    let x = plane(i);
                    scratch(lines.len() + rows * lines.windows, |buffer| {
                        dispatch(isa, Plane { op, lines, bands, first, x, y, indices, buffer });
                    });
                });
            }
            Kernel::Plain => each_planes(op, 1, y, indices, |i, y, indices| {
                plain_plane(op, plane(i), y, indices);
            }),
        }
    }
}

impl<E: Element> Tables<E> {
    fn new(op: &Pool2dOp) -> Self {
        let lines = Lines::new(op);
        let first = |ox| (0..op.kernel[1]).find(|&tap| op.tap(1, ox, tap).is_some());
        let offset = |tap| E::cast((tap * op.dilation[1]) as f64);
        let first = (0..lines.windows).map(|ox| first(ox).map_or(max_plane::none(), offset));
        Tables { first: first.collect(), lines }
    }
}

/// The windows of a plane, pixel by pixel.
fn plain_plane<E: Element>(op: &Pool2dOp, x: &[E], y: &mut [E], mut indices: Option<&mut [u32]>) {
    for (o, y) in y.iter_mut().enumerate() {
        let (oy, ox) = (o / op.output[1], o % op.output[1]);
        let (mut best, mut place) = (E::neg_infinity(), NO_PIXEL);
        for iy in (0..op.kernel[0]).filter_map(|tap| op.tap(0, oy, tap)) {
            for ix in (0..op.kernel[1]).filter_map(|tap| op.tap(1, ox, tap)) {
                let (at, v) = (iy * op.input[1] + ix, x[iy * op.input[1] + ix]);
                if place == NO_PIXEL || v > best || v.is_nan() {
                    (best, place) = (v, at as u32);
                }
            }
        }
        *y = best;
        if let Some(indices) = &mut indices {
            indices[o] = place;
        }
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

/// Calls `f` for every so many `planes` of `y` and `indices`.
fn each_planes<E: Element>(
    op: &Pool2dOp,
    planes: usize,
    y: &mut [E],
    indices: Option<&mut [u32]>,
    f: impl Fn(usize, &mut [E], Option<&mut [u32]>) + Send + Sync,
) {
    let pixels = planes * op.output_pixels();
    match indices {
        Some(indices) => {
            let (y, indices) = ((y, pixels), (indices, pixels));
            pieces2(op.work(), y, indices, |i, y, indices| f(i, y, Some(indices)));
        }
        None => pieces(op.work(), y, pixels, |i, y| f(i, y, None)),
    }
}
