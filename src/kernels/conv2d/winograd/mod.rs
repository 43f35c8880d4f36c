//! Winograd's convolution for kernels of 3 by 3, stride 1: `F(M × M, 3 × 3)`.
//!
//! Tiles of `M` by `M` outputs are computed from `(M + 2)²` points: the input's tiles and the
//! kernels are transformed, multiplied point by point, summed over the channels and transformed
//! back. That takes 4 (`M = 4`) or 2.25 (`M = 2`) times fewer products, with rounding errors of
//! about 3e-6 or 5e-7 of the result's norm in `f32`.
//!
//! A weight that is used for few tiles is transformed on the way ([`fresh`]); the gradient of the
//! weight has its own kernel ([`gradient`]).
//!
//! Numbers that could spoil those around them ([`transform::Magnitude`]) are left to another
//! kernel: the weight is checked when it is transformed, the pixels when a task reads them.

mod cost;
mod fresh;
mod gradient;
mod product;
mod task;
mod tiles;
mod transform;
mod weight;

use super::geometry::Geometry;
use super::weights::{Convolution, Operands, Weights};
use crate::kernels::Element;
use crate::kernels::parallel::{Shared, tasks, threads};
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, dispatch};
use cost::outputs_of_tile;
pub use gradient::Plan as GradientPlan;
use product::{MAX_VECTORS, rows};
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use task::Task;
use tiles::runs;
pub use tiles::{join, pad, split};
pub use transform::Magnitude;
use weight::TransformPanel;

/// Taps of a kernel.
const TAPS: usize = 9;

/// Channels that are summed at a time, at most: their pixels stay in the first cache.
const DEPTH: usize = 64;

/// Numbers between the points in memory beyond what they take, so that the points do not fall
/// into the same sets of the cache.
const GAP: usize = 32;

/// Tiles, at most, for which a weight that is used once is transformed on the way: each task
/// transforms the pixels of all of them.
const FRESH_TILES: usize = 64;

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
    /// Whether tasks transform their weights themselves, on the way.
    fresh: bool,
}

/// What was left to another kernel.
struct Skipped {
    tiles: Range<usize>,
    outputs: Range<usize>,
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
        let fresh = weight == Use::Once && tiles <= FRESH_TILES;
        let split = fresh || tiles < threads * MAX_VECTORS * lanes;
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
            fresh,
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

    /// With a weight that is used once. `other` does the same by another kernel.
    pub fn convolve<E: Element>(
        &self,
        convolution: &Convolution<E>,
        y: &mut [E],
        other: impl FnOnce(&mut [E]),
    ) {
        if self.fresh {
            return self.run_fresh(convolution, y, other);
        }
        let Convolution { x, weight, bias, end, .. } = *convolution;
        scratch(self.weight_len(), |transformed| {
            if self.transform(weight, transformed) {
                self.run(Operands { x, weight: transformed, bias, end }, y, other);
            } else {
                other(y);
            }
        });
    }

    fn run_fresh<E: Element>(
        &self,
        convolution: &Convolution<E>,
        y: &mut [E],
        other: impl FnOnce(&mut [E]),
    ) {
        let Convolution { x, weight, bias, end, .. } = *convolution;
        assert!(weight.taps.len() == TAPS);
        Operands { x, weight: weight.data, bias, end }.check(&self.g, y);
        let skipped = Mutex::new(Vec::new());
        let out = Shared::new(y);
        tasks(threads(self.g.work()), self.parts(), |part| {
            let (plan, y, skipped) = (self, out, &skipped);
            scratch(self.fresh_len::<E>(), |buffer| match self.m {
                2 => {
                    let task = fresh::Task::<E, 2> { plan, convolution, y, part, buffer, skipped };
                    dispatch(self.isa, task);
                }
                _ => {
                    let task = fresh::Task::<E, 4> { plan, convolution, y, part, buffer, skipped };
                    dispatch(self.isa, task);
                }
            });
        });
        make_up(skipped, y, other, |skipped, from, to| self.copy(skipped, from, to));
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
        let parts = self.parts();
        let out = Shared::new(y);
        tasks(threads(self.g.work()), self.tiles.div_ceil(self.tiles_per_task) * parts, |t| {
            let (plan, y, skipped) = (self, out, &skipped);
            let (tiles, part) = (t / parts, t % parts);
            scratch(self.task_len::<E>(), |buffer| match self.m {
                2 => {
                    let task = Task::<E, 2> { plan, operands, y, tiles, part, buffer, skipped };
                    dispatch(self.isa, task);
                }
                _ => {
                    let task = Task::<E, 4> { plan, operands, y, tiles, part, buffer, skipped };
                    dispatch(self.isa, task);
                }
            });
        });
        make_up(skipped, y, other, |skipped, from, to| self.copy(skipped, from, to));
    }

    /// Shares of the output channels.
    fn parts(&self) -> usize {
        self.g.outputs.div_ceil(self.outputs_per_task)
    }

    fn outputs_of(&self, part: usize) -> Range<usize> {
        part * self.outputs_per_task..self.g.outputs.min((part + 1) * self.outputs_per_task)
    }

    /// Copies some outputs of some tiles.
    fn copy<E: Element>(&self, Skipped { tiles, outputs }: Skipped, from: &[E], to: &mut [E]) {
        let (g, m) = (&self.g, self.m);
        for run in runs(self.grid, tiles) {
            let columns = run.tile[1] * m..g.output[1].min((run.tile[1] + run.count) * m);
            for o in outputs.clone() {
                for row in run.tile[0] * m..g.output[0].min((run.tile[0] + 1) * m) {
                    let line = ((run.image * g.outputs + o) * g.output[0] + row) * g.output[1];
                    let pixels = line + columns.start..line + columns.end;
                    to[pixels.clone()].copy_from_slice(&from[pixels]);
                }
            }
        }
    }
}

/// Takes what was `skipped` from the other kernel; `copy` does so for one of them.
pub fn make_up<E: Element, T>(
    skipped: Mutex<Vec<T>>,
    y: &mut [E],
    other: impl FnOnce(&mut [E]),
    copy: impl Fn(T, &[E], &mut [E]),
) {
    let skipped = skipped.into_inner().expect("no task panicked");
    if !skipped.is_empty() {
        scratch(y.len(), |result| {
            // As it was, where something was skipped.
            result.copy_from_slice(y);
            other(result);
            skipped.into_iter().for_each(|skipped| copy(skipped, result, y));
        });
    }
}
