//! The gradient of the weight as dot products: for few output channels.
//!
//! `gw[o, k]` is the dot product of `gy[o]` with the padded input at tap `k`, over all pixels of
//! all images. A tile is a few output channels by a few taps; its sums, a vector each, stay in
//! registers over the rows of an image. Rows are read one by one and their ends with a mask: a
//! vector that ran on would multiply pixels that have nothing to do with each other by 0, and
//! an infinity among them would not stay 0.

use super::geometry::Geometry;
use super::padded::Padded;
use super::pixel_tile::max_vectors;
use super::rows::RowTasks;
use crate::kernels::Element;
use crate::kernels::parallel::{Shared, pieces, tasks, threads};
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, MAX_LANES, Op, Simd, dispatch};

struct Plan<'a, E> {
    g: Geometry,
    layout: Padded,
    tasks: RowTasks,
    /// Output channels and taps of a tile.
    channels: usize,
    taps: usize,
    x: &'a [E],
    gy: &'a [E],
}

/// `gw += …`.
pub fn run<E: Element>(isa: Isa, g: &Geometry, x: &[E], gy: &[E], gw: &mut [E]) {
    let len = g.groups * g.outputs * g.products();
    assert!(x.len() == g.input_len() && gy.len() == g.output_len() && gw.len() == len);
    let limits = isa.limits::<E>();
    let threads = threads(g.work());
    let wanted = (g.batch * g.output[0]).div_ceil(2 * threads);
    let row_tasks = RowTasks::new(g.batch, g.output[0], wanted, threads, 1);
    let channels = g.outputs.div_ceil(g.outputs.div_ceil(limits.rows));
    let plan = Plan {
        g: *g,
        layout: Padded::new(g, row_tasks.rows()),
        tasks: row_tasks,
        channels,
        taps: max_vectors(channels, limits.sums),
        x,
        gy,
    };
    let count = row_tasks.count();
    // Each task has its own sums, added up at the end.
    scratch(count * len, |parts| {
        let shared = Shared::new(parts);
        let group_len = g.outputs * g.products();
        tasks(count * g.groups, |t| {
            let (task, group) = (t % count, t / count);
            // SAFETY: `parts` has a part for every task and group.
            let out = unsafe { shared.part(task * len + group * group_len, group_len) };
            scratch(plan.layout.image + plan.sums() * (limits.lanes + 1) + MAX_LANES, |buffer| {
                dispatch(isa, Task { plan: &plan, task, group, buffer, out });
            });
        });
        let parts = &*parts;
        pieces(parts.len(), gw, 1024, |i, gw| {
            for part in parts.chunks_exact(len) {
                gw.iter_mut().zip(&part[i * 1024..]).for_each(|(gw, &part)| *gw += part);
            }
        });
    });
}

impl<E: Element> Plan<'_, E> {
    /// The sums of one group: of each output channel, the taps in whole tiles.
    fn sums(&self) -> usize {
        self.g.outputs * self.g.products().next_multiple_of(self.taps)
    }
}

struct Task<'a, E> {
    plan: &'a Plan<'a, E>,
    task: usize,
    group: usize,
    buffer: &'a mut [E],
    out: &'a mut [E],
}

impl<E: Element> Op<E> for Task<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Task { plan, task, group, buffer, out } = self;
        let (g, layout) = (&plan.g, &plan.layout);
        let (copy, rest) = buffer.split_at_mut(layout.image);
        let (lanes, sums) = rest.split_at_mut(plan.sums() * S::LANES);
        lanes.fill(E::zero());
        let products = g.products();
        let row = products.next_multiple_of(plan.taps);
        for part in plan.tasks.parts(task) {
            let x = g.input_of(plan.x, part.image, group);
            let plane = (part.image * g.groups + group) * g.outputs;
            let lines = part.rows.len();
            let start = part.rows.start * g.output[1];
            layout.fill(s, g, x, part.rows, copy);
            for first in (0..g.outputs).step_by(plan.channels) {
                for tap in (0..products).step_by(plan.taps) {
                    let tile = Tile {
                        gy: &plan.gy[(plane + first) * g.output_pixels() + start..],
                        plane: g.output_pixels(),
                        channels: plan.channels.min(g.outputs - first),
                        copy,
                        row: layout.row,
                        taps: &layout.taps[tap..products.min(tap + plan.taps)],
                        size: [lines, g.output[1]],
                        lanes: &mut lanes[(first * row + tap) * S::LANES..],
                        stride: row * S::LANES,
                    };
                    // SAFETY: the layout has the taps of all of the part's pixels in the copy.
                    unsafe { tile.run(s) };
                }
            }
        }
        // LANES vectors become one of their sums.
        for i in (0..plan.sums()).step_by(S::LANES) {
            let n = S::LANES.min(plan.sums() - i);
            let mut block = [s.zero(); MAX_LANES];
            for (j, block) in block.iter_mut().enumerate().take(n) {
                // SAFETY: there is a vector for each sum.
                *block = unsafe { s.load(lanes.as_ptr().add((i + j) * S::LANES)) };
            }
            let columns = s.transpose(block);
            let mut sum = columns[0];
            for &column in &columns[1..S::LANES] {
                sum = s.add(sum, column);
            }
            assert!(sums.len() >= i + S::LANES);
            // SAFETY: as asserted.
            unsafe { s.store(sums.as_mut_ptr().add(i), sum) };
        }
        for (out, sums) in out.chunks_exact_mut(products).zip(sums.chunks(row)) {
            out.copy_from_slice(&sums[..products]);
        }
    }
}

/// Output channels by taps, over some rows of an image.
struct Tile<'a, E> {
    /// The gradient of the output, from the first channel's first row on.
    gy: &'a [E],
    /// Distance between its channels.
    plane: usize,
    channels: usize,
    /// The padded input.
    copy: &'a [E],
    /// Distance between its rows.
    row: usize,
    taps: &'a [u32],
    /// Rows and columns to go over.
    size: [usize; 2],
    /// The sums so far, a vector for each channel and tap.
    lanes: &'a mut [E],
    /// Distance between the channels there.
    stride: usize,
}

impl<E: Element> Tile<'_, E> {
    /// # Safety
    /// All pixels are in the copy at each tap.
    #[inline(always)]
    unsafe fn run<S: Simd<E = E>>(self, s: S) {
        // SAFETY: handed on.
        unsafe {
            match self.channels {
                1 => self.by_taps::<S, 1>(s),
                2 => self.by_taps::<S, 2>(s),
                3 => self.by_taps::<S, 3>(s),
                4 => self.by_taps::<S, 4>(s),
                5 if S::ROWS >= 6 => self.by_taps::<S, 5>(s),
                6 if S::ROWS >= 6 => self.by_taps::<S, 6>(s),
                7 | 8 if S::ROWS >= 8 => self.by_taps::<S, 8>(s),
                _ => unreachable!("a tile has at most {} channels", S::ROWS),
            }
        }
    }

    /// # Safety
    /// As for `run`.
    #[inline(always)]
    unsafe fn by_taps<S: Simd<E = E>, const R: usize>(self, s: S) {
        // SAFETY: handed on.
        unsafe {
            match max_vectors(R, S::SUMS) {
                1 => self.kernel::<S, R, 1>(s),
                2 => self.kernel::<S, R, 2>(s),
                3 => self.kernel::<S, R, 3>(s),
                _ => self.kernel::<S, R, 4>(s),
            }
        }
    }

    /// # Safety
    /// As for `run`.
    #[inline(always)]
    unsafe fn kernel<S: Simd<E = E>, const R: usize, const T: usize>(self, s: S) {
        let Tile { gy, plane, channels, copy, row, taps, size: [rows, columns], .. } = self;
        assert!(0 < channels && channels <= R && 0 < taps.len() && taps.len() <= T);
        assert!(gy.len() >= (channels - 1) * plane + rows * columns);
        // Channels and taps that the kernel has too many are the last one once more.
        let mut offset = [0; T];
        for j in 0..T {
            offset[j] = taps[j.min(taps.len() - 1)] as usize;
        }
        let mut channel = [0; R];
        for i in 0..R {
            channel[i] = i.min(channels - 1) * plane;
        }
        let mut sums = [[s.zero(); T]; R];
        for y in 0..rows {
            // SAFETY: `columns` pixels of each channel's row, and of each tap's, as asserted and
            // as the caller promises.
            unsafe {
                let (gy, x) = (gy.as_ptr().add(y * columns), copy.as_ptr().add(y * row));
                let mut at = 0;
                while at + S::LANES <= columns {
                    let mut pixels = [s.zero(); T];
                    for j in 0..T {
                        pixels[j] = s.load(x.add(offset[j] + at));
                    }
                    for i in 0..R {
                        let d = s.load(gy.add(channel[i] + at));
                        for j in 0..T {
                            sums[i][j] = s.fma(d, pixels[j], sums[i][j]);
                        }
                    }
                    at += S::LANES;
                }
                if at < columns {
                    let n = columns - at;
                    let mut pixels = [s.zero(); T];
                    for j in 0..T {
                        pixels[j] = s.load_first(x.add(offset[j] + at), n);
                    }
                    for i in 0..R {
                        let d = s.load_first(gy.add(channel[i] + at), n);
                        for j in 0..T {
                            sums[i][j] = s.fma(d, pixels[j], sums[i][j]);
                        }
                    }
                }
            }
        }
        assert!(self.lanes.len() >= (channels - 1) * self.stride + taps.len() * S::LANES);
        for i in 0..R {
            for j in 0..T {
                if i < channels && j < taps.len() {
                    // SAFETY: a vector of the tile, as asserted.
                    unsafe {
                        let to = self.lanes.as_mut_ptr().add(i * self.stride + j * S::LANES);
                        s.store(to, s.add(s.load(to), sums[i][j]));
                    }
                }
            }
        }
    }
}
