//! Winograd's convolution for kernels of 3 by 3, stride 1: `F(M × M, 3 × 3)`.
//!
//! Tiles of `M` by `M` outputs are computed from `(M + 2)²` points: the input's tiles and the
//! kernels are transformed, multiplied point by point, summed over the channels and transformed
//! back. That takes 4 (`M = 4`) or 2.25 (`M = 2`) times fewer products, with rounding errors of
//! about 3e-6 or 5e-7 of the result's norm in `f32`.
//!
//! Numbers that could spoil those around them ([`transform::Magnitude`]) are left to another
//! kernel: the weight is checked when it is transformed, the pixels when a task reads them.

mod gradient;
mod product;
mod task;
mod tiles;
mod transform;
mod weight;

use super::geometry::Geometry;
use super::weights::{Operands, Weights};
use crate::kernels::Element;
use crate::kernels::parallel::{Shared, tasks, threads};
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, dispatch};
pub use gradient::Plan as GradientPlan;
use product::{MAX_VECTORS, rows};
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use task::Task;
use tiles::runs;
use weight::TransformPanel;

/// Taps of a kernel.
const TAPS: usize = 9;

/// Cost of a product in Winograd's domain, with the transforms of pixels that come with it, in
/// products of a plain convolution. Measured, like the others.
const PRODUCT: f64 = 1.3;

/// Cost of a transformed weight, and of a packed one for the other kernel, if it is used once.
const WEIGHT: f64 = 32.0;
const PACKED_WEIGHT: f64 = 25.0;

/// Cost of a transformed weight that only has to be read.
const KEPT_WEIGHT: f64 = 2.0;

/// Channels that are summed at a time, at most: their pixels stay in the first cache.
const DEPTH: usize = 64;

/// Numbers between the points in memory beyond what they take, so that the points do not fall
/// into the same sets of the cache.
const GAP: usize = 32;

/// How often a transformed weight will be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    Once,
    Kept,
}

/// Whether the algorithm is one for this convolution, at some batch.
pub fn fits(g: &Geometry) -> bool {
    let three = g.kernel == [3, 3] && g.stride == [1, 1] && g.dilation == [1, 1];
    three && g.groups == 1 && g.channels >= 16 && g.outputs >= 16
}

pub struct Plan {
    isa: Isa,
    g: Geometry,
    /// `M`: 2 or 4.
    m: usize,
    /// Output channels of a tile of sums and of a panel of the weight.
    rows: usize,
    panel: usize,
    /// Tiles in a column and in a row of them, and in all images.
    grid: [usize; 2],
    tiles: usize,
    /// Channels that are summed at a time.
    depth: usize,
    /// Tiles that are multiplied at a time: whole vectors.
    block: usize,
    /// Tiles of a task and output channels of a task, whole panels.
    tiles_per_task: usize,
    outputs_per_task: usize,
}

impl Plan {
    /// If the algorithm is one for these sizes and the fastest one.
    pub fn new<E: Element>(isa: Isa, g: &Geometry, weight: Use) -> Option<Plan> {
        if !fits(g) {
            return None;
        }
        let limits = isa.limits::<E>();
        let lanes = limits.lanes;
        let m = outputs_of_tile(g, lanes, weight)?;
        let (rows, panel) = (rows(limits.sums), rows(limits.sums).max(lanes));
        let grid = g.output.map(|side| side.div_ceil(m));
        let tiles = g.batch * grid[0] * grid[1];
        let threads = threads(g.work());
        // Where there are few tiles, threads share the output channels instead.
        let split = tiles < threads * MAX_VECTORS * lanes;
        let vectors = (if split { tiles } else { tiles.div_ceil(threads) }).div_ceil(lanes);
        let block = vectors.div_ceil(vectors.div_ceil(MAX_VECTORS)) * lanes;
        let shares = if split { threads } else { 1 };
        let blocks = tiles.div_ceil(block).next_multiple_of(threads);
        Some(Plan {
            isa,
            g: *g,
            m,
            rows,
            panel,
            grid,
            tiles,
            depth: g.channels.div_ceil(g.channels.div_ceil(DEPTH)),
            block,
            tiles_per_task: if split { block } else { tiles.div_ceil(blocks) },
            outputs_per_task: g.outputs.div_ceil(shares).next_multiple_of(panel),
        })
    }

    fn points(&self) -> usize {
        (self.m + 2) * (self.m + 2)
    }

    fn panels(&self) -> usize {
        self.g.outputs.div_ceil(self.panel)
    }

    /// Distance between the points of the transformed weight.
    fn weight_point(&self) -> usize {
        self.panels() * self.panel * self.g.channels + GAP
    }

    /// Where a panel's channel is in the transformed weight, which lies in the order in which it
    /// is read: `[point][step of channels][panel][channel][output]`.
    #[inline(always)]
    fn weight_at(&self, (point, panel, channel): (usize, usize, usize)) -> usize {
        let outputs = self.panels() * self.panel;
        let (before, within) = (channel / self.depth * self.depth, channel % self.depth);
        let depth = self.depth.min(self.g.channels - before);
        point * self.weight_point() + before * outputs + (panel * depth + within) * self.panel
    }

    /// Numbers in the transformed weight.
    pub fn weight_len(&self) -> usize {
        self.points() * self.weight_point()
    }

    /// Whether a weight that was transformed for the other plan serves this one too.
    pub fn shares_weight(&self, other: &Plan) -> bool {
        self.m == other.m
    }

    /// Transforms a weight. Says whether its numbers suit the algorithm.
    #[must_use]
    pub fn transform<E: Element>(&self, weight: &Weights<E>, transformed: &mut [E]) -> bool {
        assert!(transformed.len() == self.weight_len() && weight.taps.len() == TAPS);
        let out = Shared::new(transformed);
        let large = AtomicBool::new(false);
        tasks(threads(self.g.work()), self.panels(), |index| match self.m {
            2 => {
                let large = &large;
                dispatch(self.isa, TransformPanel::<E, 2> { plan: self, weight, index, out, large })
            }
            _ => {
                let large = &large;
                dispatch(self.isa, TransformPanel::<E, 4> { plan: self, weight, index, out, large })
            }
        });
        !large.into_inner()
    }

    /// With a transformed weight. `other` does the same by another kernel.
    pub fn run<E: Element>(
        &self,
        operands: Operands<E>,
        y: &mut [E],
        other: impl FnOnce(&mut [E]),
    ) {
        operands.check(&self.g, y);
        assert!(operands.weight.len() == self.weight_len());
        let skipped = Mutex::new(Vec::new());
        let parts = self.g.outputs.div_ceil(self.outputs_per_task);
        let out = Shared::new(y);
        tasks(threads(self.g.work()), self.tiles.div_ceil(self.tiles_per_task) * parts, |t| {
            let (tiles, part) = (t / parts, t % parts);
            let skipped = &skipped;
            scratch(self.task_len::<E>(), |buffer| match self.m {
                2 => {
                    let plan = self;
                    let task =
                        Task::<E, 2> { plan, operands, y: out, tiles, part, buffer, skipped };
                    dispatch(self.isa, task);
                }
                _ => {
                    let plan = self;
                    let task =
                        Task::<E, 4> { plan, operands, y: out, tiles, part, buffer, skipped };
                    dispatch(self.isa, task);
                }
            });
        });
        let skipped = skipped.into_inner().expect("no task panicked");
        if !skipped.is_empty() {
            scratch(y.len(), |result| {
                // As it was, where tiles were skipped.
                result.copy_from_slice(y);
                other(result);
                skipped.into_iter().for_each(|tiles| self.copy(tiles, result, y));
            });
        }
    }

    /// Copies the outputs of some tiles.
    fn copy<E: Element>(&self, tiles: Range<usize>, from: &[E], to: &mut [E]) {
        let (g, m) = (&self.g, self.m);
        for run in runs(self.grid, tiles) {
            let columns = run.tile[1] * m..g.output[1].min((run.tile[1] + run.count) * m);
            for o in 0..g.outputs {
                for row in run.tile[0] * m..g.output[0].min((run.tile[0] + 1) * m) {
                    let line = ((run.image * g.outputs + o) * g.output[0] + row) * g.output[1];
                    let pixels = line + columns.start..line + columns.end;
                    to[pixels.clone()].copy_from_slice(&from[pixels]);
                }
            }
        }
    }
}

/// `M` for these sizes, if the algorithm is the faster one.
fn outputs_of_tile(g: &Geometry, lanes: usize, weight: Use) -> Option<usize> {
    let (transformed, packed) = match weight {
        Use::Once => (WEIGHT, PACKED_WEIGHT),
        Use::Kept => (KEPT_WEIGHT, 0.0),
    };
    let plain = ((g.batch * g.output_pixels()) as f64 + packed) * TAPS as f64;
    let cost = |m: usize| {
        let tiles = g.batch * g.output[0].div_ceil(m) * g.output[1].div_ceil(m);
        let points = ((m + 2) * (m + 2)) as f64;
        points * (tiles.next_multiple_of(lanes) as f64 * PRODUCT + transformed)
    };
    let best = if cost(2) < cost(4) { 2 } else { 4 };
    (cost(best) < plain).then_some(best)
}
