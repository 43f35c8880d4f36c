//! The gradient of the weight with vectors of output channels: for many of them.
//!
//! `gy` is transposed, so that the channels of a pixel lie together; the padded input is
//! broadcast. A tile is a vector of channels by all taps of a few rows of the kernel, and its
//! sums stay in registers over whole images.
//!
//! The gradient of a kernel of one tap is a product of matrices, whose sides can be exchanged: so
//! the one with fewer channels may be transposed, and the other one is read where it lies.

use super::choice::CHANNEL_VECTORS;
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

/// Bytes of sums in a task that takes several panels, and how many it takes: each tile of the
/// input then serves them all while it is in the cache.
const TASK_BYTES: usize = 256 << 10;
const TASK_PANELS: usize = 4;

/// Up to so many input channels, fewer than output channels, are transposed in their place: of
/// more, what is saved is lost again by reading `gy` where it lies.
const EXCHANGE: usize = 128;

/// Pixels over which a tile runs before the next tile gets them: about what stays in the cache.
const CHUNK_PIXELS: usize = 256;

struct Plan<'a, E> {
    g: Geometry,
    /// What the padded copy serves. Of several taps it is a convolution of stride 1, which has
    /// all pixels in one phase; `stride` is then between the pixels that a tap meets.
    copied: Geometry,
    stride: [usize; 2],
    layout: Padded,
    /// Whether `x` is read where it lies.
    in_place: bool,
    /// Whether input and output channels are exchanged.
    exchanged: bool,
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
    let few = (CHANNEL_VECTORS..=EXCHANGE).contains(&g.channels) && g.channels < g.outputs;
    if is_product(g) && few {
        let exchanged = Geometry { channels: g.outputs, outputs: g.channels, ..*g };
        add(isa, &exchanged, gy, x, true, gw);
    } else {
        add(isa, g, x, gy, false, gw);
    }
}

/// Whether each output is made of the pixel at the same place.
fn is_product(g: &Geometry) -> bool {
    g.taps() == 1 && g.stride == [1, 1] && g.padding == [0, 0] && g.input == g.output
}

fn add<E: Element>(isa: Isa, g: &Geometry, x: &[E], gy: &[E], exchanged: bool, gw: &mut [E]) {
    let limits = isa.limits::<E>();
    let threads = threads(g.work());
    let (copied, stride) = if g.taps() == 1 {
        (*g, [1, 1])
    } else {
        let output = [0, 1].map(|axis| (g.output[axis] - 1) * g.stride[axis] + 1);
        (Geometry { output, stride: [1, 1], ..*g }, g.stride)
    };
    let layout = Padded::new(&copied, copied.output[0]);
    // Channels that fall into the same sets of the cache are better copied.
    let in_place = is_product(g) && layout.image == g.channels * g.input_pixels();
    let side_by_side = g.dilation[1] == 1 && RUNS.contains(&g.kernel[1]);
    let run = if side_by_side && g.kernel[1] <= limits.sums { g.kernel[1] } else { 1 };
    let panels = g.outputs.div_ceil(limits.lanes);
    let mut plan = Plan {
        g: *g,
        copied,
        stride,
        layout,
        in_place,
        exchanged,
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
        let x_len = if self.in_place { 0 } else { images * self.layout.image };
        let gy_len = images * self.image_of_gy();
        scratch(x_len + gy_len + shares * gw.len(), |buffer| {
            let (x, rest) = buffer.split_at_mut(x_len);
            let (gy, parts) = rest.split_at_mut(gy_len);
            let (x_out, gy_out) = (Shared::new(x), Shared::new(gy));
            let copies = if threads == 1 { 1 } else { images.min(8) };
            tasks(threads, 2 * copies, |t| {
                let images = t / 2 * images / copies..(t / 2 + 1) * images / copies;
                match t % 2 {
                    1 => dispatch(isa, TransposeGy { plan: self, images, out: gy_out }),
                    _ if self.in_place => {}
                    _ => dispatch(isa, CopyX { plan: self, images, out: x_out }),
                }
            });
            let (x, gy) = (&*x, &*gy);
            let (x, image) = match self.in_place {
                true => {
                    let image = self.g.groups * self.layout.image;
                    let first = self.images.start * image + self.group * self.layout.image;
                    (&self.x[first..], image)
                }
                false => (x, self.layout.image),
            };
            let len = gw.len();
            let out = Shared::new(parts);
            // A vector for each tap, and a block more to transpose over the end.
            let panel_len = (self.g.products() + MAX_LANES) * self.lanes;
            let fit = (TASK_BYTES / (panel_len * size_of::<E>())).clamp(1, TASK_PANELS);
            let panels = fit.min((self.panels * shares).div_ceil(2 * threads)).min(self.panels);
            let count = self.panels.div_ceil(panels);
            tasks(threads, count * shares, |t| {
                let (first, share) = (t % count * panels, t / count);
                let panels = first..self.panels.min(first + panels);
                scratch(panels.len() * panel_len, |sums| {
                    let task = Task { plan: self, x, image, gy, panels, share, sums, out, len };
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
        let Plan { copied, layout, x, images, group, .. } = self.plan;
        for i in self.images {
            let x = copied.input_of(x, images.start + i, *group);
            // SAFETY: the buffer has a part for each image, and this task alone has this image.
            let out = unsafe { self.out.part(i * layout.image, layout.image) };
            layout.fill(s, copied, x, 0..copied.output[0], out);
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

/// All taps of some panels of channels, over a share of the images.
struct Task<'a, E> {
    plan: &'a Plan<'a, E>,
    /// The images, padded or not, and the distance between them.
    x: &'a [E],
    image: usize,
    gy: &'a [E],
    panels: Range<usize>,
    share: usize,
    /// Of each panel, a vector for each tap and a block more.
    sums: &'a mut [E],
    /// The gradients of all shares, each of `len` numbers.
    out: Shared<E>,
    len: usize,
}

impl<E: Element> Op<E> for Task<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Task { plan, x, image: x_image, gy, panels, share, sums, out, len } = self;
        let (g, layout, count) = (&plan.g, &plan.layout, plan.images.len());
        let runs = g.products() / plan.run;
        // One tap does not need the rows apart.
        let size = if g.taps() == 1 { [1, g.output_pixels()] } else { g.output };
        let panel_len = sums.len() / panels.len();
        sums.fill(E::zero());
        let end = count.min((share + 1) * plan.per_task);
        for image in (share * plan.per_task..end).step_by(plan.chunk) {
            let mut run = 0;
            while run < runs {
                let rows = tile_rows(plan.run, S::SUMS, runs - run);
                for (panel, sums) in panels.clone().zip(sums.chunks_exact_mut(panel_len)) {
                    let pixels = (panel * count + image) * g.output_pixels();
                    let tile = Tile {
                        images: plan.chunk.min(end - image),
                        size,
                        stride: plan.stride,
                        x: &x[image * x_image..],
                        image: x_image,
                        row: layout.row,
                        taps: &layout.taps[run * plan.run..],
                        gy: &gy[pixels * S::LANES..],
                        sums: &mut sums[run * plan.run * S::LANES..],
                    };
                    // SAFETY: `x` has the images with every tap, `gy` their pixels' channels.
                    unsafe { tile.run(s, plan.run, rows) };
                }
                run += rows;
            }
        }
        for (panel, sums) in panels.zip(sums.chunks_exact(panel_len)) {
            let first = panel * S::LANES;
            let channels = S::LANES.min(g.outputs - first);
            // SAFETY: the share's gradient has a part for these channels, which is this task's.
            unsafe { plan.store(s, sums, first, channels, out.at(share * len)) };
        }
    }
}

impl<E: Element> Plan<'_, E> {
    /// Stores the sums of a panel in the order of the weight.
    ///
    /// # Safety
    /// At `to` is a gradient of the group, whose channels from `first` on are nobody else's.
    #[inline(always)]
    unsafe fn store<S: Simd<E = E>>(
        &self,
        s: S,
        sums: &[E],
        first: usize,
        channels: usize,
        to: *mut E,
    ) {
        let (outputs, products) = (self.g.outputs, self.g.products());
        if self.exchanged {
            for (i, sums) in sums.chunks_exact(S::LANES).take(products).enumerate() {
                // SAFETY: the channels of this panel in row `i`.
                unsafe { s.store_first(to.add(i * outputs + first), s.get(sums, 0), channels) };
            }
            return;
        }
        for tap in (0..products).step_by(S::LANES) {
            let n = S::LANES.min(products - tap);
            let mut block = [s.zero(); MAX_LANES];
            for i in 0..S::LANES {
                block[i] = s.get(sums, (tap + i) * S::LANES);
            }
            let block = s.transpose(block);
            for (c, &taps) in block.iter().enumerate().take(channels) {
                // SAFETY: `n` taps of a channel of this panel.
                unsafe { s.store_first(to.add((first + c) * products + tap), taps, n) };
            }
        }
    }
}
