//! Some tiles and some output channels, from the image to the image.

use super::super::weights::Operands;
use super::product::{MAX_VECTORS, multiply};
use super::tiles::{self, Channel, Runs};
use super::transform::Magnitude;
use super::{GAP, Plan, Skipped};
use crate::kernels::Element;
use crate::kernels::parallel::Shared;
use crate::kernels::simd::{Op, Simd};
use std::ops::Range;
use std::sync::Mutex;

impl Plan {
    /// Distance between the points of a block of transformed pixels.
    pub(super) fn input_point(&self) -> usize {
        self.g.channels * self.block + GAP
    }

    /// Distance between the points of the sums.
    fn sums_point(&self) -> usize {
        self.outputs_per_task * self.block + GAP
    }

    /// Numbers in a task's buffer.
    pub(super) fn task_len<E: Element>(&self) -> usize {
        self.points() * (self.input_point() + self.sums_point()) + self.lines_len::<E>()
    }

    /// Numbers that the lines of pixels on their way take.
    pub(super) fn lines_len<E: Element>(&self) -> usize {
        let lanes = self.isa.limits::<E>().lanes;
        match self.m {
            2 => tiles::lines_len::<2>(lanes),
            _ => tiles::lines_len::<4>(lanes),
        }
    }
}

/// A block of tiles, and the runs of its vectors.
pub struct Block {
    pub tiles: Range<usize>,
    vectors: [Runs; MAX_VECTORS],
    count: usize,
}

impl Block {
    pub fn new(plan: &Plan, tiles: Range<usize>, lanes: usize) -> Block {
        let mut vectors = [Runs::default(); MAX_VECTORS];
        let count = tiles.len().div_ceil(lanes);
        for (i, runs) in vectors[..count].iter_mut().enumerate() {
            let at = tiles.start + i * lanes;
            *runs = Runs::new(plan.grid, at..tiles.end.min(at + lanes));
        }
        Block { tiles, vectors, count }
    }

    /// Transforms the tiles of all channels. Says whether their numbers suit the algorithm.
    #[inline(always)]
    #[must_use]
    pub fn load<S: Simd, const M: usize>(
        &self,
        s: S,
        plan: &Plan,
        x: &[S::E],
        lines: &mut [S::E],
        input: &mut [S::E],
    ) -> bool {
        let mut magnitude = Magnitude::new(s);
        for c in 0..plan.g.channels {
            for (i, runs) in self.vectors[..self.count].iter().enumerate() {
                let to = (&mut input[c * plan.block + i * S::LANES..], plan.input_point());
                tiles::load::<S, M>(s, &plan.g, (x, c), runs, lines, to, &mut magnitude);
            }
        }
        !magnitude.is_large(s)
    }

    /// Transforms the sums of an output channel back; its points are `stride` apart.
    ///
    /// # Safety
    /// The tiles of this channel are nobody else's.
    #[inline(always)]
    pub unsafe fn store<S: Simd, const M: usize>(
        &self,
        s: S,
        plan: &Plan,
        (sums, stride): (&[S::E], usize),
        lines: &mut [S::E],
        channel: &Channel<S::E>,
    ) {
        for (i, runs) in self.vectors[..self.count].iter().enumerate() {
            let from = (&sums[i * S::LANES..], stride);
            // SAFETY: by the caller's promise.
            unsafe { tiles::store::<S, M>(s, &plan.g, from, runs, lines, channel) };
        }
    }
}

/// With a weight that has been transformed.
pub struct Task<'a, E, const M: usize> {
    pub plan: &'a Plan,
    pub operands: Operands<'a, E>,
    pub y: Shared<E>,
    /// Which share of the tiles and of the output channels.
    pub tiles: usize,
    pub part: usize,
    pub buffer: &'a mut [E],
    /// Takes what is left to another kernel.
    pub skipped: &'a Mutex<Vec<Skipped>>,
}

impl<E: Element, const M: usize> Op<E> for Task<'_, E, M> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Task { plan, operands, y, tiles, part, buffer, skipped } = self;
        let Operands { x, weight, bias, end } = operands;
        let points = (M + 2) * (M + 2);
        let (input_point, sums_point) = (plan.input_point(), plan.sums_point());
        let (input, rest) = buffer.split_at_mut(points * input_point);
        let (sums, lines) = rest.split_at_mut(points * sums_point);
        let last = plan.tiles.min((tiles + 1) * plan.tiles_per_task);
        let outputs = plan.outputs_of(part);
        for first in (tiles * plan.tiles_per_task..last).step_by(plan.block) {
            let block = Block::new(plan, first..last.min(first + plan.block), S::LANES);
            if !block.load::<S, M>(s, plan, x, lines, input) {
                let skip = Skipped { tiles: block.tiles, outputs: outputs.clone() };
                skipped.lock().expect("no task panicked").push(skip);
                continue;
            }
            for point in 0..points {
                for c in (0..plan.g.channels).step_by(plan.depth) {
                    let depth = plan.depth.min(plan.g.channels - c);
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
                let sums = (&sums[(o - outputs.start) * plan.block..], sums_point);
                // SAFETY: this task alone has these tiles of this channel.
                unsafe { block.store::<S, M>(s, plan, sums, lines, &to) };
            }
        }
    }
}
