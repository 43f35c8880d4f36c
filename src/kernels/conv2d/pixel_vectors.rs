//! Convolution with vectors of pixels: for few output channels.
//!
//! A tile is a few output channels by a few vectors of pixels, and its sums stay in registers over
//! the whole reduction: each weight is broadcast, each vector of pixels is read at its tap's
//! offset from the padded copy, or from the input itself where nothing is to be padded. Vectors
//! start anew with each row, or run along the copy, over the ends of its rows, and the sums between
//! the rows are dropped: whatever takes fewer of them.

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

/// Bytes of copied input of an image in a task: about what stays in the second cache.
const TASK_BYTES: usize = 256 << 10;

pub struct Plan {
    isa: Isa,
    g: Geometry,
    layout: Padded,
    /// If the input is laid out like that already: how much of it the vectors of a task read.
    in_place: Option<usize>,
    tasks: RowTasks,
    /// Output channels and vectors of a tile.
    channels: usize,
    vectors: usize,
    lanes: usize,
    /// Where each vector of pixels starts in the copy.
    starts: Vec<u32>,
    /// Which sums of the vectors are outputs, in the order of both.
    runs: Vec<Run>,
    /// Where the runs of each tile end.
    ends: Vec<usize>,
}

/// Sums that lie side by side in an output row, a vector at most.
struct Run {
    /// Where they are among the sums of a tile's channel.
    from: usize,
    /// Where they go, from the first row of the part on.
    to: usize,
    len: usize,
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
        let in_place = Padded::in_place(g);
        let copied = in_place.is_none();
        let layout = in_place.unwrap_or_else(|| Padded::new(g, tasks.rows()));
        let starts = starts(g.output[1], layout.row, tasks.rows(), limits.lanes);
        let in_place = (!copied).then(|| {
            let last = starts.last().map_or(0, |&start| start as usize + limits.lanes);
            let inside = (tasks.rows() - 1) * layout.row + g.output[1];
            // All but the rows that other tasks compute, and what the last vector reads too much.
            let rows = (g.output[0] - tasks.rows()) * layout.row;
            layout.image - rows + last.saturating_sub(inside)
        });
        let (mut runs, mut ends) = (Vec::with_capacity(starts.len()), Vec::new());
        for (v, &start) in starts.iter().enumerate() {
            let start = start as usize;
            // What the next vector has, too, is not taken twice.
            let next = starts.get(v + 1).map_or(usize::MAX, |&next| next as usize);
            let (mut at, end) = (start, next.min(start + limits.lanes));
            while at < end {
                let (row, column) = (at / layout.row, at % layout.row);
                let len = g.output[1].saturating_sub(column).min(end - at);
                if len > 0 && row < tasks.rows() {
                    let from = v % vectors * limits.lanes + at - start;
                    runs.push(Run { from, to: row * g.output[1] + column, len });
                }
                at = (row + 1) * layout.row;
            }
            if (v + 1).is_multiple_of(vectors) || v + 1 == starts.len() {
                ends.push(runs.len());
            }
        }
        let lanes = limits.lanes;
        Plan { isa, g: *g, layout, in_place, tasks, channels, vectors, lanes, starts, runs, ends }
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

    /// The padded image and, behind it, what its last vectors read too much.
    fn copy_len(&self) -> usize {
        (self.layout.image + self.lanes).next_multiple_of(16)
    }
}

/// Where the vectors start that cover so many rows of `width` outputs, which are `pitch` apart. If
/// they start with each row, the last of a row ends with it, where that is long enough.
fn starts(width: usize, pitch: usize, rows: usize, lanes: usize) -> Vec<u32> {
    if rows * width.div_ceil(lanes) <= ((rows - 1) * pitch + width).div_ceil(lanes) {
        let last = width.saturating_sub(lanes);
        let columns = (0..width).step_by(lanes).map(move |column| column.min(last));
        let columns = move |row| columns.clone().map(move |column| row * pitch + column);
        return (0..rows).flat_map(columns).map(|start| start as u32).collect();
    }
    let (mut starts, mut at) = (Vec::new(), 0);
    while at < (rows - 1) * pitch + width {
        if at % pitch >= width {
            // Do not start on sums that are dropped.
            at = at.next_multiple_of(pitch);
        }
        starts.push(at as u32);
        at += lanes;
    }
    starts
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
        let (g, layout) = (&plan.g, &plan.layout);
        let (copy, sums) = buffer.split_at_mut(plan.copy_len());
        assert!(sums.len() >= plan.tile_len() && plan.lanes == S::LANES);
        for part in plan.tasks.parts(task) {
            let x = g.input_of(operands.x, part.image, group);
            let len = part.rows.len() * g.output[1];
            let top = (part.image * g.groups + group) * g.outputs * g.output_pixels()
                + part.rows.start * g.output[1];
            let at = g.input_start(part.image, group) + part.rows.start * layout.row;
            let pixels = match plan.in_place.and_then(|len| operands.x.get(at..at + len)) {
                Some(pixels) => pixels,
                // Or they would read on behind the last image.
                None => {
                    layout.fill(s, g, x, part.rows, copy);
                    &*copy
                }
            };
            let mut first_run = 0;
            for (starts, &end) in plan.starts.chunks(plan.vectors).zip(&plan.ends) {
                let runs = &plan.runs[first_run..end];
                first_run = end;
                if runs.is_empty() || runs[0].to >= len {
                    // The part has fewer rows.
                    break;
                }
                for first in (0..g.outputs).step_by(plan.channels) {
                    let channels = plan.channels.min(g.outputs - first);
                    let outputs = group * g.outputs + first;
                    let weight = &operands.weight[outputs * g.products()..];
                    let tile = Tile {
                        copy: pixels,
                        taps: &layout.taps,
                        weight: &weight[..channels * g.products()],
                        starts,
                    };
                    // SAFETY: the copy is longer by a vector than what the taps of any pixel
                    // reach; the input, where it is read, as long as the vectors reach; and `sums`
                    // is as large as a tile.
                    let width = unsafe { tile.run(s, channels, sums) };
                    for i in 0..channels {
                        let sums = &sums[i * width..][..width];
                        let bias = operands.bias.map(|bias| s.splat(bias[outputs + i]));
                        for run in runs {
                            if run.to >= len {
                                break;
                            }
                            assert!(run.from + run.len <= width);
                            // SAFETY: the run is in the sums, as asserted, and in the part's rows
                            // of the output, which are this task's alone.
                            unsafe {
                                let to = y.at(top + (first + i) * g.output_pixels() + run.to);
                                let mut v = s.load_first(sums.as_ptr().add(run.from), run.len);
                                if let Some(bias) = bias {
                                    v = s.add(v, bias);
                                }
                                operands.end.store(s, to, v, run.len);
                            }
                        }
                    }
                }
            }
        }
    }
}
