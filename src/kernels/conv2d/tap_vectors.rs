//! Convolution of stride 1 with vectors of taps and output channels: for few channels and narrow
//! rows, as in the gradient of the input of a network's first layers.
//!
//! Such a row does not fill vectors of pixels, and its few channels do not fill vectors either.
//! But the channels and the columns of the kernel together may: a lane `kx · outputs + o` is the
//! sum of `w[o, c, ky, kx] · x[c, iy, ix]` over `c` and `ky`, and those of neighbouring pixels `ix`,
//! shifted by `kx`, are then summed to outputs. Padding is left out instead of multiplied.

use super::channel_tile::{MAX_PIXELS, MAX_SUMS, Tile, vectors_of};
use super::end::End;
use super::geometry::Geometry;
use super::rows::RowTasks;
use super::weights::{Convolution, Weights};
use crate::kernels::Element;
use crate::kernels::parallel::{Shared, tasks, threads};
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, Limits, MAX_LANES, Op, Simd, dispatch};
use std::ops::Range;

/// What summing the shifted lanes costs for an output, in products.
const SHIFT: usize = 16;

/// Bytes of lanes at a time: they stay in the first cache.
const CACHE_BYTES: usize = 20 << 10;

/// Whether this takes fewer operations than vectors of pixels.
pub fn suits<E: Element>(isa: Isa, g: &Geometry) -> bool {
    let limits = isa.limits::<E>();
    let [lanes, reach] = [lanes(limits, g), (g.kernel[1] - 1) * g.dilation[1]];
    let rows: usize = (0..g.output[0]).map(|y| kernel_rows(g, y).len()).sum();
    let sums = rows * g.channels * g.input[1] * lanes;
    let shifts = g.output_pixels() * (g.kernel[1] + SHIFT) * limits.lanes;
    let pixels = g.output[0] * (g.output[1] + reach) * g.outputs * g.products();
    g.outputs < limits.lanes && sums + shifts < pixels
}

/// Lanes of a pixel: whole panels.
fn lanes(limits: Limits, g: &Geometry) -> usize {
    (g.kernel[1] * g.outputs).next_multiple_of(vectors_of(limits.sums) * limits.lanes)
}

/// The rows of the kernel that meet the image at row `y` of the output.
fn kernel_rows(g: &Geometry, y: usize) -> Range<usize> {
    let top = y as isize - g.padding[0];
    let before = |bound: isize| {
        let rows = (bound - top).max(0) as usize;
        // The distance between the rows of a kernel of one may be 0.
        rows.div_ceil(g.dilation[0].max(1)).min(g.kernel[0])
    };
    before(0)..before(g.input[0] as isize)
}

struct Plan<'a, E> {
    g: Geometry,
    tasks: RowTasks,
    /// Lanes of a panel, and of all.
    width: usize,
    lanes: usize,
    /// Pixels of a tile.
    pixels: usize,
    /// Rows at a time.
    rows: usize,
    /// Distance from the first channel's pixel to those of all channels and rows of the kernel.
    taps: Vec<u32>,
    /// For each output and tap of a row, where its lanes are: those of padding behind the others.
    places: Vec<u32>,
    /// `[group][panel][ky][channel][lane]`
    packed: &'a [E],
}

/// `y = end(conv(x, weight) + bias)`.
pub fn run<E: Element>(isa: Isa, convolution: &Convolution<E>, y: &mut [E]) {
    let Convolution { g, weight, .. } = *convolution;
    assert!(g.stride == [1, 1] && convolution.bias.is_none());
    assert!(convolution.x.len() == g.input_len() && y.len() == g.output_len());
    assert!(u32::try_from(g.channels * g.input_pixels()).is_ok(), "an image of 2^32 numbers");
    let limits = isa.limits::<E>();
    let lanes = lanes(limits, g);
    let most = (limits.sums / vectors_of(limits.sums)).min(MAX_PIXELS);
    let threads = threads(g.work());
    let wanted = (g.batch * g.output[0]).div_ceil(4 * threads);
    scratch(g.groups * g.kernel[0] * g.channels * lanes, |packed: &mut [E]| {
        let place = |x: usize, kx: usize| {
            let from = (x + kx * g.dilation[1]) as isize - g.padding[1];
            match usize::try_from(from) {
                Ok(from) if from < g.input[1] => (from * lanes + kx * g.outputs) as u32,
                _ => (g.input[1] * lanes) as u32,
            }
        };
        let places = (0..g.output[1]).flat_map(|x| (0..g.kernel[1]).map(move |kx| place(x, kx)));
        let down = |ky: usize| ky * g.dilation[0] * g.input[1];
        let taps = (0..g.kernel[0])
            .flat_map(|ky| (0..g.channels).map(move |c| (c * g.input_pixels() + down(ky)) as u32));
        let width = vectors_of(limits.sums) * limits.lanes;
        pack(g, weight, width, packed);
        let plan = Plan {
            g: *g,
            tasks: RowTasks::new(g.batch, g.output[0], wanted, threads, 1),
            width,
            lanes,
            pixels: g.input[1].div_ceil(g.input[1].div_ceil(most)),
            rows: (CACHE_BYTES / (size_of::<E>() * g.input[1] * lanes)).clamp(1, g.output[0]),
            taps: taps.collect(),
            places: places.collect(),
            packed,
        };
        let count = plan.tasks.count();
        let y = Shared::new(y);
        tasks(threads, count * g.groups, |t| {
            scratch(plan.rows * plan.row_len(), |sums| {
                let (task, group) = (t % count, t / count);
                dispatch(isa, Task { plan: &plan, convolution, y, task, group, sums });
            });
        });
    });
}

/// Packs the weight; lanes that the last panel has too many are 0.
fn pack<E: Element>(g: &Geometry, weight: &Weights<E>, width: usize, packed: &mut [E]) {
    let rows = g.kernel[0] * g.channels;
    let group_len = packed.len() / g.groups;
    packed.fill(E::zero());
    for (group, packed) in packed.chunks_exact_mut(group_len).enumerate() {
        for lane in 0..g.kernel[1] * g.outputs {
            let (kx, o) = (lane / g.outputs, lane % g.outputs);
            let from = &weight.data[group * weight.group + o * weight.output..];
            let to = &mut packed[lane / width * rows * width + lane % width..];
            for ky in 0..g.kernel[0] {
                let from =
                    from[weight.taps[ky * g.kernel[1] + kx]..].iter().step_by(weight.channel);
                let to = to[ky * g.channels * width..].iter_mut().step_by(width);
                to.zip(from).take(g.channels).for_each(|(to, &from)| *to = from);
            }
        }
    }
}

struct Task<'a, E> {
    plan: &'a Plan<'a, E>,
    convolution: &'a Convolution<'a, E>,
    y: Shared<E>,
    task: usize,
    group: usize,
    /// The lanes of as many rows as the plan has at a time.
    sums: &'a mut [E],
}

impl<E: Element> Op<E> for Task<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Task { plan, convolution, y, task, group, sums } = self;
        let g = &plan.g;
        let group_len = plan.packed.len() / g.groups;
        let packed = &plan.packed[group * group_len..][..group_len];
        let mut tile = [E::zero(); MAX_SUMS];
        for part in plan.tasks.parts(task) {
            let x = g.input_of(convolution.x, part.image, group);
            let plane = (part.image * g.groups + group) * g.outputs;
            // Not row by row: what has just been written can not yet be read at another offset.
            for first in part.rows.clone().step_by(plan.rows) {
                let rows = first..part.rows.end.min(first + plan.rows);
                for (row, sums) in rows.clone().zip(sums.chunks_mut(plan.row_len())) {
                    plan.sum_pixels(s, packed, x, row, &mut tile, sums);
                }
                for (row, sums) in rows.zip(sums.chunks(plan.row_len())) {
                    let at = plane * g.output_pixels() + row * g.output[1];
                    // SAFETY: the row of the group's first channel; no other task has this row.
                    unsafe { plan.sum_taps(s, sums, convolution.end, y.at(at)) };
                }
            }
        }
    }
}

impl<E: Element> Plan<'_, E> {
    /// The lanes of a row's pixels, and two vectors more: of zeros, and of what is read too much.
    fn row_len(&self) -> usize {
        self.g.input[1] * self.lanes + 2 * MAX_LANES
    }

    /// The lanes of all pixels, `[column][lane]`, summed over the channels and rows of `x` that
    /// row `row` of the output needs.
    #[inline(always)]
    fn sum_pixels<S: Simd<E = E>>(
        &self,
        s: S,
        packed: &[E],
        x: &[E],
        row: usize,
        tile_sums: &mut [E; MAX_SUMS],
        sums: &mut [E],
    ) {
        let g = &self.g;
        let rows = kernel_rows(g, row);
        let x = match rows.is_empty() {
            true => x,
            false => {
                let top = (row + rows.start * g.dilation[0]) as isize - g.padding[0];
                &x[top as usize * g.input[1]..]
            }
        };
        assert!(sums.len() >= self.row_len() && self.pixels * self.width <= MAX_SUMS);
        sums[g.input[1] * self.lanes..].fill(E::zero());
        for (p, weight) in packed.chunks_exact(g.kernel[0] * g.channels * self.width).enumerate() {
            for column in (0..g.input[1]).step_by(self.pixels) {
                let pixels = self.pixels.min(g.input[1] - column);
                let tile = Tile {
                    copy: &x[column..],
                    row: 0,
                    taps: &self.taps[..rows.len() * g.channels],
                    weight: &weight[rows.start * g.channels * self.width..],
                    start: &[E::zero(); MAX_LANES],
                };
                // SAFETY: the first tap is the first row of `x` that is needed, whose pixels all
                // taps have, and the panel has `width` lanes for each.
                unsafe { tile.run(s, pixels, 1, tile_sums) };
                for i in 0..pixels {
                    for v in (0..self.width).step_by(S::LANES) {
                        let at = (column + i) * self.lanes + p * self.width + v;
                        // SAFETY: the tile's sums are as many, and `sums` has room for the lanes
                        // of all columns, as asserted.
                        unsafe {
                            let sum = s.load(tile_sums.as_ptr().add(i * self.width + v));
                            s.store(sums.as_mut_ptr().add(at), sum);
                        }
                    }
                }
            }
        }
    }

    /// The outputs of a row from the lanes of its pixels.
    ///
    /// # Safety
    /// `y` is the row's place in the first of the group's output channels, and the row in all of
    /// them is nobody else's.
    #[inline(always)]
    unsafe fn sum_taps<S: Simd<E = E>>(&self, s: S, sums: &[E], end: End<E>, y: *mut E) {
        let g = &self.g;
        assert!(sums.len() >= self.row_len());
        for column in (0..g.output[1]).step_by(S::LANES) {
            let columns = S::LANES.min(g.output[1] - column);
            let mut block = [s.zero(); MAX_LANES];
            for i in 0..columns {
                let first = (column + i) * g.kernel[1];
                for &place in &self.places[first..first + g.kernel[1]] {
                    // SAFETY: `sums` is a vector longer than the last place, as asserted.
                    block[i] =
                        s.add(block[i], unsafe { s.load(sums.as_ptr().add(place as usize)) });
                }
            }
            // A vector of channels for each column becomes one of columns for each channel.
            let block = s.transpose(block);
            for o in 0..S::LANES {
                if o < g.outputs {
                    // SAFETY: `columns` outputs of this row.
                    unsafe {
                        end.store(s, y.add(o * g.output_pixels() + column), block[o], columns);
                    }
                }
            }
        }
    }
}
