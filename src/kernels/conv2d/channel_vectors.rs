//! Convolution, also transposed with a stride, with vectors of output channels: for many of them.
//!
//! A tile is one or two vectors of output channels by some pixels of some rows, and its sums stay
//! in registers over the whole reduction: each pixel is broadcast straight from the padded copy,
//! or from the input where that has all pixels, so no column is wasted and only the weight is
//! packed. Finished tiles are transposed. With one tap, all rows of a task are one line of tiles.
//!
//! The outputs of a transposed convolution fall into phases that use different taps of the same
//! copy. Tiles of all phases of a row are made one after another and put side by side when they
//! are stored.

use super::channel_store::Finished;
use super::channel_tile::{MAX_PIXELS, MAX_ROWS, MAX_SUMS, Tile, vectors_of};
use super::end::End;
use super::geometry::Geometry;
use super::padded::Padded;
use super::phases::phases;
use super::rows::RowTasks;
use super::weights::Operands;
use crate::kernels::Element;
use crate::kernels::parallel::{Shared, tasks, threads};
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, MAX_LANES, Op, Simd, dispatch};
use std::ops::Range;

/// Bytes of copied input in a task: about what stays in the second cache.
const TASK_BYTES: usize = 256 << 10;

/// More weights of a group than this are worth fewer, larger tasks, since each reads them all.
const LARGE_WEIGHT: usize = 1 << 19;

pub struct Plan {
    pub(super) isa: Isa,
    /// What the padded copy serves: the convolution, or one of stride 1 that has all that the
    /// phases of a transposed one read, and as many outputs as the longest of them.
    pub(super) g: Geometry,
    layout: Padded,
    /// Whether the input is read where it lies, and so is no copy.
    in_place: bool,
    /// Whether the rows of a task are one long row: each output reads the pixel at its own place.
    flat: bool,
    tasks: RowTasks,
    /// Pixels and rows of a tile.
    pixels: usize,
    rows: usize,
    /// Channels of a tile.
    pub(super) width: usize,
    /// The phases of the rows, and of each those of the columns.
    pub(super) phases: Vec<Vec<Phase>>,
    /// The whole output plane.
    output: [usize; 2],
    /// Products of a channel in all phases together.
    pub(super) products: usize,
    pub(super) threads: usize,
}

/// Outputs that use the same taps.
pub(super) struct Phase {
    /// Which taps of the kernel.
    pub(super) kernel: Vec<usize>,
    /// Where they are in the copy, by channel and tap.
    pub(super) taps: Vec<u32>,
    /// Where its products start among those of all phases.
    pub(super) start: usize,
}

impl Phase {
    fn products(&self) -> Range<usize> {
        self.start..self.start + self.taps.len()
    }
}

impl Plan {
    pub fn new<E: Element>(isa: Isa, g: &Geometry) -> Plan {
        let mut plan = Plan::of_copy::<E>(isa, g, g.taps() == 1, g.products(), threads(g.work()));
        let taps = plan.layout.taps.clone();
        plan.phases = vec![vec![Phase { kernel: (0..g.taps()).collect(), taps, start: 0 }]];
        plan
    }

    /// For the transposed convolution, which has a stride.
    pub fn transposed<E: Element>(isa: Isa, g: &Geometry) -> Plan {
        assert!(g.stride != [1, 1]);
        let axes = [phases(g, 0), phases(g, 1)];
        // The first and the last number that any phase reads for its pixel 0.
        let places = axes.each_ref().map(|axis| {
            let all = || axis.iter().flat_map(|phase| phase.places());
            (all().min().unwrap_or(0), all().max().unwrap_or(0))
        });
        let copied = Geometry {
            channels: g.outputs,
            outputs: g.channels,
            input: g.output,
            output: [0, 1].map(|i| g.input[i].div_ceil(g.stride[i])),
            kernel: places.map(|(first, last)| (last - first + 1) as usize),
            stride: [1, 1],
            dilation: [1, 1],
            padding: places.map(|(first, _)| -first),
            ..*g
        };
        let products = g.outputs * g.taps();
        let mut plan = Plan::of_copy::<E>(isa, &copied, false, products, threads(g.work()));
        plan.output = g.input;
        let mut start = 0;
        for rows in &axes[0] {
            let mut of_rows = Vec::with_capacity(axes[1].len());
            for columns in &axes[1] {
                let mut kernel = Vec::new();
                let mut places_in_copy = Vec::new();
                for (ky, y) in rows.taps.iter().zip(rows.places()) {
                    for (kx, x) in columns.taps.iter().zip(columns.places()) {
                        kernel.push(ky * g.kernel[1] + kx);
                        let [y, x] = [y - places[0].0, x - places[1].0].map(|at| at as usize);
                        places_in_copy.push(y * copied.kernel[1] + x);
                    }
                }
                let channels = plan.layout.taps.chunks_exact(copied.taps());
                let taps = channels.flat_map(|taps| places_in_copy.iter().map(|&at| taps[at]));
                let phase = Phase { taps: taps.collect(), kernel, start };
                start += phase.taps.len();
                of_rows.push(phase);
            }
            plan.phases.push(of_rows);
        }
        plan
    }

    /// A plan with no phases yet.
    fn of_copy<E: Element>(
        isa: Isa,
        g: &Geometry,
        flat: bool,
        products: usize,
        threads: usize,
    ) -> Plan {
        let limits = isa.limits::<E>();
        let vectors = vectors_of(limits.sums);
        let most = (limits.sums / vectors).min(MAX_PIXELS);
        // As even as possible.
        let even = |line: usize| line.div_ceil(line.div_ceil(most));
        let fit = even(g.output[1]) * MAX_ROWS * vectors <= limits.sums;
        let rows = if fit && !flat { MAX_ROWS } else { 1 };
        let phases: usize = [0, 1].map(|i| g.stride[i].min(g.kernel[i])).iter().product();
        let row_bytes = g.channels * g.output[1] * phases * size_of::<E>();
        let large = g.outputs * products > LARGE_WEIGHT;
        let wanted = if large { usize::MAX } else { TASK_BYTES / row_bytes };
        let tasks = RowTasks::new(g.batch, g.output[0], wanted, threads, rows);
        let in_place = Padded::in_place(g);
        Plan {
            isa,
            g: *g,
            in_place: in_place.is_some(),
            layout: in_place.unwrap_or_else(|| Padded::new(g, tasks.rows())),
            flat,
            tasks,
            pixels: even(if flat { tasks.rows() * g.output[1] } else { g.output[1] }),
            rows,
            width: vectors * limits.lanes,
            phases: Vec::new(),
            output: g.output,
            products,
            threads,
        }
    }

    /// Numbers in the packed weight.
    pub fn weight_len(&self) -> usize {
        self.g.groups * self.group_len()
    }

    /// Packed weights of one group.
    fn group_len(&self) -> usize {
        self.g.outputs.next_multiple_of(self.width) * self.products
    }

    /// Whether no tap meets the rows of a phase.
    #[inline(always)]
    fn is_empty(&self, phase: usize) -> bool {
        self.phases[phase].iter().all(|columns| columns.taps.is_empty())
    }

    /// With a packed weight.
    pub fn run<E: Element>(&self, operands: Operands<E>, y: &mut [E]) {
        let g = &self.g;
        operands.check(&Geometry { output: self.output, ..*g }, y);
        assert!(operands.weight.len() == self.weight_len());
        let y = Shared::new(y);
        let count = self.tasks.count();
        let columns = self.phases[0].len();
        tasks(self.threads, count * g.groups, |t| {
            let (task, group) = (t % count, t / count);
            let copy = if self.in_place { 0 } else { self.tasks.slots() * self.layout.image };
            scratch(copy + columns * (MAX_SUMS + MAX_LANES), |buffer| {
                let (sums, rest) = buffer.split_at_mut(columns * MAX_SUMS);
                let (line, copy) = rest.split_at_mut(columns * MAX_LANES);
                let sums = sums.as_chunks_mut().0;
                dispatch(self.isa, Task { plan: self, operands, y, task, group, sums, line, copy });
            });
        });
    }
}

struct Task<'a, E> {
    plan: &'a Plan,
    operands: Operands<'a, E>,
    y: Shared<E>,
    task: usize,
    group: usize,
    /// A tile of each phase of the columns.
    sums: &'a mut [[E; MAX_SUMS]],
    /// What is needed to put many phases side by side.
    line: &'a mut [E],
    copy: &'a mut [E],
}

impl<E: Element> Op<E> for Task<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Task { plan, operands, y, task, group, sums, line, copy } = self;
        let (g, layout) = (&plan.g, &plan.layout);
        let packed = &operands.weight[group * plan.group_len()..][..plan.group_len()];
        if !plan.in_place {
            for part in plan.tasks.parts(task) {
                let x = g.input_of(operands.x, part.image, group);
                layout.fill(s, g, x, part.rows, &mut copy[part.slot * layout.image..]);
            }
        }
        for (p, weight) in packed.chunks_exact(plan.width * plan.products).enumerate() {
            let first = p * plan.width;
            let channels = plan.width.min(g.outputs - first);
            let mut start = [E::zero(); MAX_LANES];
            if let Some(bias) = operands.bias {
                start[..channels].copy_from_slice(&bias[group * g.outputs + first..][..channels]);
            }
            for part in plan.tasks.parts(task) {
                let copy = if plan.in_place {
                    &g.input_of(operands.x, part.image, group)[part.rows.start * layout.row..]
                } else {
                    &copy[part.slot * layout.image..][..layout.image]
                };
                let plane = (part.image * g.groups + group) * g.outputs + first;
                for phase in 0..plan.phases.len() {
                    let rows = Rows {
                        plan,
                        phase,
                        copy,
                        weight,
                        start: &start,
                        channels,
                        plane,
                        rows: part.rows.clone(),
                        end: operands.end,
                        y,
                    };
                    // SAFETY: no other task has these rows of this group's channels.
                    unsafe { rows.run(s, sums, line) };
                }
            }
        }
    }
}

/// Rows of a phase, of one image and one panel of channels.
struct Rows<'a, E> {
    plan: &'a Plan,
    phase: usize,
    copy: &'a [E],
    weight: &'a [E],
    /// What the sums of each channel start from, and how many channels there are.
    start: &'a [E; MAX_LANES],
    channels: usize,
    /// The first channel's plane in the output.
    plane: usize,
    rows: Range<usize>,
    end: End<E>,
    y: Shared<E>,
}

impl<E: Element> Rows<'_, E> {
    /// # Safety
    /// The rows of the channels are in the output, and nobody else's.
    #[inline(always)]
    unsafe fn run<S: Simd<E = E>>(&self, s: S, sums: &mut [[E; MAX_SUMS]], buffer: &mut [E]) {
        let plan = self.plan;
        let columns = &plan.phases[self.phase];
        let [height, width] = plan.output;
        let step = [plan.phases.len(), columns.len()];
        let plane = height * width;
        let top = self.rows.start * step[0] + self.phase;
        // A phase may have a row less than the first one.
        let lines = height.saturating_sub(top).div_ceil(step[0]).min(self.rows.len());
        let first = (self.plane * height + top) * width;
        if plan.is_empty(self.phase) {
            for row in 0..lines {
                for c in 0..self.channels {
                    // SAFETY: by the caller's promise.
                    unsafe {
                        let to = self.y.at(first + row * step[0] * width + c * plane);
                        self.end.store_row(s, to, s.splat(self.start[c]), width);
                    }
                }
            }
            return;
        }
        // Of two phases, one may be without taps.
        let empty = match columns.as_slice() {
            [even, odd] => [even.taps.is_empty(), odd.taps.is_empty()],
            _ => [false; 2],
        };
        let below = (self.phase + 1..step[0]).take_while(|&phase| plan.is_empty(phase)).count();
        // The pixels of a line of tiles, its numbers in the output, and how many lines there are.
        let (pixels_of_line, width_of_line, lines) = match plan.flat {
            true => (lines * width, lines * width, 1),
            false => (plan.g.output[1], width, lines),
        };
        let mut row = 0;
        while row < lines {
            // Rows that do not fill a tile go one by one.
            let rows = if lines - row < plan.rows { 1 } else { plan.rows };
            for column in (0..pixels_of_line).step_by(plan.pixels) {
                let pixels = plan.pixels.min(pixels_of_line - column);
                let at = first + row * step[0] * width + column * step[1];
                let finished = Finished {
                    empty,
                    start: self.start,
                    rows,
                    pixels,
                    width: plan.width,
                    channels: self.channels,
                    plane,
                    line: step[0] * width,
                    len: (width_of_line - column * step[1]).min(pixels * step[1]),
                    end: self.end,
                    // SAFETY: the tile's first number.
                    to: unsafe { self.y.at(at) },
                };
                if step[1] > 1 {
                    // Few sums for each output: where those go comes while the sums are made.
                    finished.prefetch(below, width);
                }
                for (i, (sums, phase)) in sums.iter_mut().zip(columns).enumerate() {
                    if i < 2 && empty[i] {
                        continue;
                    }
                    let products = phase.products();
                    let tile = Tile {
                        copy: &self.copy[row * plan.layout.row + column..],
                        row: plan.layout.row,
                        taps: &phase.taps,
                        weight: &self.weight[products.start * plan.width..]
                            [..products.len() * plan.width],
                        start: self.start,
                    };
                    // SAFETY: the tile's pixels are in the copy at every tap, and the panel has a
                    // weight for every tap of `width` channels.
                    unsafe { tile.run(s, pixels, rows, sums) };
                }
                // SAFETY: by the caller's promise.
                unsafe { finished.store(s, sums, buffer) };
            }
            row += rows;
        }
    }
}
