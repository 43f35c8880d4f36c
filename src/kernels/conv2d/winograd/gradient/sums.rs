//! The sums of the products at all points, for some input channels by some output channels.

use super::super::TAPS;
use super::super::product::{multiply, rows};
use super::super::transform::{self, MAX_POINTS};
use super::{POINTS, Plan, SIDE};
use crate::kernels::Element;
use crate::kernels::parallel::Shared;
use crate::kernels::simd::{MAX_LANES, Op, Simd};

/// Tiles that are summed at a time: those of a tile of sums stay in the first cache.
const DEPTH: usize = 128;

pub struct Sums<'a, E> {
    pub plan: &'a Plan,
    pub images: usize,
    /// The transformed tiles.
    pub x: &'a [E],
    pub gy: &'a [E],
    /// Which task.
    pub index: usize,
    pub buffer: &'a mut [E],
    /// The gradient of the weight, of which these channels are this task's.
    pub out: Shared<E>,
}

impl<E: Element> Op<E> for Sums<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Sums { plan, images, x, gy, index, buffer, out } = self;
        let (width, tiles) = (plan.panel[1], plan.tiles(images));
        let [x_point, gy_point] = plan.points(images);
        let [inputs, outputs] = plan.channels_of(index);
        let sums_point = plan.sums_point();
        let (sums, taps) = buffer.split_at_mut(POINTS * sums_point);
        for point in 0..POINTS {
            for t in (0..tiles).step_by(DEPTH) {
                let depth = DEPTH.min(tiles - t);
                for k in outputs.clone().step_by(width) {
                    let gy = &gy[point * gy_point + k * tiles + t * width..][..depth * width];
                    for c in inputs.clone().step_by(rows(S::SUMS)) {
                        let panel = c / S::LANES * tiles + t;
                        let x = &x[point * x_point + panel * S::LANES..][..depth * S::LANES];
                        let x = (&x[c % S::LANES..], S::LANES);
                        let at = (k - outputs.start) * plan.task[0] + (c - inputs.start) * width;
                        let sums = &mut sums[point * sums_point + at..];
                        multiply(s, width / S::LANES, t == 0, gy, x, sums);
                    }
                }
            }
        }
        for k in outputs.clone().step_by(S::LANES) {
            let panel = (k - outputs.start) / width * width * plan.task[0];
            let vector = panel + (k - outputs.start) % width;
            for c in inputs.clone().step_by(S::LANES) {
                let count = S::LANES.min(inputs.end - c);
                for i in 0..count {
                    let from = &sums[vector + (c - inputs.start + i) * width..];
                    transform_back(s, from, sums_point, &mut taps[i * TAPS * S::LANES..]);
                }
                let row = (k * plan.g.channels + c) * TAPS;
                let rows = S::LANES.min(outputs.end - k);
                // SAFETY: these channels are this task's alone.
                unsafe {
                    let out = out.at(row);
                    add_transposed(s, taps, (rows, plan.g.channels * TAPS), count * TAPS, out);
                }
            }
        }
    }
}

/// Transforms the sums at all points, which are `stride` apart, to the nine taps.
#[inline(always)]
fn transform_back<S: Simd>(s: S, from: &[S::E], stride: usize, to: &mut [S::E]) {
    assert!(from.len() >= (POINTS - 1) * stride + S::LANES);
    assert!(to.len() >= TAPS * S::LANES);
    let mut rows = [[s.zero(); MAX_POINTS]; 3];
    for i in 0..SIDE {
        let mut column = [s.zero(); MAX_POINTS];
        for r in 0..SIDE {
            // SAFETY: a vector at every point, as asserted.
            column[r] = unsafe { s.load(from.as_ptr().add((r * SIDE + i) * stride)) };
        }
        let column = transform::weight_adjoint(s, column);
        for r in 0..3 {
            rows[r][i] = column[r];
        }
    }
    for r in 0..3 {
        let row = transform::weight_adjoint(s, rows[r]);
        for i in 0..3 {
            // SAFETY: a vector for each tap, as asserted.
            unsafe { s.store(to.as_mut_ptr().add((r * 3 + i) * S::LANES), row[i]) };
        }
    }
}

/// Adds vectors of output channels, one for each number of a row, to `rows` rows.
///
/// # Safety
/// `count` numbers are writable in every row.
#[inline(always)]
unsafe fn add_transposed<S: Simd>(
    s: S,
    from: &[S::E],
    (rows, stride): (usize, usize),
    count: usize,
    to: *mut S::E,
) {
    assert!(from.len() >= count.next_multiple_of(S::LANES) * S::LANES);
    for at in (0..count).step_by(S::LANES) {
        let n = S::LANES.min(count - at);
        let mut block = [s.zero(); MAX_LANES];
        for i in 0..S::LANES {
            // SAFETY: `from` has whole blocks, as asserted.
            block[i] = unsafe { s.load(from.as_ptr().add((at + i) * S::LANES)) };
        }
        let block = s.transpose(block);
        for (i, &taps) in block.iter().enumerate().take(rows) {
            // SAFETY: by the caller's promise.
            unsafe {
                let to = to.add(i * stride + at);
                s.store_first(to, s.add(s.load_first(to, n), taps), n);
            }
        }
    }
}
