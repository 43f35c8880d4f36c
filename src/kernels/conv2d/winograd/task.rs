//! Some tiles and some output channels, from the image to the image.

use super::super::weights::Operands;
use super::product::multiply;
use super::tiles::{self, Plane, runs};
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
        let tiles = self.blocks * self.block;
        [self.g.channels * tiles + GAP, self.outputs_per_task * tiles + GAP]
    }

    /// Numbers in a task's buffer.
    pub(super) fn task_len<E: Element>(&self) -> usize {
        let lanes = self.isa.limits::<E>().lanes;
        let [input, sums] = self.task_points();
        let lines = match self.m {
            2 => tiles::lines_len::<2>(&self.g, lanes),
            _ => tiles::lines_len::<4>(&self.g, lanes),
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
        let at_once = plan.blocks * plan.block;
        for first in (tiles * plan.tiles_per_task..last).step_by(at_once) {
            let tiles = first..last.min(first + at_once);
            let blocks = tiles.len().div_ceil(plan.block);
            let block = |b: usize| {
                let start = first + b * plan.block;
                start..tiles.end.min(start + plan.block)
            };
            let mut magnitude = Magnitude::new(s);
            // Channel by channel, since runs write whole vectors over the ends of theirs.
            for b in 0..blocks {
                for c in 0..g.channels {
                    for run in runs(plan.grid, block(b)) {
                        let x = g.input_of(x, run.image, 0);
                        let x = &x[c * g.input_pixels()..][..g.input_pixels()];
                        let to = &mut input[(b * g.channels + c) * plan.block + run.place..];
                        tiles::load::<S, M>(s, g, x, run, lines, (to, input_point), &mut magnitude);
                    }
                }
            }
            if magnitude.is_large(s) {
                skipped.lock().expect("no task panicked").push(tiles);
                continue;
            }
            for point in 0..points {
                for o in outputs.clone().step_by(plan.rows) {
                    let row = o % plan.panel;
                    let at = plan.weight_at((point, o / plan.panel, 0));
                    let panel = &weight[at..][..g.channels * plan.panel][row..];
                    for b in 0..blocks {
                        let block = b * plan.block;
                        let input = &input[point * input_point + block * g.channels..];
                        let place =
                            block * plan.outputs_per_task + (o - outputs.start) * plan.block;
                        let sums = &mut sums[point * sums_point + place..];
                        let vectors = plan.block / S::LANES;
                        multiply(s, vectors, g.channels, input, (panel, plan.panel), sums);
                    }
                }
            }
            for b in 0..blocks {
                for run in runs(plan.grid, block(b)) {
                    for o in outputs.clone() {
                        let place = b * plan.outputs_per_task + o - outputs.start;
                        let from = &sums[place * plan.block + run.place..];
                        let plane = (run.image * g.outputs + o) * g.output_pixels();
                        let bias = bias.map_or(E::zero(), |bias| bias[o]);
                        // SAFETY: this task alone has these tiles of this channel.
                        unsafe {
                            let to = Plane { pixels: y.at(plane), bias, end };
                            tiles::store::<S, M>(s, g, from, sums_point, run, &to);
                        }
                    }
                }
            }
        }
    }
}
