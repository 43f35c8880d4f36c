//! The transform of the weight.

use super::super::weights::Weights;
use super::transform::{self, MAX_POINTS, Magnitude};
use super::{Plan, TAPS};
use crate::kernels::Element;
use crate::kernels::parallel::Shared;
use crate::kernels::simd::{MAX_LANES, Op, Simd};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// Transforms the weights of a panel of output channels.
pub struct TransformPanel<'a, E, const M: usize> {
    pub plan: &'a Plan,
    pub weight: &'a Weights<'a, E>,
    /// Which panel.
    pub index: usize,
    /// The whole transformed weight, of which this panel is this task's.
    pub out: Shared<E>,
    /// Set if there is a number that could spoil those around it.
    pub large: &'a AtomicBool,
}

impl<E: Element, const M: usize> Op<E> for TransformPanel<'_, E, M> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let TransformPanel { plan, weight, index, out, large } = self;
        let mut magnitude = Magnitude::new(s);
        for c in (0..plan.g.channels).step_by(plan.depth) {
            let step = c..plan.g.channels.min(c + plan.depth);
            // SAFETY: the panel is this task's alone, and these channels lie together in it.
            unsafe {
                let to = (out.at(plan.weight_at((0, index, c))), plan.weight_point());
                transform_step::<S, M>(s, plan, weight, (index, step), to, &mut magnitude);
            }
        }
        if magnitude.is_large(s) {
            large.store(true, Ordering::Relaxed);
        }
    }
}

/// Transforms the weights of a panel of output channels for some input channels to
/// `[point][channel][output]`, with vectors of output channels; points are `stride` apart. What
/// stands for outputs that the panel has too many is not used. `magnitude` sees every weight.
///
/// # Safety
/// At every point, the channels' panels are writable.
#[inline(always)]
pub unsafe fn transform_step<S: Simd, const M: usize>(
    s: S,
    plan: &Plan,
    weight: &Weights<S::E>,
    (index, channels): (usize, Range<usize>),
    (to, stride): (*mut S::E, usize),
    magnitude: &mut Magnitude<S>,
) {
    let (outputs, panel) = (plan.g.outputs, plan.panel);
    for (i, c) in channels.enumerate() {
        for v in (0..panel).step_by(S::LANES) {
            let first = index * panel + v;
            let count = outputs.saturating_sub(first).min(S::LANES);
            let taps = load_taps(s, weight, (first, count), c, magnitude);
            let tap = |i: usize| taps[weight.taps[i]];
            // Down the columns, then along the rows.
            let mut columns = [[s.zero(); MAX_POINTS]; 3];
            for i in 0..3 {
                columns[i] = transform::weight::<S, M>(s, [tap(i), tap(3 + i), tap(6 + i)]);
            }
            for r in 0..M + 2 {
                let row = [columns[0][r], columns[1][r], columns[2][r]];
                let row = transform::weight::<S, M>(s, row);
                for j in 0..M + 2 {
                    let at = (r * (M + 2) + j) * stride + i * panel + v;
                    // SAFETY: by the caller's promise.
                    unsafe { s.store(to.add(at), row[j]) };
                }
            }
        }
    }
}

/// The nine taps of an input channel, as vectors of `count` output channels.
#[inline(always)]
fn load_taps<S: Simd>(
    s: S,
    weight: &Weights<S::E>,
    (first, count): (usize, usize),
    channel: usize,
    magnitude: &mut Magnitude<S>,
) -> [S::V; TAPS] {
    let mut taps = [s.zero(); TAPS];
    if count == 0 {
        return taps;
    }
    // Every output's nine taps lie together; transposed they are vectors of outputs.
    let rows = &weight.data[first * weight.output + channel * weight.channel..];
    assert!(rows.len() >= (count - 1) * weight.output + TAPS);
    for t in (0..TAPS).step_by(S::LANES) {
        let n = S::LANES.min(TAPS - t);
        let mut block = [s.zero(); MAX_LANES];
        for i in 0..S::LANES {
            // An output too many is the last one again: its sums are dropped.
            let row = i.min(count - 1) * weight.output;
            // SAFETY: `n` taps from `t` on are in the row, as asserted.
            block[i] = unsafe { s.load_first(rows.as_ptr().add(row + t), n) };
        }
        let block = s.transpose(block);
        for i in 0..S::LANES {
            if t + i < TAPS {
                taps[t + i] = block[i];
                magnitude.add(s, block[i]);
            }
        }
    }
    taps
}
