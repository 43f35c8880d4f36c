//! Some tiles and some output channels, from the image to the image.

use super::super::weights::Operands;
use super::product::{MAX_VECTORS, multiply};
use super::tiles::{self, Channel, Runs};
use super::transform::Magnitude;
use super::{GAP, Plan};
use crate::kernels::Element;
use crate::kernels::parallel::Shared;
use crate::kernels::simd::{Op, Simd};
use std::ops::Range;
use std::sync::Mutex;

impl Plan {
    /// Distance between the points of the transformed pixels, and of the sums.
    fn task_points(&self) -> [usize; 2] {
        [self.g.channels * self.block + GAP, self.outputs_per_task * self.block + GAP]
    }

    /// Numbers in a task's buffer.
    pub(super) fn task_len<E: Element>(&self) -> usize {
        let lanes = self.isa.limits::<E>().lanes;
        let [input, sums] = self.task_points();
        let lines = match self.m {
            2 => tiles::lines_len::<2>(lanes),
            _ => tiles::lines_len::<4>(lanes),
        };
        self.points() * (input + sums) + lines
    }
}

pub struct Task<'a, E, const M: usize> {
    pub plan: &'a Plan,
    pub operands: Operands<'a, E>,
    pub y: Shared<E>,
    /// Which share of the tiles and of the output channels.
    pub tiles: usize,
    pub part: usize,
    pub buffer: &'a mut [E],
    /// Takes the tiles that are left to another kernel.
    pub skipped: &'a Mutex<Vec<Range<usize>>>,
}

impl<E: Element, const M: usize> Op<E> for Task<'_, E, M> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Task { plan, operands, y, tiles, part, buffer, skipped } = self;
        let Operands { x, weight, bias, end } = operands;
        let g = &plan.g;
        let points = (M + 2) * (M + 2);
        let [input_point, sums_point] = plan.task_points();
        let (input, rest) = buffer.split_at_mut(points * input_point);
        let (sums, lines) = rest.split_at_mut(points * sums_point);
        let last = plan.tiles.min((tiles + 1) * plan.tiles_per_task);
        let outputs =
            part * plan.outputs_per_task..g.outputs.min((part + 1) * plan.outputs_per_task);
        for first in (tiles * plan.tiles_per_task..last).step_by(plan.block) {
            let block = first..last.min(first + plan.block);
            let mut vectors = [Runs::default(); MAX_VECTORS];
            let count = block.len().div_ceil(S::LANES);
            for (i, runs) in vectors[..count].iter_mut().enumerate() {
                let at = first + i * S::LANES;
                *runs = Runs::new(plan.grid, at..block.end.min(at + S::LANES));
            }
            let vectors = &vectors[..count];
            let mut magnitude = Magnitude::new(s);
            for c in 0..g.channels {
                for (i, runs) in vectors.iter().enumerate() {
                    let to = (&mut input[c * plan.block + i * S::LANES..], input_point);
                    tiles::load::<S, M>(s, g, (x, c), runs, lines, to, &mut magnitude);
                }
            }
            if magnitude.is_large(s) {
                skipped.lock().expect("no task panicked").push(block);
                continue;
            }
            for point in 0..points {
                for c in (0..g.channels).step_by(plan.depth) {
                    let depth = plan.depth.min(g.channels - c);
                    let input = &input[point * input_point + c * plan.block..];
                    let input = &input[..depth * plan.block];
                    for o in outputs.clone().step_by(plan.rows) {
                        let at = plan.weight_at((point, o / plan.panel, c));
                        let panel = &weight[at..][..depth * plan.panel][o % plan.panel..];
                        let at = point * sums_point + (o - outputs.start) * plan.block;
                        let (panel, sums) = ((panel, plan.panel), &mut sums[at..]);
                        multiply(s, plan.block / S::LANES, c == 0, input, panel, sums);
                    }
                }
            }
            for o in outputs.clone() {
                let bias = bias.map_or(E::zero(), |bias| bias[o]);
                let to = Channel { y, index: o, bias, end };
                for (i, runs) in vectors.iter().enumerate() {
                    let from = &sums[(o - outputs.start) * plan.block + i * S::LANES..];
                    let from = (from, sums_point);
                    // SAFETY: this task alone has these tiles of this channel.
                    unsafe { tiles::store::<S, M>(s, g, from, runs, lines, &to) };
                }
            }
        }
    }
}
