//! Convolution with vectors of output channels: for many of them.
//!
//! A tile is one or two vectors of output channels by some pixels of some rows, and its sums stay
//! in registers over the whole reduction: each pixel is broadcast straight from the padded copy,
//! so no column is wasted and only the weight is packed. Finished tiles are transposed.

use super::channel_tile::{MAX_PIXELS, MAX_ROWS, MAX_SUMS, Tile, vectors_of};
use super::geometry::Geometry;
use super::padded::Padded;
use super::rows::RowTasks;
use super::weights::{Convolution, Weights};
use crate::kernels::Element;
use crate::kernels::parallel::{Shared, tasks, threads};
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, MAX_LANES, Op, Simd, dispatch};

/// Bytes of copied input in a task: about what stays in the second cache.
const TASK_BYTES: usize = 256 << 10;

/// More weights of a group than this are worth fewer, larger tasks, since each reads them all.
const LARGE_WEIGHT: usize = 1 << 18;

struct Plan<'a, E> {
    g: Geometry,
    layout: Padded,
    tasks: RowTasks,
    /// Pixels and rows of a tile.
    pixels: usize,
    rows: usize,
    /// Channels of a tile.
    width: usize,
    bias: Option<&'a [E]>,
    /// Whether to add to the output.
    add: bool,
}

pub fn run<E: Element>(isa: Isa, convolution: &Convolution<E>, y: &mut [E]) {
    convolution.check(y);
    let Convolution { g, x, weight, bias, add } = *convolution;
    let limits = isa.limits::<E>();
    let vectors = vectors_of(limits.sums);
    let most = (limits.sums / vectors).min(MAX_PIXELS);
    let pixels = g.output[1].div_ceil(g.output[1].div_ceil(most));
    let rows = if pixels * MAX_ROWS * vectors <= limits.sums { MAX_ROWS } else { 1 };
    let row_bytes = g.channels * g.output[1] * g.stride[0] * g.stride[1] * size_of::<E>();
    let large = g.outputs * g.products() > LARGE_WEIGHT;
    let wanted = if large { usize::MAX } else { TASK_BYTES / row_bytes };
    let threads = threads(g.work());
    let row_tasks = RowTasks::new(g.batch, g.output[0], wanted, threads, rows);
    let plan = Plan {
        g: *g,
        layout: Padded::new(g, row_tasks.rows()),
        tasks: row_tasks,
        pixels,
        rows,
        width: vectors * limits.lanes,
        bias,
        add,
    };
    let y = Shared::new(y);
    let count = plan.tasks.count();
    scratch(g.groups * plan.group_len(), |packed| {
        pack(isa, &plan, weight, threads, packed);
        let packed = &*packed;
        tasks(threads, count * g.groups, |t| {
            let group = t / count;
            let packed = &packed[group * plan.group_len()..][..plan.group_len()];
            scratch(plan.tasks.slots() * plan.layout.image, |copy| {
                dispatch(isa, Task { plan: &plan, packed, x, y, task: t % count, group, copy });
            });
        });
    });
}

impl<E: Element> Plan<'_, E> {
    /// Packed weights of one group.
    fn group_len(&self) -> usize {
        self.g.outputs.next_multiple_of(self.width) * self.g.products()
    }
}

/// Packs the weight as `[group][panel of channels][product][channel]`; channels that a panel
/// has too many are 0.
fn pack<E: Element>(
    isa: Isa,
    plan: &Plan<E>,
    weight: &Weights<E>,
    threads: usize,
    packed: &mut [E],
) {
    let panel = plan.width * plan.g.products();
    let panels = plan.g.outputs.div_ceil(plan.width);
    let len = packed.len();
    let out = Shared::new(packed);
    let job = |p: usize| {
        assert!((p + 1) * panel <= len);
        // SAFETY: the panels are in the buffer and do not overlap; each is one job's.
        let out = unsafe { out.part(p * panel, panel) };
        let (group, first) = (p / panels, p % panels * plan.width);
        let channels = plan.width.min(plan.g.outputs - first);
        dispatch(isa, Pack { plan, weight, group, first, channels, out });
    };
    let threads = if len < 1 << 15 { 1 } else { threads };
    tasks(threads, panels * plan.g.groups, job);
}

struct Pack<'a, E> {
    plan: &'a Plan<'a, E>,
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
    plan: &'a Plan<'a, E>,
    packed: &'a [E],
    x: &'a [E],
    y: Shared<E>,
    task: usize,
    group: usize,
    copy: &'a mut [E],
}

impl<E: Element> Op<E> for Task<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Task { plan, packed, x, y, task, group, copy } = self;
        let (g, layout) = (&plan.g, &plan.layout);
        for part in plan.tasks.parts(task) {
            let x = g.input_of(x, part.image, group);
            layout.fill(s, g, x, part.rows, &mut copy[part.slot * layout.image..]);
        }
        // The sums of a tile, and then the tile transposed.
        let mut sums = [E::zero(); MAX_SUMS];
        for (p, weight) in packed.chunks_exact(plan.width * g.products()).enumerate() {
            let first = p * plan.width;
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
                        };
                        // SAFETY: the tile's pixels are in the copy at every tap, and the panel
                        // has a weight for every tap of `width` channels.
                        unsafe { tile.run(s, pixels, rows, &mut sums) };
                        let at = (plane * g.output[0] + part.rows.start + row) * g.output[1];
                        // SAFETY: no other task has these rows of this group's channels.
                        unsafe {
                            plan.store(s, &sums, [rows, pixels], group, first, y.at(at + column))
                        };
                    }
                    row += rows;
                }
            }
        }
    }
}

impl<E: Element> Plan<'_, E> {
    /// Stores a tile of sums, `[row][pixel][channel]`, from channel `first` of the group on.
    ///
    /// # Safety
    /// `to` is the place in the output of the tile's first number, and the tile's numbers are
    /// nobody else's.
    #[inline(always)]
    unsafe fn store<S: Simd<E = E>>(
        &self,
        s: S,
        sums: &[E; MAX_SUMS],
        [rows, pixels]: [usize; 2],
        group: usize,
        first: usize,
        to: *mut E,
    ) {
        let (plane, line) = (self.g.output_pixels(), self.g.output[1]);
        let channels = self.width.min(self.g.outputs - first);
        assert!(rows * pixels * self.width <= MAX_SUMS);
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
                    for c in 0..S::LANES {
                        if v + c < channels {
                            // SAFETY: `n` pixels of this channel's row are the tile's.
                            unsafe {
                                let to = to.add((v + c) * plane + row * line + p);
                                let mut out = block[c];
                                if let Some(bias) = self.bias {
                                    let bias = bias[group * self.g.outputs + first + v + c];
                                    out = s.add(out, s.splat(bias));
                                }
                                if self.add {
                                    out = s.add(out, s.load_first(to, n));
                                }
                                s.store_first(to, out, n);
                            }
                        }
                    }
                }
            }
        }
    }
}
