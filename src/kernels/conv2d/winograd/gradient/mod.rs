//! The gradient of the weight by Winograd's algorithm: the adjoint of the convolution.
//!
//! `gw += Gᵀ [Σ (Bᵀ x B) ⊙ (A gy Aᵀ)] G`, summed over the tiles of all images, with four times
//! fewer products. The tiles of some images are transformed, with vectors of channels. Then each
//! task sums the products of some input channels by some output channels at all points,
//! transforms the sums back and adds them to the gradient, in the same order for any number of
//! threads.

mod points;
mod sums;

use super::super::geometry::Geometry;
use super::product::{MAX_VECTORS, rows};
use super::{GAP, TAPS, fits};
use crate::kernels::Element;
use crate::kernels::parallel::{Shared, tasks, threads};
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, dispatch};
use points::{Planes, Tiles};
use std::ops::Range;
use std::sync::atomic::AtomicBool;
use sums::Sums;

/// Rows and columns of outputs of a tile. Smaller tiles would take more products for the same
/// transforms, and have never been faster.
const M: usize = 4;

/// Rows and columns of a transformed tile, and its points.
const SIDE: usize = M + 2;
const POINTS: usize = SIDE * SIDE;

/// Cost of a product, of a transformed number and of a sum that is transformed back, in products
/// of the plain kernel. Measured.
const PRODUCT: f64 = 1.25;
const TRANSFORM: f64 = 6.0;
const SUM: f64 = 4.0;

/// Bytes of transformed tiles at a time, so that they stay in the cache, and tiles at a time, at
/// least, so that their sums are worth the way back.
const BLOCK_BYTES: usize = 4 << 20;
const BLOCK_TILES: usize = 64;

/// Bytes of the transformed tiles of an image, at most: the gradient is not worth more memory.
const IMAGE_BYTES: usize = 64 << 20;

/// Input and output channels of a task, at most: their sums stay in the second cache.
const TASK_CHANNELS: usize = 64;

pub struct Plan {
    isa: Isa,
    g: Geometry,
    /// Tiles in a column and in a row of them.
    grid: [usize; 2],
    /// Channels of a panel of the transformed input, a vector, and of the transformed gradient,
    /// the vectors of a tile of sums.
    panel: [usize; 2],
    /// Input and output channels of a task, whole panels.
    task: [usize; 2],
    /// Images that are transformed at a time.
    images: usize,
}

impl Plan {
    /// If the algorithm is one for these sizes and the fastest one.
    pub fn new<E: Element>(isa: Isa, g: &Geometry) -> Option<Plan> {
        if !fits(g) {
            return None;
        }
        let limits = isa.limits::<E>();
        let lanes = limits.lanes;
        assert_eq!(lanes % rows(limits.sums), 0);
        let grid = g.output.map(|side| side.div_ceil(M));
        let panel = [lanes, g.outputs.div_ceil(lanes).min(MAX_VECTORS) * lanes];
        let channels =
            [g.channels.next_multiple_of(panel[0]), g.outputs.next_multiple_of(panel[1])];
        let threads = threads(g.work());
        let mut task = [0, 1].map(|i| channels[i].min(TASK_CHANNELS.next_multiple_of(panel[i])));
        while task[0] > lanes && tasks_of(channels, task) < threads {
            task[0] = (task[0] / 2).next_multiple_of(lanes);
        }
        let tiles = grid[0] * grid[1];
        let bytes = (channels[0] + channels[1]) * tiles * POINTS * size_of::<E>();
        let images = (BLOCK_BYTES / bytes).max(BLOCK_TILES.div_ceil(tiles)).min(g.batch);
        let blocks = g.batch.div_ceil(images);
        let plain = g.batch * g.output_pixels() * g.products() * g.outputs.next_multiple_of(lanes);
        let faster = bytes <= IMAGE_BYTES && cost(channels, g.batch * tiles, blocks) < plain as f64;
        let images = g.batch.div_ceil(blocks);
        faster.then_some(Plan { isa, g: *g, grid, panel, task, images })
    }

    /// `gw += …`. `other` does the same for some of the images by another kernel.
    pub fn run<E: Element>(
        &self,
        (x, gy): (&[E], &[E]),
        gw: &mut [E],
        other: impl Fn(&Geometry, (&[E], &[E]), &mut [E]),
    ) {
        assert!(x.len() == self.g.input_len() && gy.len() == self.g.output_len());
        assert!(gw.len() == self.g.weight_len());
        for first in (0..self.g.batch).step_by(self.images) {
            let g = &Geometry { batch: self.images.min(self.g.batch - first), ..self.g };
            let image = [g.input_len() / g.batch, g.output_len() / g.batch];
            let x = &x[first * image[0]..][..g.input_len()];
            let gy = &gy[first * image[1]..][..g.output_len()];
            let [x_len, gy_len] = self.points(g.batch).map(|point| POINTS * point);
            scratch(x_len + gy_len, |buffer| {
                let (x_points, gy_points) = buffer.split_at_mut(x_len);
                if self.transform(g.batch, (x, gy), (x_points, gy_points)) {
                    self.add_sums(g.batch, (x_points, gy_points), gw);
                } else {
                    other(g, (x, gy), gw);
                }
            });
        }
    }

    fn tiles(&self, images: usize) -> usize {
        images * self.grid[0] * self.grid[1]
    }

    /// Distances between the points of the transformed input and of the transformed gradient,
    /// which lie as `[point][panel][tile][channel]`.
    fn points(&self, images: usize) -> [usize; 2] {
        let channels = [self.g.channels, self.g.outputs];
        [0, 1].map(|i| channels[i].next_multiple_of(self.panel[i]) * self.tiles(images) + GAP)
    }

    /// Transforms the tiles of some images. Says whether their numbers suit the algorithm.
    #[must_use]
    fn transform<E: Element>(
        &self,
        images: usize,
        (x, gy): (&[E], &[E]),
        (x_points, gy_points): (&mut [E], &mut [E]),
    ) -> bool {
        let g = &self.g;
        let planes = [
            Planes { data: x, channels: g.channels, size: g.input, padding: g.padding },
            Planes { data: gy, channels: g.outputs, size: g.output, padding: [0, 0] },
        ];
        let out = [Shared::new(x_points), Shared::new(gy_points)];
        let panels = [0, 1].map(|i| planes[i].channels.div_ceil(self.panel[i]));
        let large = AtomicBool::new(false);
        tasks(threads(g.work()), images * (panels[0] + panels[1]), |t| {
            let (image, panel) = (t % images, t / images);
            let (side, panel) = if panel < panels[0] { (0, panel) } else { (1, panel - panels[0]) };
            scratch(self.strip_len(), |strip| {
                let (plan, planes, out, large) = (self, &planes[side], out[side], &large);
                let (width, point) = (self.panel[side], self.points(images)[side]);
                if side == 0 {
                    let tiles = Tiles::<E, SIDE> {
                        plan,
                        planes,
                        image,
                        images,
                        panel,
                        width,
                        strip,
                        out,
                        point,
                        large,
                    };
                    dispatch(self.isa, tiles);
                } else {
                    let tiles = Tiles::<E, M> {
                        plan,
                        planes,
                        image,
                        images,
                        panel,
                        width,
                        strip,
                        out,
                        point,
                        large,
                    };
                    dispatch(self.isa, tiles);
                }
            });
        });
        !large.into_inner()
    }

    /// Numbers of the rows of a row of tiles, for a vector of channels.
    fn strip_len(&self) -> usize {
        SIDE * (self.grid[1] * M + 2) * self.panel[0]
    }

    /// `gw += Gᵀ [Σ x ⊙ gy] G` over the transformed tiles of some images.
    fn add_sums<E: Element>(&self, images: usize, (x, gy): (&[E], &[E]), gw: &mut [E]) {
        let out = Shared::new(gw);
        let count = tasks_of([self.g.channels, self.g.outputs], self.task);
        tasks(threads(self.g.work()), count, |index| {
            scratch(self.sums_len(), |buffer| {
                dispatch(self.isa, Sums { plan: self, images, x, gy, index, buffer, out });
            });
        });
    }

    /// The input and the output channels of a task.
    fn channels_of(&self, index: usize) -> [Range<usize>; 2] {
        let inputs = self.g.channels.div_ceil(self.task[0]);
        let [c, k] = [index % inputs * self.task[0], index / inputs * self.task[1]];
        [c..self.g.channels.min(c + self.task[0]), k..self.g.outputs.min(k + self.task[1])]
    }

    /// Distance between the points of a task's sums.
    fn sums_point(&self) -> usize {
        self.task[0] * self.task[1] + GAP
    }

    /// Numbers in a task's buffer: the sums, and the taps of a vector of channels by another.
    fn sums_len(&self) -> usize {
        POINTS * self.sums_point() + TAPS * self.panel[0] * self.panel[0]
    }
}

/// In products of the plain kernel.
fn cost(channels: [usize; 2], tiles: usize, blocks: usize) -> f64 {
    let [c, k] = channels.map(|channels| channels as f64);
    let of_tile = c * k * PRODUCT + (c + k) * TRANSFORM;
    POINTS as f64 * (tiles as f64 * of_tile + blocks as f64 * c * k * SUM)
}

/// Tasks that share these input and output channels.
fn tasks_of(channels: [usize; 2], task: [usize; 2]) -> usize {
    channels[0].div_ceil(task[0]) * channels[1].div_ceil(task[1])
}
