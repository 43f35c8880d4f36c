//! All tiles and some output channels, with a weight that is transformed on the way.
//!
//! Where tiles are few, a transformed weight is much larger than the images, and writing it to
//! memory and reading it again takes longer than the products. Here a panel for a few channels is
//! transformed, multiplied while it is in the cache, and forgotten.

use super::super::weights::{Convolution, Weights};
use super::product::multiply;
use super::task::Block;
use super::tiles::Channel;
use super::transform::Magnitude;
use super::weight::transform_step;
use super::{GAP, Plan, Skipped};
use crate::kernels::Element;
use crate::kernels::parallel::Shared;
use crate::kernels::simd::{Op, Simd};
use std::ops::Range;
use std::sync::Mutex;

/// Output channels whose sums are kept at a time: they stay in the second cache.
const GROUP: usize = 64;

impl Plan {
    /// Blocks of all tiles.
    fn blocks(&self) -> usize {
        self.tiles.div_ceil(self.block)
    }

    fn block_at(&self, index: usize, lanes: usize) -> Block {
        let first = index * self.block;
        Block::new(self, first..self.tiles.min(first + self.block), lanes)
    }

    /// Output channels whose sums are kept at a time, whole panels.
    fn group(&self) -> usize {
        GROUP.next_multiple_of(self.panel).min(self.outputs_per_task)
    }

    /// Where the sums of a block and an output of the group are, at every point.
    #[inline(always)]
    fn group_sums(&self, block: usize, output: usize) -> usize {
        (block * self.group() + output) * self.block
    }

    /// Distance between the points of the sums, and of the weights at hand.
    fn fresh_points(&self) -> [usize; 2] {
        [self.group_sums(self.blocks(), 0) + GAP, self.depth * self.panel + GAP]
    }

    /// Numbers in a task's buffer.
    pub(super) fn fresh_len<E: Element>(&self) -> usize {
        let [sums, weights] = self.fresh_points();
        let input = self.blocks() * self.input_point();
        self.points() * (input + sums + weights) + self.lines_len::<E>()
    }
}

pub struct Task<'a, E, const M: usize> {
    pub plan: &'a Plan,
    pub convolution: &'a Convolution<'a, E>,
    pub y: Shared<E>,
    /// Which share of the output channels.
    pub part: usize,
    pub buffer: &'a mut [E],
    /// Takes what is left to another kernel.
    pub skipped: &'a Mutex<Vec<Skipped>>,
}

impl<E: Element, const M: usize> Op<E> for Task<'_, E, M> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Task { plan, convolution, y, part, buffer, skipped } = self;
        let Convolution { x, weight, bias, end, .. } = *convolution;
        let [sums_point, weights_point] = plan.fresh_points();
        let block_len = plan.points() * plan.input_point();
        let (input, rest) = buffer.split_at_mut(plan.blocks() * block_len);
        let (sums, rest) = rest.split_at_mut(plan.points() * sums_point);
        let (weights, lines) = rest.split_at_mut(plan.points() * weights_point);
        let mut pixels_suit = true;
        for (b, input) in input.chunks_exact_mut(block_len).enumerate() {
            pixels_suit &= plan.block_at(b, S::LANES).load::<S, M>(s, plan, x, lines, input);
        }
        let outputs = plan.outputs_of(part);
        for first in outputs.clone().step_by(plan.group()) {
            let group = first..outputs.end.min(first + plan.group());
            let suits =
                pixels_suit && add_up::<S, M>(s, plan, weight, group.clone(), input, weights, sums);
            if !suits {
                let skip = Skipped { tiles: 0..plan.tiles, outputs: group };
                skipped.lock().expect("no task panicked").push(skip);
                continue;
            }
            for b in 0..plan.blocks() {
                let block = plan.block_at(b, S::LANES);
                for o in group.clone() {
                    let bias = bias.map_or(E::zero(), |bias| bias[o]);
                    let to = Channel { y, index: o, bias, end };
                    let from = (&sums[plan.group_sums(b, o - first)..], sums_point);
                    // SAFETY: this task alone has this channel.
                    unsafe { block.store::<S, M>(s, plan, from, lines, &to) };
                }
            }
        }
    }
}

/// The sums of all tiles for a group of output channels. Says whether the weights suit the
/// algorithm.
#[inline(always)]
#[must_use]
fn add_up<S: Simd, const M: usize>(
    s: S,
    plan: &Plan,
    weight: &Weights<S::E>,
    group: Range<usize>,
    input: &[S::E],
    weights: &mut [S::E],
    sums: &mut [S::E],
) -> bool {
    let points = (M + 2) * (M + 2);
    let input_point = plan.input_point();
    let [sums_point, weights_point] = plan.fresh_points();
    assert!(weights.len() >= points * weights_point);
    let mut magnitude = Magnitude::new(s);
    for c in (0..plan.g.channels).step_by(plan.depth) {
        let step = c..plan.g.channels.min(c + plan.depth);
        for first in group.clone().step_by(plan.panel) {
            let panel = first..group.end.min(first + plan.panel);
            let index = first / plan.panel;
            let to = (weights.as_mut_ptr(), weights_point);
            // SAFETY: `weights` has room for a panel of a step at every point, as asserted.
            unsafe {
                let at = (index, step.clone());
                transform_step::<S, M>(s, plan, weight, at, to, &mut magnitude);
            }
            for (b, input) in input.chunks_exact(points * input_point).enumerate() {
                for point in 0..points {
                    let input = &input[point * input_point..];
                    let input = &input[step.start * plan.block..step.end * plan.block];
                    let weights = &weights[point * weights_point..];
                    for o in panel.clone().step_by(plan.rows) {
                        let weights = (&weights[o - first..], plan.panel);
                        let at = point * sums_point + plan.group_sums(b, o - group.start);
                        let sums = &mut sums[at..];
                        multiply(s, plan.block / S::LANES, c == 0, input, weights, sums);
                    }
                }
            }
        }
    }
    !magnitude.is_large(s)
}
