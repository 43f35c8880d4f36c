//! The gradient of the weight of a depthwise convolution with kernels of 3 × 3: all nine sums of
//! a plane at a time, over rows that are read once.

use super::geometry::Geometry;
use super::padded::Padded;
use crate::kernels::Element;
use crate::kernels::parallel::{Shared, tasks, threads};
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, MAX_LANES, Op, Simd, dispatch};
use std::ops::Range;

/// Output rows at a time.
const ROWS: usize = 4;

const TAPS: usize = 9;

/// Whether [`run`] can do it.
pub fn suits(g: &Geometry) -> bool {
    g.groups > 1
        && g.channels == 1
        && g.outputs == 1
        && g.kernel == [3, 3]
        && g.stride == [1, 1]
        && g.dilation == [1, 1]
}

/// `gw += …`.
pub fn run<E: Element>(isa: Isa, g: &Geometry, x: &[E], gy: &[E], gw: &mut [E]) {
    assert!(suits(g) && gw.len() == g.groups * TAPS);
    assert!(x.len() == g.input_len() && gy.len() == g.output_len());
    let layout = &Padded::new(g, g.output[0]);
    let threads = threads(g.work());
    let planes = g.batch * g.groups;
    // Planes in the order of memory: one channel of all images would be read in leaps.
    let per_task = planes.div_ceil(if threads == 1 { 1 } else { 2 * threads });
    let (count, len) = (planes.div_ceil(per_task), gw.len());
    // Each task has its own sums, added up at the end.
    scratch(count * len, |parts| {
        let shared = Shared::new(parts);
        tasks(threads, count, |t| {
            // SAFETY: `parts` has a part for every task.
            let out = unsafe { shared.part(t * len, len) };
            scratch(layout.image, |copy| {
                let planes = t * per_task..planes.min((t + 1) * per_task);
                dispatch(isa, Task { g, layout, x, gy, planes, copy, out });
            });
        });
        for part in parts.chunks_exact(len) {
            gw.iter_mut().zip(part).for_each(|(gw, &part)| *gw += part);
        }
    });
}

struct Task<'a, E> {
    g: &'a Geometry,
    layout: &'a Padded,
    x: &'a [E],
    gy: &'a [E],
    /// Groups, counted through all images.
    planes: Range<usize>,
    copy: &'a mut [E],
    /// The sums of all groups.
    out: &'a mut [E],
}

impl<E: Element> Op<E> for Task<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Task { g, layout, x, gy, planes, copy, out } = self;
        let [height, width] = g.output;
        out.fill(E::zero());
        for plane in planes {
            let (image, group) = (plane / g.groups, plane % g.groups);
            layout.fill(s, g, g.input_of(x, image, group), 0..height, copy);
            let gy = &gy[plane * g.output_pixels()..][..g.output_pixels()];
            let mut sums = [s.zero(); TAPS];
            let whole = height / ROWS * ROWS;
            for row in (0..whole).step_by(ROWS) {
                let (gy, x) = (&gy[row * width..], &copy[row * layout.row..]);
                // SAFETY: the rows of the output are there, and two more of the copy.
                unsafe { add_rows::<S, ROWS>(s, gy, width, x, layout.row, &mut sums) };
            }
            for row in whole..height {
                let (gy, x) = (&gy[row * width..], &copy[row * layout.row..]);
                // SAFETY: as above.
                unsafe { add_rows::<S, 1>(s, gy, width, x, layout.row, &mut sums) };
            }
            for (out, sum) in out[group * TAPS..][..TAPS].iter_mut().zip(sums) {
                let mut lanes = [E::zero(); MAX_LANES];
                // SAFETY: the array is as long as any vector.
                unsafe { s.store(lanes.as_mut_ptr(), sum) };
                *out += lanes.iter().fold(E::zero(), |sum, &lane| sum + lane);
            }
        }
    }
}

/// Adds what `R` rows give to each tap.
///
/// # Safety
/// `R` rows of `width` numbers are in `gy`, and `R + 2` of `width + 2`, `row` apart, in `x`.
#[inline(always)]
unsafe fn add_rows<S: Simd, const R: usize>(
    s: S,
    gy: &[S::E],
    width: usize,
    x: &[S::E],
    row: usize,
    sums: &mut [S::V; TAPS],
) {
    let mut at = 0;
    while at < width {
        // Beyond the end of a row there may be an infinity, which does not become 0 by a product.
        let n = S::LANES.min(width - at);
        let mut g = [s.zero(); R];
        // SAFETY: `n` numbers of each row, by the caller's promise.
        unsafe {
            for r in 0..R {
                g[r] = load(s, gy.as_ptr().add(r * width + at), n);
            }
            for y in 0..R + 2 {
                for tap in 0..3 {
                    let v = load(s, x.as_ptr().add(y * row + at + tap), n);
                    for r in 0..R {
                        if y >= r && y - r < 3 {
                            let i = (y - r) * 3 + tap;
                            sums[i] = s.fma(g[r], v, sums[i]);
                        }
                    }
                }
            }
        }
        at += S::LANES;
    }
}

/// The first `n` numbers at `p`.
///
/// # Safety
/// They are readable.
#[inline(always)]
unsafe fn load<S: Simd>(s: S, p: *const S::E, n: usize) -> S::V {
    // SAFETY: the caller's promise.
    unsafe { if n == S::LANES { s.load(p) } else { s.load_first(p, n) } }
}
