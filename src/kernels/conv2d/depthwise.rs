//! Convolution with one input channel a group: each plane is copied with its padding into the
//! first cache and convolved four rows at a time.

use super::geometry::Geometry;
use super::padded::Padded;
use super::weights::Operands;
use crate::kernels::Element;
use crate::kernels::parallel::{Shared, tasks, threads};
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, Op, Simd, dispatch};
use std::ops::Range;

/// Output rows at a time.
const ROWS: usize = 4;

pub struct Plan {
    isa: Isa,
    g: Geometry,
    layout: Padded,
    planes_per_task: usize,
}

impl Plan {
    pub fn new(isa: Isa, g: &Geometry) -> Plan {
        assert!(g.channels == 1);
        let threads = threads(g.work());
        let tasks = if threads == 1 { 1 } else { 4 * threads };
        let planes_per_task = (g.batch * g.groups).div_ceil(tasks);
        Plan { isa, g: *g, layout: Padded::new(g, g.output[0]), planes_per_task }
    }

    /// With a plain weight.
    pub fn run<E: Element>(&self, operands: Operands<E>, y: &mut [E]) {
        operands.check(&self.g, y);
        assert!(operands.weight.len() == self.g.weight_len());
        let (planes, per_task) = (self.g.batch * self.g.groups, self.planes_per_task);
        let y = Shared::new(y);
        tasks(threads(self.g.work()), planes.div_ceil(per_task), |t| {
            // Rows and lanes beyond the last ones are computed too, and dropped.
            let layout = &self.layout;
            let len = layout.image + ROWS * layout.row + self.isa.limits::<E>().lanes;
            scratch(len, |copy| {
                let planes = t * per_task..planes.min((t + 1) * per_task);
                dispatch(self.isa, Task { plan: self, operands, y, planes, copy });
            });
        });
    }
}

struct Task<'a, E> {
    plan: &'a Plan,
    operands: Operands<'a, E>,
    y: Shared<E>,
    /// Groups, counted through all images.
    planes: Range<usize>,
    copy: &'a mut [E],
}

impl<E: Element> Op<E> for Task<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Task { plan: Plan { g, layout, .. }, operands, y, planes, copy } = self;
        let Operands { x, weight, bias, end } = operands;
        let [height, width] = g.output;
        let three = g.kernel == [3, 3] && g.stride == [1, 1] && g.dilation == [1, 1];
        for plane in planes {
            let (image, group) = (plane / g.groups, plane % g.groups);
            layout.fill(s, g, g.input_of(x, image, group), 0..height, copy);
            for o in group * g.outputs..(group + 1) * g.outputs {
                let weight = &weight[o * g.taps()..][..g.taps()];
                let bias = bias.map_or(E::zero(), |bias| bias[o]);
                let start = (image * g.groups * g.outputs + o) * height * width;
                for row in (0..height).step_by(ROWS) {
                    for column in (0..width).step_by(S::LANES) {
                        let copy = &copy[row * layout.row + column..];
                        // SAFETY: `copy` is longer by these rows and a vector than what the last
                        // tap of the last output reads.
                        let sums = unsafe {
                            match three {
                                true => three_by_three(s, copy, layout.row, weight, bias),
                                false => any(s, copy, layout, weight, bias),
                            }
                        };
                        let n = S::LANES.min(width - column);
                        for r in 0..ROWS {
                            if row + r < height {
                                // SAFETY: `n` pixels of this plane, which is this task's alone.
                                unsafe {
                                    let to = y.at(start + (row + r) * width + column);
                                    end.store(s, to, sums[r], n);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A vector of each of four rows, from six rows that are read once.
///
/// # Safety
/// Six rows, `row` apart, of a vector and two numbers are in `copy`.
#[inline(always)]
unsafe fn three_by_three<S: Simd>(
    s: S,
    copy: &[S::E],
    row: usize,
    weight: &[S::E],
    bias: S::E,
) -> [S::V; ROWS] {
    assert!(weight.len() == 9);
    let mut sums = [s.splat(bias); ROWS];
    for y in 0..ROWS + 2 {
        for x in 0..3 {
            // SAFETY: the caller's promise.
            let v = unsafe { s.load(copy.as_ptr().add(y * row + x)) };
            for r in 0..ROWS {
                if y >= r && y - r < 3 {
                    sums[r] = s.fma(s.splat(weight[(y - r) * 3 + x]), v, sums[r]);
                }
            }
        }
    }
    sums
}

/// The same for any kernel.
///
/// # Safety
/// A vector of four rows is in `copy` at each tap.
#[inline(always)]
unsafe fn any<S: Simd>(
    s: S,
    copy: &[S::E],
    layout: &Padded,
    weight: &[S::E],
    bias: S::E,
) -> [S::V; ROWS] {
    let mut sums = [s.splat(bias); ROWS];
    for (&tap, &w) in layout.taps.iter().zip(weight) {
        let w = s.splat(w);
        for r in 0..ROWS {
            // SAFETY: the caller's promise.
            let v = unsafe { s.load(copy.as_ptr().add(tap as usize + r * layout.row)) };
            sums[r] = s.fma(w, v, sums[r]);
        }
    }
    sums
}
