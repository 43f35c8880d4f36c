//! From planes of channels to transformed tiles, with vectors of channels.

use super::super::transform::{self, MAX_POINTS, Magnitude};
use super::{M, Plan, SIDE};
use crate::kernels::Element;
use crate::kernels::parallel::Shared;
use crate::kernels::simd::{MAX_LANES, Op, Simd};
use std::sync::atomic::{AtomicBool, Ordering};

/// The input or the gradient of the output, whose tiles are to be transformed.
pub struct Planes<'a, E> {
    pub data: &'a [E],
    pub channels: usize,
    pub size: [usize; 2],
    /// Rows and columns of zeros before those of the plane.
    pub padding: [isize; 2],
}

/// Transforms the tiles of a panel of channels of one image. Tiles of `N` by `N` numbers lie
/// `M` apart: the input's for `N = M + 2`, those of the output's gradient for `N = M`.
pub struct Tiles<'a, E, const N: usize> {
    pub plan: &'a Plan,
    pub planes: &'a Planes<'a, E>,
    /// Which image, of how many.
    pub image: usize,
    pub images: usize,
    /// Which panel of how many channels.
    pub panel: usize,
    pub width: usize,
    /// For a row of tiles.
    pub strip: &'a mut [E],
    /// The transformed tiles, of which those of this panel and image are this task's.
    pub out: Shared<E>,
    /// Distance between points.
    pub point: usize,
    /// Set if there is a number that could spoil those around it.
    pub large: &'a AtomicBool,
}

impl<E: Element, const N: usize> Op<E> for Tiles<'_, E, N> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Tiles { plan, planes, image, images, panel, width, strip, out, point, large } = self;
        let columns = plan.grid[1] * M + N - M;
        let mut magnitude = Magnitude::new(s);
        for v in (0..width).step_by(S::LANES) {
            let first = image * planes.channels + panel * width + v;
            let count = planes.channels.saturating_sub(panel * width + v).min(S::LANES);
            for row in 0..plan.grid[0] {
                let top = (row * M) as isize - planes.padding[0];
                let strip = &mut strip[..N * columns * S::LANES];
                // Tiles overlap: their first rows are the last ones of the tiles above.
                let kept = if row == 0 { 0 } else { N - M };
                strip.copy_within(M * columns * S::LANES.., 0);
                let (top, new) = (top + kept as isize, &mut strip[kept * columns * S::LANES..]);
                transpose(s, planes, (first, count), top, columns, new, &mut magnitude);
                let tile = (image * plan.grid[0] + row) * plan.grid[1];
                let tile = panel * plan.tiles(images) + tile;
                for i in 0..plan.grid[1] {
                    let from = &strip[i * M * S::LANES..];
                    // SAFETY: a vector of this panel and image at every point.
                    unsafe {
                        let to = out.at((tile + i) * width + v);
                        transform::<S, N>(s, from, columns * S::LANES, to, point);
                    }
                }
            }
        }
        if magnitude.is_large(s) {
            large.store(true, Ordering::Relaxed);
        }
    }
}

/// Rows of some planes from `top` on as `[row][column][channel]`, with zeros around them and in
/// place of channels that are missing.
#[inline(always)]
fn transpose<S: Simd>(
    s: S,
    planes: &Planes<S::E>,
    (first, count): (usize, usize),
    top: isize,
    columns: usize,
    strip: &mut [S::E],
    magnitude: &mut Magnitude<S>,
) {
    let [height, width] = planes.size;
    let left = (planes.padding[1] as usize).min(columns);
    let pixels = width.min(columns - left);
    for (r, line) in strip.chunks_exact_mut(columns * S::LANES).enumerate() {
        let y = top + r as isize;
        if y < 0 || y >= height as isize || count == 0 {
            line.fill(num_traits::Zero::zero());
            continue;
        }
        let (zeros, line) = line.split_at_mut(left * S::LANES);
        zeros.fill(num_traits::Zero::zero());
        let (line, zeros) = line.split_at_mut(pixels * S::LANES);
        zeros.fill(num_traits::Zero::zero());
        let row = first * height * width + y as usize * width;
        let rows = &planes.data[row..][..(count - 1) * height * width + pixels];
        for p in (0..pixels).step_by(S::LANES) {
            let n = S::LANES.min(pixels - p);
            let mut block = [s.zero(); MAX_LANES];
            for (c, block) in block.iter_mut().enumerate().take(count) {
                // SAFETY: `n` pixels from `p` on are in this channel's row.
                *block = unsafe { s.load_first(rows.as_ptr().add(c * height * width + p), n) };
                magnitude.add(s, *block);
            }
            let block = s.transpose(block);
            for (j, &channels) in block.iter().enumerate().take(n) {
                // SAFETY: the line has a vector for each pixel.
                unsafe { s.store(line.as_mut_ptr().add((p + j) * S::LANES), channels) };
            }
        }
    }
}

/// Transforms a tile, whose rows are `row` apart; point `i` goes to `to[i * stride]`.
///
/// # Safety
/// A vector is writable at every point.
#[inline(always)]
unsafe fn transform<S: Simd, const N: usize>(
    s: S,
    from: &[S::E],
    row: usize,
    to: *mut S::E,
    stride: usize,
) {
    assert!(from.len() >= (N - 1) * row + N * S::LANES);
    // Down the columns, then along the rows.
    let mut rows = [[s.zero(); MAX_POINTS]; MAX_POINTS];
    for i in 0..N {
        let mut column = [s.zero(); MAX_POINTS];
        for r in 0..N {
            // SAFETY: `N` rows of `N` vectors, as asserted.
            column[r] = unsafe { s.load(from.as_ptr().add(r * row + i * S::LANES)) };
        }
        let column = line::<S, N>(s, column);
        for r in 0..SIDE {
            rows[r][i] = column[r];
        }
    }
    for r in 0..SIDE {
        let points = line::<S, N>(s, rows[r]);
        for i in 0..SIDE {
            // SAFETY: by the caller's promise.
            unsafe { s.store(to.add((r * SIDE + i) * stride), points[i]) };
        }
    }
}

#[inline(always)]
fn line<S: Simd, const N: usize>(s: S, x: [S::V; MAX_POINTS]) -> [S::V; MAX_POINTS] {
    if N == M { transform::output_adjoint(s, x) } else { transform::input::<S, M>(s, x) }
}
