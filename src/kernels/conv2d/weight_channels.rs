//! The gradient of the weight with vectors of output channels: for many of them.
//!
//! `gy` is transposed, so that the channels of a pixel lie together; the padded input is
//! broadcast. A tile is a vector of channels by all taps of a few rows of the kernel, and its
//! sums stay in registers over whole images.

use super::geometry::Geometry;
use super::padded::Padded;
use super::weight_tile::{RUNS, Tile, tile_rows};
use crate::kernels::Element;
use crate::kernels::parallel::{Shared, pieces, tasks, threads};
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, MAX_LANES, Op, Simd, dispatch};
use std::ops::Range;

/// Bytes of copied images at a time.
const BLOCK_BYTES: usize = 64 << 20;

/// Pixels over which a tile runs before the next tile gets them: about what stays in the cache.
const CHUNK_PIXELS: usize = 1024;

struct Plan<'a, E> {
    g: Geometry,
    /// The padded input as one of stride 1 would need it: all in one phase.
    dense: Geometry,
    layout: Padded,
    x: &'a [E],
    gy: &'a [E],
    lanes: usize,
    /// Vectors of channels in a group.
    panels: usize,
    /// Taps that lie side by side in the input.
    run: usize,
    /// The images at hand, how many of them a task takes, and how many at a time.
    images: Range<usize>,
    per_task: usize,
    chunk: usize,
    group: usize,
}

/// `gw += …`.
pub fn run<E: Element>(isa: Isa, g: &Geometry, x: &[E], gy: &[E], gw: &mut [E]) {
    assert!(x.len() == g.input_len() && gy.len() == g.output_len());
    assert!(gw.len() == g.groups * g.outputs * g.products());
    let limits = isa.limits::<E>();
    let threads = threads(g.work());
    let output = [0, 1].map(|axis| (g.output[axis] - 1) * g.stride[axis] + 1);
    let dense = Geometry { output, stride: [1, 1], ..*g };
    let side_by_side = g.dilation[1] == 1 && RUNS.contains(&g.kernel[1]);
    let run = if side_by_side && g.kernel[1] <= limits.sums { g.kernel[1] } else { 1 };
    let panels = g.outputs.div_ceil(limits.lanes);
    let mut plan = Plan {
        g: *g,
        dense,
        layout: Padded::new(&dense, output[0]),
        x,
        gy,
        lanes: limits.lanes,
        panels,
        run,
        images: 0..0,
        per_task: 0,
        chunk: 0,
        group: 0,
    };
    let image_bytes = (plan.layout.image + plan.image_of_gy()) * size_of::<E>();
    let block = (BLOCK_BYTES / image_bytes).clamp(1, g.batch);
    for (group, gw) in gw.chunks_exact_mut(g.outputs * g.products()).enumerate() {
        plan.group = group;
        for first in (0..g.batch).step_by(block) {
            plan.images = first..g.batch.min(first + block);
            let images = plan.images.len();
            // Panels are shared out; images too where there are few panels.
            let shares = match threads {
                1 => 1,
                _ if panels >= 2 * threads => 1,
                _ => (2 * threads).div_ceil(panels).min(images),
            };
            plan.per_task = images.div_ceil(shares);
            plan.chunk = CHUNK_PIXELS.div_ceil(g.output_pixels()).min(plan.per_task);
            plan.run_block(isa, threads, gw);
        }
    }
}

impl<E: Element> Plan<'_, E> {
    /// Numbers in the transposed `gy` of an image.
    fn image_of_gy(&self) -> usize {
        self.panels * self.g.output_pixels() * self.lanes
    }

    fn run_block(&self, isa: Isa, threads: usize, gw: &mut [E]) {
        let images = self.images.len();
        let shares = images.div_ceil(self.per_task);
        let x_len = images * self.layout.image;
        let gy_len = images * self.image_of_gy();
        scratch(x_len + gy_len + shares * gw.len(), |buffer| {
            let (x, rest) = buffer.split_at_mut(x_len);
            let (gy, parts) = rest.split_at_mut(gy_len);
            let (x_out, gy_out) = (Shared::new(x), Shared::new(gy));
            let copies = if threads == 1 { 1 } else { images.min(8) };
            tasks(threads, 2 * copies, |t| {
                let images = t / 2 * images / copies..(t / 2 + 1) * images / copies;
                match t % 2 {
                    0 => dispatch(isa, CopyX { plan: self, images, out: x_out }),
                    _ => dispatch(isa, TransposeGy { plan: self, images, out: gy_out }),
                }
            });
            let (x, gy) = (&*x, &*gy);
            let len = gw.len();
            let out = Shared::new(parts);
            tasks(threads, self.panels * shares, |t| {
                let (panel, share) = (t % self.panels, t / self.panels);
                scratch((self.g.products() + MAX_LANES) * self.lanes, |sums| {
                    let task = Task { plan: self, x, gy, panel, share, sums, out, len };
                    dispatch(isa, task);
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
}

/// The padded copies of some images of the block.
struct CopyX<'a, E> {
    plan: &'a Plan<'a, E>,
    images: Range<usize>,
    out: Shared<E>,
}

impl<E: Element> Op<E> for CopyX<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Plan { dense, layout, x, images, group, .. } = self.plan;
        for i in self.images {
            let x = dense.input_of(x, images.start + i, *group);
            // SAFETY: the buffer has a part for each image, and this task alone has this image.
            let out = unsafe { self.out.part(i * layout.image, layout.image) };
            layout.fill(s, dense, x, 0..dense.output[0], out);
        }
    }
}

/// Some images of `gy` as `[panel][image][pixel][channel]`; channels that the last panel has too
/// many are 0.
struct TransposeGy<'a, E> {
    plan: &'a Plan<'a, E>,
    images: Range<usize>,
    out: Shared<E>,
}

impl<E: Element> Op<E> for TransposeGy<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let plan = self.plan;
        let (g, count) = (&plan.g, plan.images.len());
        let pixels = g.output_pixels();
        for i in self.images {
            let image = (plan.images.start + i) * g.groups + plan.group;
            let gy = &plan.gy[image * g.outputs * pixels..][..g.outputs * pixels];
            for panel in 0..plan.panels {
                let first = panel * S::LANES;
                let channels = S::LANES.min(g.outputs - first);
                let start = (panel * count + i) * pixels * S::LANES;
                // SAFETY: the buffer has a part for each panel and image, and this task alone has
                // this image.
                let out = unsafe { self.out.part(start, pixels * S::LANES) };
                for p in (0..pixels).step_by(S::LANES) {
                    let n = S::LANES.min(pixels - p);
                    let mut block = [s.zero(); MAX_LANES];
                    for (c, block) in block.iter_mut().enumerate().take(channels) {
                        // SAFETY: `n` pixels from `p` on are in this channel.
                        *block =
                            unsafe { s.load_first(gy.as_ptr().add((first + c) * pixels + p), n) };
                    }
                    let block = s.transpose(block);
                    for (j, &channels) in block.iter().enumerate().take(n) {
                        // SAFETY: `out` has a vector for each pixel.
                        unsafe { s.store(out.as_mut_ptr().add((p + j) * S::LANES), channels) };
                    }
                }
            }
        }
    }
}

/// All taps of a panel of channels, over a share of the images.
struct Task<'a, E> {
    plan: &'a Plan<'a, E>,
    x: &'a [E],
    gy: &'a [E],
    panel: usize,
    share: usize,
    /// A vector for each tap, and a block more to transpose over the end.
    sums: &'a mut [E],
    /// The gradients of all shares, each of `len` numbers.
    out: Shared<E>,
    len: usize,
}

impl<E: Element> Op<E> for Task<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Task { plan, x, gy, panel, share, sums, out, len } = self;
        let (g, layout, count) = (&plan.g, &plan.layout, plan.images.len());
        let gy = &gy[panel * count * g.output_pixels() * S::LANES..];
        let runs = g.products() / plan.run;
        sums.fill(E::zero());
        let end = count.min((share + 1) * plan.per_task);
        for image in (share * plan.per_task..end).step_by(plan.chunk) {
            let mut run = 0;
            while run < runs {
                let rows = tile_rows(plan.run, S::SUMS, runs - run);
                let tile = Tile {
                    images: plan.chunk.min(end - image),
                    size: g.output,
                    stride: g.stride,
                    x: &x[image * layout.image..],
                    image: layout.image,
                    row: layout.row,
                    taps: &layout.taps[run * plan.run..],
                    gy: &gy[image * g.output_pixels() * S::LANES..],
                    sums: &mut sums[run * plan.run * S::LANES..],
                };
                // SAFETY: `x` has the padded images with every tap, `gy` their pixels' channels.
                unsafe { tile.run(s, plan.run, rows) };
                run += rows;
            }
        }
        // Transposed to the order of the weight.
        let products = g.products();
        let first = panel * S::LANES;
        for tap in (0..products).step_by(S::LANES) {
            let n = S::LANES.min(products - tap);
            let mut block = [s.zero(); MAX_LANES];
            for (i, block) in block.iter_mut().enumerate().take(S::LANES) {
                // SAFETY: `sums` has a vector for each tap and LANES more.
                *block = unsafe { s.load(sums.as_ptr().add((tap + i) * S::LANES)) };
            }
            let block = s.transpose(block);
            for (c, &taps) in block.iter().enumerate().take(S::LANES.min(g.outputs - first)) {
                // SAFETY: `n` taps of this channel, which is this task's alone.
                unsafe {
                    s.store_first(out.at(share * len + (first + c) * products + tap), taps, n)
                };
            }
        }
    }
}
