//! Winograd's convolution along the rows, for kernels 5 wide, stride 1: `F(4, 5)`.
//!
//! Tiles of four outputs side by side are computed from eight points: the rows of the input and
//! those of the kernels are transformed, multiplied point by point, summed over channels and kernel
//! rows, and transformed back. That takes 2.5 times fewer products, and so little beside them that
//! it pays with few channels too, as at the start of a network.
//!
//! In the transformed input nothing overlaps along a row: the tiles of a row and those of the rows
//! below follow each other, and vectors run over an image without a gap.

mod gradient;
mod rows;
mod task;
mod transform;
mod weight;

use super::geometry::Geometry;
use super::weights::{Convolution, Operands, Weights};
use super::winograd::make_up;
use crate::kernels::Element;
use crate::kernels::dots::max_columns;
use crate::kernels::parallel::{Shared, tasks, threads};
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, MAX_LANES, dispatch};
pub use gradient::GradientPlan;
use rows::LINES_LEN;
use std::ops::Range;
use std::sync::Mutex;
use task::{Part, Task};
use transform::{OUTPUTS, POINTS, TAPS};
use weight::Transform;

/// Bytes of transformed input in a task: with what is read and written, they stay in the second
/// cache.
const TASK_BYTES: usize = 96 << 10;

/// As many at most, where rows have many channels.
const MOST_BYTES: usize = 512 << 10;

/// What the transforms of a tile's pixels and of its outputs take, in products. Measured.
const INPUT: usize = 60;
const OUTPUT: usize = 65;

pub struct Plan {
    isa: Isa,
    g: Geometry,
    /// Tiles in a row of outputs.
    columns: usize,
    /// Images and output rows of a task.
    images: usize,
    rows: usize,
    /// Output channels and vectors of tiles that are summed at a time.
    channels: usize,
    vectors: usize,
    lanes: usize,
    /// Where each product is in a point of the transformed input, by channel and row of the kernel.
    taps: Vec<u32>,
}

/// Tiles side by side.
struct Run {
    /// The place of the first one among those asked for.
    place: usize,
    /// Where its outputs are in the image, from the task's first row on.
    row: usize,
    column: usize,
    /// How many outputs they have.
    outputs: usize,
}

/// Whether the algorithm is one for this convolution, and saves more products than it takes.
pub fn fits(g: &Geometry) -> bool {
    let ([rows, width], [kernel, taps]) = (g.output, g.kernel);
    if taps != TAPS || kernel == 0 || rows == 0 || g.stride != [1, 1] || g.dilation != [1, 1] {
        return false;
    }
    let products = g.channels * kernel * g.outputs;
    let input = INPUT * g.channels * (rows + kernel - 1) / rows;
    let tile = POINTS * products + input + OUTPUT * g.outputs;
    width.div_ceil(OUTPUTS) * tile < width * TAPS * products
}

impl Plan {
    /// If the algorithm [`fits`].
    pub fn new<E: Element>(isa: Isa, g: &Geometry) -> Option<Plan> {
        fits(g).then(|| Plan::of::<E>(isa, g, TASK_BYTES))
    }

    /// The same for another number of images, with the same transformed weight.
    pub fn for_batch<E: Element>(&self, batch: usize) -> Plan {
        Plan::of::<E>(self.isa, &Geometry { batch, ..self.g }, TASK_BYTES)
    }

    /// With about so many bytes of transformed input in a task.
    fn of<E: Element>(isa: Isa, g: &Geometry, task_bytes: usize) -> Plan {
        let (limits, threads) = (isa.limits::<E>(), threads(g.work()));
        let columns = g.output[1].div_ceil(OUTPUTS);
        let bytes =
            |rows: usize| POINTS * g.channels * (rows + g.kernel[0] - 1) * columns * size_of::<E>();
        // Some rows of an image, but so many that few are transformed for two tasks; or some images.
        let task_bytes = bytes(2 * g.kernel[0]).clamp(task_bytes, MOST_BYTES.max(task_bytes));
        let bands =
            bytes(g.output[0]).div_ceil(task_bytes).max(threads.div_ceil(g.batch * g.groups));
        let rows = g.output[0].div_ceil(bands);
        let most = if bands > 1 { 1 } else { (task_bytes / bytes(rows)).max(1) };
        let images = g.batch.div_ceil(g.batch.div_ceil(most).next_multiple_of(threads));
        let channels = g.outputs.div_ceil(g.outputs.div_ceil(limits.rows));
        let (vectors, lanes) = (max_columns(channels, limits.sums), limits.lanes);
        let taps = Vec::with_capacity(g.channels * g.kernel[0]);
        let mut plan = Plan { isa, g: *g, columns, images, rows, channels, vectors, lanes, taps };
        let len = plan.channel_len();
        let rows_of_channel = |c: usize| {
            let channel = c * len;
            (0..g.kernel[0]).map(move |row| (channel + row * columns) as u32)
        };
        let all = (0..g.channels).flat_map(rows_of_channel);
        plan.taps.extend(all);
        plan
    }

    /// What rows of outputs are among some tiles of an image.
    fn runs(&self, tiles: Range<usize>) -> impl Iterator<Item = Run> {
        let (mut row, mut column) = (tiles.start / self.columns, tiles.start % self.columns);
        let mut place = 0;
        std::iter::from_fn(move || {
            let count = (self.columns - column).min(tiles.len() - place);
            let outputs = (OUTPUTS * count).min(self.g.output[1] - OUTPUTS * column);
            let run = Run { place, row, column: OUTPUTS * column, outputs };
            place += count;
            (row, column) = (row + 1, 0);
            (count > 0).then_some(run)
        })
    }

    /// Tiles of a channel of an image in a task, in whole vectors.
    fn image_len(&self) -> usize {
        let lines = self.rows + self.g.kernel[0] - 1;
        (lines * self.columns).next_multiple_of(MAX_LANES)
    }

    /// Tiles of a channel in a task.
    fn channel_len(&self) -> usize {
        self.images * self.image_len()
    }

    /// Distance between the points of the transformed input.
    fn point(&self) -> usize {
        self.g.channels * self.channel_len()
    }

    /// Tiles that are summed at a time.
    fn block(&self) -> usize {
        self.vectors * self.lanes
    }

    /// Numbers of a task's transformed input and, behind it, what the last vectors read too much;
    /// of the sums; and of pixels and outputs on their way.
    fn buffer_lens(&self) -> [usize; 3] {
        let outputs = OUTPUTS * self.channels * self.block();
        let sums = POINTS * self.channels * self.block();
        [POINTS * self.point() + self.block(), sums, outputs.max(LINES_LEN)]
    }

    /// Products of a point, of an output channel.
    fn products(&self) -> usize {
        self.g.channels * self.g.kernel[0]
    }

    /// Numbers in the transformed weight: `[group][point][output][channel][row]`.
    pub fn weight_len(&self) -> usize {
        self.g.groups * POINTS * self.g.outputs * self.products()
    }

    /// Transforms a weight. Says whether its numbers suit the algorithm.
    #[must_use]
    pub fn transform<E: Element>(&self, weight: &Weights<E>, out: &mut [E]) -> bool {
        assert!(out.len() == self.weight_len());
        let mut suits = false;
        scratch(self.kernel_rows_len(), |buffer| {
            let suits = &mut suits;
            dispatch(self.isa, Transform { plan: self, weight, out, buffer, suits });
        });
        suits
    }

    /// With a weight that is used once. `other` does the same by another kernel.
    pub fn convolve<E: Element>(
        &self,
        convolution: &Convolution<E>,
        y: &mut [E],
        other: impl FnOnce(&mut [E]),
    ) {
        let Convolution { x, weight, bias, end, .. } = *convolution;
        scratch(self.weight_len(), |transformed| {
            if self.transform(weight, transformed) {
                self.run(Operands { x, weight: transformed, bias, end }, y, other);
            } else {
                other(y);
            }
        });
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
        let out = Shared::new(y);
        tasks(threads(self.g.work()), self.tasks(), |task| {
            let (plan, y, skipped) = (self, out, &skipped);
            scratch(self.buffer_lens().iter().sum(), |buffer| {
                dispatch(self.isa, Task { plan, operands, y, task, buffer, skipped });
            });
        });
        make_up(skipped, y, other, |task, from, to| self.copy(task, from, to));
    }

    fn bands(&self) -> usize {
        self.g.output[0].div_ceil(self.rows)
    }

    fn tasks(&self) -> usize {
        self.g.batch.div_ceil(self.images) * self.bands() * self.g.groups
    }

    /// Copies the outputs of a task.
    fn copy<E: Element>(&self, task: usize, from: &[E], to: &mut [E]) {
        let (g, Part { group, images, rows }) = (&self.g, Part::new(self, task));
        for plane in images.flat_map(|image| g.planes(image, group)) {
            let line = |row: usize| (plane * g.output[0] + row) * g.output[1];
            let pixels = line(rows.start)..line(rows.end);
            to[pixels.clone()].copy_from_slice(&from[pixels]);
        }
    }
}
