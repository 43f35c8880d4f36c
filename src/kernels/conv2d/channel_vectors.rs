//! Convolution with vectors of output channels: for many of them.
//!
//! A tile is one or two vectors of output channels by some pixels of some rows, and its sums stay
//! in registers over the whole reduction: each pixel is broadcast straight from the padded copy,
//! so no column is wasted and only the weight is packed. Finished tiles are transposed.

use super::channel_tile::{MAX_PIXELS, MAX_ROWS, MAX_SUMS, Tile, vectors_of};
use super::end::End;
use super::geometry::Geometry;
use super::padded::Padded;
use super::rows::RowTasks;
use super::weights::{Operands, Weights};
use crate::kernels::Element;
use crate::kernels::parallel::{Shared, tasks, threads};
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, MAX_LANES, Op, Simd, dispatch};

/// Bytes of copied input in a task: about what stays in the second cache.
const TASK_BYTES: usize = 256 << 10;

/// More weights of a group than this are worth fewer, larger tasks, since each reads them all.
const LARGE_WEIGHT: usize = 1 << 17;

pub struct Plan {
    isa: Isa,
    g: Geometry,
    layout: Padded,
    tasks: RowTasks,
    /// Pixels and rows of a tile.
    pixels: usize,
    rows: usize,
    /// Channels of a tile.
    width: usize,
}

impl Plan {
    pub fn new<E: Element>(isa: Isa, g: &Geometry) -> Plan {
        let limits = isa.limits::<E>();
        let vectors = vectors_of(limits.sums);
        let most = (limits.sums / vectors).min(MAX_PIXELS);
        let pixels = g.output[1].div_ceil(g.output[1].div_ceil(most));
        let rows = if pixels * MAX_ROWS * vectors <= limits.sums { MAX_ROWS } else { 1 };
        let row_bytes = g.channels * g.output[1] * g.stride[0] * g.stride[1] * size_of::<E>();
        let large = g.outputs * g.products() > LARGE_WEIGHT;
        let wanted = if large { usize::MAX } else { TASK_BYTES / row_bytes };
        let tasks = RowTasks::new(g.batch, g.output[0], wanted, threads(g.work()), rows);
        let layout = Padded::new(g, tasks.rows());
        Plan { isa, g: *g, layout, tasks, pixels, rows, width: vectors * limits.lanes }
    }

    /// Numbers in the packed weight.
    pub fn weight_len(&self) -> usize {
        self.g.groups * self.group_len()
    }

    /// Packed weights of one group.
    fn group_len(&self) -> usize {
        self.g.outputs.next_multiple_of(self.width) * self.g.products()
    }

    /// Packs the weight as `[group][panel of channels][product][channel]`; channels that a panel
    /// has too many are 0.
    pub fn pack<E: Element>(&self, weight: &Weights<E>, packed: &mut [E]) {
        let panel = self.width * self.g.products();
        let panels = self.g.outputs.div_ceil(self.width);
        assert!(packed.len() == self.weight_len());
        let threads = if packed.len() < 1 << 15 { 1 } else { threads(self.g.work()) };
        let out = Shared::new(packed);
        tasks(threads, panels * self.g.groups, |p| {
            // SAFETY: the panels are in the buffer, whose length is asserted, and do not overlap;
            // each is one task's.
            let out = unsafe { out.part(p * panel, panel) };
            let (group, first) = (p / panels, p % panels * self.width);
            let channels = self.width.min(self.g.outputs - first);
            dispatch(self.isa, Pack { plan: self, weight, group, first, channels, out });
        });
    }

    /// With a packed weight.
    pub fn run<E: Element>(&self, operands: Operands<E>, y: &mut [E]) {
        operands.check(&self.g, y);
        assert!(operands.weight.len() == self.weight_len());
        let y = Shared::new(y);
        let count = self.tasks.count();
        tasks(threads(self.g.work()), count * self.g.groups, |t| {
            let (task, group) = (t % count, t / count);
            scratch(self.tasks.slots() * self.layout.image, |copy| {
                dispatch(self.isa, Task { plan: self, operands, y, task, group, copy });
            });
        });
    }
}

struct Pack<'a, E> {
    plan: &'a Plan,
    weight: &'a Weights<'a, E>,
    group: usize,
    /// The panel's first channel and how many it has.
    first: usize,
    channels: usize,
    out: &'a mut [E],
}

impl<E: Element> Op<E> for Pack<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Pack { plan, weight, group, first, channels, out } = self;
        let (width, products) = (plan.width, plan.g.products());
        if weight.is_plain(&plan.g) {
            // Blocks of LANES channels by LANES products, transposed in registers.
            let rows = &weight.data[(group * plan.g.outputs + first) * products..];
            let rows = &rows[..channels * products];
            for v in (0..width).step_by(S::LANES) {
                for k in (0..products).step_by(S::LANES) {
                    let n = S::LANES.min(products - k);
                    let mut block = [s.zero(); MAX_LANES];
                    for (i, block) in block.iter_mut().enumerate().take(S::LANES) {
                        if v + i < channels {
                            // SAFETY: `n` products from `k` on are in row `v + i`.
                            *block = unsafe {
                                s.load_first(rows.as_ptr().add((v + i) * products + k), n)
                            };
                        }
                    }
                    let block = s.transpose(block);
                    for (i, &column) in block.iter().enumerate().take(n) {
                        // SAFETY: product `k + i` of the panel has `width` channels.
                        unsafe { s.store(out.as_mut_ptr().add((k + i) * width + v), column) };
                    }
                }
            }
        } else {
            let taps = weight.taps.len();
            for (k, out) in out.chunks_exact_mut(width).enumerate() {
                let place = group * weight.group
                    + first * weight.output
                    + k / taps * weight.channel
                    + weight.taps[k % taps];
                let weights = weight.data[place..].iter().step_by(weight.output);
                for (out, &w) in out[..channels].iter_mut().zip(weights) {
                    *out = w;
                }
                out[channels..].fill(E::zero());
            }
        }
    }
}

struct Task<'a, E> {
    plan: &'a Plan,
    operands: Operands<'a, E>,
    y: Shared<E>,
    task: usize,
    group: usize,
    copy: &'a mut [E],
}

impl<E: Element> Op<E> for Task<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Task { plan, operands, y, task, group, copy } = self;
        let (g, layout) = (&plan.g, &plan.layout);
        let packed = &operands.weight[group * plan.group_len()..][..plan.group_len()];
        for part in plan.tasks.parts(task) {
            let x = g.input_of(operands.x, part.image, group);
            layout.fill(s, g, x, part.rows, &mut copy[part.slot * layout.image..]);
        }
        let mut sums = [E::zero(); MAX_SUMS];
        for (p, weight) in packed.chunks_exact(plan.width * g.products()).enumerate() {
            let first = p * plan.width;
            let channels = plan.width.min(g.outputs - first);
            let mut bias = [E::zero(); MAX_LANES];
            if let Some(all) = operands.bias {
                bias[..channels].copy_from_slice(&all[group * g.outputs + first..][..channels]);
            }
            for part in plan.tasks.parts(task) {
                let copy = &copy[part.slot * layout.image..][..layout.image];
                let plane = (part.image * g.groups + group) * g.outputs + first;
                let mut row = 0;
                while row < part.rows.len() {
                    // Rows that do not fill a tile go one by one.
                    let rows = if part.rows.len() - row < plan.rows { 1 } else { plan.rows };
                    for column in (0..g.output[1]).step_by(plan.pixels) {
                        let pixels = plan.pixels.min(g.output[1] - column);
                        let tile = Tile {
                            copy: &copy[row * layout.row + column..],
                            row: layout.row,
                            taps: &layout.taps,
                            weight,
                            start: &bias,
                        };
                        // SAFETY: the tile's pixels are in the copy at every tap, and the panel
                        // has a weight for every tap of `width` channels.
                        unsafe { tile.run(s, pixels, rows, &mut sums) };
                        let at = (plane * g.output[0] + part.rows.start + row) * g.output[1];
                        // SAFETY: no other task has these rows of this group's channels.
                        unsafe {
                            let to = y.at(at + column);
                            plan.store(s, &sums, [rows, pixels], channels, operands.end, to);
                        }
                    }
                    row += rows;
                }
            }
        }
    }
}

impl Plan {
    /// Stores a tile of sums, `[row][pixel][channel]`.
    ///
    /// # Safety
    /// `to` is the place in the output of the tile's first number, and the tile's numbers are
    /// nobody else's.
    #[inline(always)]
    unsafe fn store<S: Simd>(
        &self,
        s: S,
        sums: &[S::E; MAX_SUMS],
        [rows, pixels]: [usize; 2],
        channels: usize,
        end: End<S::E>,
        to: *mut S::E,
    ) {
        let (plane, line) = (self.g.output_pixels(), self.g.output[1]);
        assert!(rows * pixels * self.width <= MAX_SUMS && channels <= self.width);
        for v in (0..channels).step_by(S::LANES) {
            for row in 0..rows {
                // Blocks of LANES pixels by LANES channels.
                for p in (0..pixels).step_by(S::LANES) {
                    let n = S::LANES.min(pixels - p);
                    let mut block = [s.zero(); MAX_LANES];
                    for i in 0..S::LANES {
                        if i < n {
                            let at = (row * pixels + p + i) * self.width + v;
                            // SAFETY: inside the tile, as asserted.
                            block[i] = unsafe { s.load(sums.as_ptr().add(at)) };
                        }
                    }
                    let block = s.transpose(block);
                    let mut to = to.wrapping_add(v * plane + row * line + p);
                    for c in 0..S::LANES {
                        if c < channels - v {
                            // SAFETY: `n` pixels of this channel's row are the tile's.
                            unsafe { end.store(s, to, block[c], n) };
                            to = to.wrapping_add(plane);
                        }
                    }
                }
            }
        }
    }
}
