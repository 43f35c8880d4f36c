//! The transform of the weight.

use super::super::weights::Weights;
use super::transform::{self, MAX_POINTS, Magnitude};
use super::{Plan, TAPS};
use crate::kernels::Element;
use crate::kernels::parallel::Shared;
use crate::kernels::simd::{MAX_LANES, Op, Simd};
use std::sync::atomic::{AtomicBool, Ordering};

/// Transforms the weights of a panel of output channels to `[point][channel][output]`, with
/// vectors of output channels. What stands for those that the panel has too many is not used.
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
        let (channels, outputs, panel) = (plan.g.channels, plan.g.outputs, plan.panel);
        let mut magnitude = Magnitude::new(s);
        for c in 0..channels {
            for v in (0..panel).step_by(S::LANES) {
                let first = index * panel + v;
                let count = outputs.saturating_sub(first).min(S::LANES);
                // Every output's nine taps lie together; transposed they are vectors of outputs.
                let mut taps = [s.zero(); TAPS];
                if count > 0 {
                    let rows = &weight.data[first * weight.output + c * weight.channel..];
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
                }
                let tap = |i: usize| taps[weight.taps[i]];
                let to = plan.weight_at((0, index, c)) + v;
                // Down the columns, then along the rows.
                let mut columns = [[s.zero(); MAX_POINTS]; 3];
                for i in 0..3 {
                    columns[i] = transform::weight::<S, M>(s, [tap(i), tap(3 + i), tap(6 + i)]);
                }
                for r in 0..M + 2 {
                    let row = [columns[0][r], columns[1][r], columns[2][r]];
                    let row = transform::weight::<S, M>(s, row);
                    for i in 0..M + 2 {
                        let point = (r * (M + 2) + i) * plan.weight_point();
                        // SAFETY: a vector of this panel, which is this task's alone.
                        unsafe { s.store(out.at(to + point), row[i]) };
                    }
                }
            }
        }
        if magnitude.is_large(s) {
            large.store(true, Ordering::Relaxed);
        }
    }
}
