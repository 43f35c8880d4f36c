//! Winograd's convolution for kernels of 3 by 3, stride 1: `F(M × M, 3 × 3)`.
//!
//! Tiles of `M` by `M` outputs are computed from `(M + 2)²` points: the input's tiles and the
//! kernels are transformed, multiplied point by point, summed over the channels and transformed
//! back. That takes 4 (`M = 4`) or 2.25 (`M = 2`) times fewer products, with rounding errors of
//! about 3e-6 or 5e-7 of the result's norm in `f32`.
//!
//! A transformed tile mixes pixels that no single output sees together. So an infinity or a NaN
//! would spread over its tile: [`suits_numbers`] says whether there is any such danger.

mod tiles;
mod transform;

use super::geometry::Geometry;
use super::pixel_tile::Tile;
use super::weights::{Convolution, Weights};
use crate::kernels::Element;
use crate::kernels::dots::max_columns;
use crate::kernels::parallel::{Shared, tasks, threads};
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, Op, Simd, dispatch};
use rayon::prelude::*;
use tiles::{Plane, runs};
use transform::{BLOCK, MAX_POINTS};

/// Cost of a product in Winograd's domain, by the transforms of pixels that come with it, and of
/// a transformed weight, both in products of a plain convolution. Measured.
const PRODUCT: f64 = 1.3;
const WEIGHT: f64 = 100.0;

/// Numbers between the points in memory beyond what they take, so that the points do not fall
/// into the same sets of the cache.
const GAP: usize = 32;

/// `M` for these sizes, if they allow Winograd's algorithm and it is the faster one.
pub fn outputs_of_tile<E: Element>(isa: Isa, g: &Geometry) -> Option<usize> {
    let fits = g.kernel == [3, 3] && g.stride == [1, 1] && g.dilation == [1, 1] && g.groups == 1;
    if !fits || g.channels < 16 || g.outputs < 16 {
        return None;
    }
    let lanes = isa.limits::<E>().lanes;
    let plain = (g.batch * g.output_pixels() * g.taps()) as f64;
    let cost = |m: usize| {
        let tiles = g.batch * g.output[0].div_ceil(m) * g.output[1].div_ceil(m);
        let points = ((m + 2) * (m + 2)) as f64;
        points * (tiles.next_multiple_of(lanes) as f64 * PRODUCT + WEIGHT)
    };
    let best = if cost(2) < cost(4) { 2 } else { 4 };
    (cost(best) < plain).then_some(best)
}

/// Whether no number is so large (or not a number) that it could spoil those around it.
pub fn suits_numbers<E: Element>(x: &[E]) -> bool {
    let limit = E::max_value().powf(E::cast(0.4));
    let chunk = 1 << 16;
    // Counted in integers, which the compiler makes vectors of.
    let small = |x: &[E]| x.iter().fold(1, |small, x| small & u32::from(x.abs() < limit)) == 1;
    if x.len() <= chunk { small(x) } else { x.par_chunks(chunk).all(small) }
}

/// With tiles of `m` by `m` outputs, 2 or 4.
pub fn run<E: Element>(isa: Isa, m: usize, convolution: &Convolution<E>, y: &mut [E]) {
    match m {
        2 => run_with::<E, 2>(isa, convolution, y),
        _ => run_with::<E, 4>(isa, convolution, y),
    }
}

struct Plan<'a, E> {
    convolution: &'a Convolution<'a, E>,
    /// Rows of a tile of sums.
    rows: usize,
    /// Tiles in a column and in a row of them, and in all images.
    grid: [usize; 2],
    tiles: usize,
    /// Tiles that are multiplied at a time: whole vectors.
    block: usize,
    /// Tiles of a task and output channels of a task.
    tiles_per_task: usize,
    outputs_per_task: usize,
    /// Where the channels of a block are, like taps.
    channels: Vec<u32>,
}

impl<E: Element> Plan<'_, E> {
    /// Distance between the points of a block's input, and of its sums.
    fn points(&self) -> [usize; 2] {
        let channels = self.convolution.g.channels;
        [channels * self.block + GAP, self.outputs_per_task * self.block + GAP]
    }
}

fn run_with<E: Element, const M: usize>(isa: Isa, convolution: &Convolution<E>, y: &mut [E]) {
    convolution.check(y);
    let g = convolution.g;
    let limits = isa.limits::<E>();
    let (lanes, most) = (limits.lanes, max_columns(limits.rows, limits.sums));
    let grid = g.output.map(|side| side.div_ceil(M));
    let tiles = g.batch * grid[0] * grid[1];
    let threads = threads(g.work());
    // Where there are few tiles, threads share the output channels instead.
    let split = tiles < threads * most * lanes;
    let vectors = (if split { tiles } else { tiles.div_ceil(threads) }).div_ceil(lanes);
    let block = vectors.div_ceil(vectors.div_ceil(most)) * lanes;
    let shares = if split { threads } else { 1 };
    let blocks = tiles.div_ceil(block).next_multiple_of(threads);
    let plan = Plan {
        convolution,
        rows: limits.rows,
        grid,
        tiles,
        block,
        tiles_per_task: if split { block } else { tiles.div_ceil(blocks) },
        outputs_per_task: g.outputs.div_ceil(shares).next_multiple_of(limits.rows),
        channels: (0..g.channels).map(|c| (c * block) as u32).collect(),
    };
    let points = (M + 2) * (M + 2);
    let y = Shared::new(y);
    scratch(points * g.outputs * g.channels, |transformed| {
        transform_weight::<E, M>(isa, convolution, transformed, threads);
        let transformed = &*transformed;
        let parts = g.outputs.div_ceil(plan.outputs_per_task);
        tasks(threads, tiles.div_ceil(plan.tiles_per_task) * parts, |t| {
            let [input, sums] = plan.points();
            let len = points * (input + sums) + tiles::lines_len::<M>(g, lanes);
            scratch(len, |buffer| {
                let (tiles, outputs) = (t / parts, t % parts);
                let task = Task::<E, M> { plan: &plan, transformed, y, tiles, outputs, buffer };
                dispatch(isa, task);
            });
        });
    });
}

/// Makes the weight `[point][output][channel]`.
fn transform_weight<E: Element, const M: usize>(
    isa: Isa,
    convolution: &Convolution<E>,
    transformed: &mut [E],
    threads: usize,
) {
    let Convolution { g, weight, .. } = *convolution;
    let points = (M + 2) * (M + 2);
    assert!(transformed.len() == points * g.outputs * g.channels && weight.taps.len() == 9);
    let out = Shared::new(transformed);
    tasks(threads, g.outputs, |output| {
        dispatch(isa, TransformWeight::<E, M> { g, weight, output, out });
    });
}

/// The weights of one output channel.
struct TransformWeight<'a, E, const M: usize> {
    g: &'a Geometry,
    weight: &'a Weights<'a, E>,
    output: usize,
    out: Shared<E>,
}

impl<E: Element, const M: usize> Op<E> for TransformWeight<'_, E, M> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, _: S) {
        let TransformWeight { g, weight, output, out } = self;
        let points = M + 2;
        for first in (0..g.channels).step_by(BLOCK) {
            let n = BLOCK.min(g.channels - first);
            let mut taps = [[E::zero(); BLOCK]; 9];
            for i in 0..n {
                for tap in 0..9 {
                    taps[tap][i] = weight.at(0, output, first + i, tap);
                }
            }
            // Down the columns, then along the rows.
            let mut columns = [[[E::zero(); BLOCK]; MAX_POINTS]; 3];
            for i in 0..3 {
                columns[i] = transform::weight::<E, M>([&taps[i], &taps[3 + i], &taps[6 + i]]);
            }
            for r in 0..points {
                let row = [&columns[0][r], &columns[1][r], &columns[2][r]];
                let row = transform::weight::<E, M>(row);
                for i in 0..points {
                    let plane = (r * points + i) * g.outputs + output;
                    // SAFETY: inside the buffer, whose length is asserted; each task has its own
                    // output channel.
                    let out = unsafe { out.part(plane * g.channels + first, n) };
                    out.copy_from_slice(&row[i][..n]);
                }
            }
        }
    }
}

struct Task<'a, E, const M: usize> {
    plan: &'a Plan<'a, E>,
    transformed: &'a [E],
    y: Shared<E>,
    tiles: usize,
    outputs: usize,
    buffer: &'a mut [E],
}

impl<E: Element, const M: usize> Op<E> for Task<'_, E, M> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Task { plan, transformed, y, tiles, outputs, buffer } = self;
        let Convolution { g, x, bias, add, .. } = *plan.convolution;
        let points = (M + 2) * (M + 2);
        let [input_point, sums_point] = plan.points();
        let (input, rest) = buffer.split_at_mut(points * input_point);
        let (sums, lines) = rest.split_at_mut(points * sums_point);
        let end = plan.tiles.min((tiles + 1) * plan.tiles_per_task);
        let outputs =
            outputs * plan.outputs_per_task..g.outputs.min((outputs + 1) * plan.outputs_per_task);
        for first in (tiles * plan.tiles_per_task..end).step_by(plan.block) {
            let block = first..end.min(first + plan.block);
            // Channel by channel, since runs write whole vectors over the ends of theirs.
            for c in 0..g.channels {
                for run in runs(plan.grid, block.clone()) {
                    let x = g.input_of(x, run.image, 0);
                    let x = &x[c * g.input_pixels()..][..g.input_pixels()];
                    let to = &mut input[c * plan.block + run.place..];
                    tiles::load::<S, M>(s, g, x, run, lines, to, input_point);
                }
            }
            for point in 0..points {
                let weight = &transformed[point * g.outputs * g.channels..];
                for o in outputs.clone().step_by(plan.rows) {
                    let rows = plan.rows.min(outputs.end - o);
                    let at = point * sums_point + (o - outputs.start) * plan.block;
                    let tile = Tile {
                        copy: &input[point * input_point..],
                        taps: &plan.channels,
                        weight: &weight[o * g.channels..][..rows * g.channels],
                        vectors: plan.block / S::LANES,
                    };
                    // SAFETY: `input` has a block for each channel of this point, and the gap.
                    let width = unsafe { tile.run(s, rows, &mut sums[at..]) };
                    assert!(width == plan.block);
                }
            }
            for run in runs(plan.grid, block) {
                for o in outputs.clone() {
                    let from = &sums[(o - outputs.start) * plan.block + run.place..];
                    let plane = (run.image * g.outputs + o) * g.output_pixels();
                    // SAFETY: this task alone has these tiles of this channel.
                    unsafe {
                        let bias = bias.map_or(E::zero(), |bias| bias[o]);
                        let to = Plane { pixels: y.at(plane), bias, add };
                        tiles::store::<S, M>(s, g, from, sums_point, run, &to);
                    }
                }
            }
        }
    }
}
