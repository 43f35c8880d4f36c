//! Convolution with vectors of pixels: for few output channels.
//!
//! A tile is a few output channels by a few vectors of pixels, and its sums stay in registers over
//! the whole reduction: each weight is broadcast, each vector of pixels is read at its tap's
//! offset from the padded copy. Vectors run along the copy, over the ends of its rows: where
//! rows are not much longer than a vector, that wastes less than starting each row anew. The sums
//! between the rows are dropped.

use super::end::End;
use super::geometry::Geometry;
use super::padded::Padded;
use super::pixel_tile::Tile;
use super::rows::RowTasks;
use super::weights::Operands;
use crate::kernels::Element;
use crate::kernels::dots::max_columns;
use crate::kernels::parallel::{Shared, tasks, threads};
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, Op, Simd, dispatch};

/// Bytes of copied input in a task: about what stays in the second cache.
const TASK_BYTES: usize = 256 << 10;

pub struct Plan {
    isa: Isa,
    g: Geometry,
    layout: Padded,
    tasks: RowTasks,
    /// Output channels and vectors of a tile.
    channels: usize,
    vectors: usize,
    lanes: usize,
}

impl Plan {
    pub fn new<E: Element>(isa: Isa, g: &Geometry) -> Plan {
        let limits = isa.limits::<E>();
        // Tiles as even as possible.
        let channels = g.outputs.div_ceil(g.outputs.div_ceil(limits.rows));
        let vectors = max_columns(channels, limits.sums);
        let row_bytes = g.channels * g.output[1] * g.stride[0] * g.stride[1] * size_of::<E>();
        let wanted = TASK_BYTES / row_bytes;
        let tasks = RowTasks::new(g.batch, g.output[0], wanted, threads(g.work()), 1);
        let layout = Padded::new(g, tasks.rows());
        Plan { isa, g: *g, layout, tasks, channels, vectors, lanes: limits.lanes }
    }

    /// With a plain weight.
    pub fn run<E: Element>(&self, operands: Operands<E>, y: &mut [E]) {
        operands.check(&self.g, y);
        assert!(operands.weight.len() == self.g.weight_len());
        let y = Shared::new(y);
        let count = self.tasks.count();
        tasks(threads(self.g.work()), count * self.g.groups, |t| {
            scratch(self.copy_len() + self.tile_len(), |buffer| {
                let (task, group) = (t % count, t / count);
                dispatch(self.isa, Task { plan: self, operands, y, task, group, buffer });
            });
        });
    }

    fn tile_len(&self) -> usize {
        self.channels * self.vectors * self.lanes
    }

    /// The padded images and, behind them, what the last vectors read too much.
    fn copy_len(&self) -> usize {
        (self.tasks.slots() * self.layout.image + self.vectors * self.lanes).next_multiple_of(16)
    }
}

struct Task<'a, E> {
    plan: &'a Plan,
    operands: Operands<'a, E>,
    y: Shared<E>,
    task: usize,
    group: usize,
    buffer: &'a mut [E],
}

impl<E: Element> Op<E> for Task<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Task { plan, operands, y, task, group, buffer } = self;
        let Operands { x, weight, bias, end } = operands;
        let (g, layout) = (&plan.g, &plan.layout);
        let (copy, sums) = buffer.split_at_mut(plan.copy_len());
        assert!(sums.len() >= plan.tile_len() && plan.lanes == S::LANES);
        for part in plan.tasks.parts(task) {
            let x = g.input_of(x, part.image, group);
            layout.fill(s, g, x, part.rows, &mut copy[part.slot * layout.image..]);
        }
        for part in plan.tasks.parts(task) {
            let copy = &copy[part.slot * layout.image..];
            let plane = (part.image * g.groups + group) * g.outputs;
            let len = (part.rows.len() - 1) * layout.row + g.output[1];
            let mut at = 0;
            while at < len {
                if at % layout.row >= g.output[1] {
                    // Do not start on sums that are dropped.
                    at = at.next_multiple_of(layout.row);
                }
                let pixels = (plan.vectors * S::LANES).min(len - at);
                for first in (0..g.outputs).step_by(plan.channels) {
                    let channels = plan.channels.min(g.outputs - first);
                    let tile = Tile {
                        copy: &copy[at..],
                        taps: &layout.taps,
                        weight: &weight[(group * g.outputs + first) * g.products()..]
                            [..channels * g.products()],
                        vectors: pixels.div_ceil(S::LANES),
                    };
                    // SAFETY: the buffer behind `copy` is longer by a tile's width than what the
                    // taps of the last pixel reach, and `sums` is as large as a tile.
                    let width = unsafe { tile.run(s, channels, sums) };
                    for i in 0..channels {
                        let sums = &sums[i * width..][..pixels];
                        let bias = bias.map(|bias| s.splat(bias[group * g.outputs + first + i]));
                        let top = (plane + first + i) * g.output[0] + part.rows.start;
                        // SAFETY: this task alone has these rows of this group's channels.
                        unsafe {
                            plan.store_row(s, sums, at, bias, end, y.at(top * g.output[1]));
                        }
                    }
                }
                at += pixels;
            }
        }
    }
}

impl Plan {
    /// Stores one channel's sums, which start at place `at` of the copy; `to` is where the
    /// copy's first row goes in the output.
    ///
    /// # Safety
    /// The rows that the sums cover are in the output, and nobody else uses them.
    #[inline(always)]
    unsafe fn store_row<S: Simd>(
        &self,
        s: S,
        sums: &[S::E],
        at: usize,
        bias: Option<S::V>,
        end: End<S::E>,
        to: *mut S::E,
    ) {
        let (width, row) = (self.g.output[1], self.layout.row);
        let mut j = 0;
        while j < sums.len() {
            let (line, column) = ((at + j) / row, (at + j) % row);
            let run = width.saturating_sub(column).min(sums.len() - j);
            let mut i = 0;
            while i < run {
                let n = S::LANES.min(run - i);
                // SAFETY: `n` sums are left of the run, which is inside the output row.
                unsafe {
                    let to = to.add(line * width + column + i);
                    let mut v = s.load_first(sums.as_ptr().add(j + i), n);
                    if let Some(bias) = bias {
                        v = s.add(v, bias);
                    }
                    end.store(s, to, v, n);
                }
                i += S::LANES;
            }
            j += row - column;
        }
    }
}
