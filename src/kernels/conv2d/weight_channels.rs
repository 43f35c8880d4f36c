//! The gradient of the weight with vectors of output channels: for many of them.
//!
//! `gy` is transposed, so that the channels of a pixel lie together; the padded input is
//! broadcast. A tile is a vector of channels by all taps of a few rows of the kernel, and its
//! sums stay in registers over whole images. Each task copies and transposes what it needs of a
//! few images at a time, so that nothing leaves its cache.
//!
//! The gradient of a kernel of one tap is a product of matrices, whose sides can be exchanged: so
//! the one with fewer channels may be transposed, and the other one is read where it lies.

use super::choice::CHANNEL_VECTORS;
use super::end::End;
use super::geometry::Geometry;
use super::padded::Padded;
use super::prefetch::prefetch;
use super::weight_tile::{RUNS, Tile, tile_rows};
use crate::kernels::Element;
use crate::kernels::parallel::{Shared, pieces, tasks, threads};
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, MAX_LANES, Op, Simd, dispatch};
use std::ops::Range;

/// Panels that get each tile of the input before the next tile does, while it is in the cache.
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
    /// Shares of the images, and how many images a share has, and how many at a time.
    shares: usize,
    per_share: usize,
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
        shares: 1,
        per_share: 0,
        chunk: 0,
        group: 0,
    };
    // Who shares the images has to add up the sums; who shares the panels copies all of `x`.
    let (sums, copies) = (g.outputs * g.products(), g.batch * plan.image_of_x());
    if threads > 1 && (sums < copies || panels < threads) {
        plan.shares = g.batch.min(2 * threads);
    }
    plan.per_share = g.batch.div_ceil(plan.shares);
    plan.shares = g.batch.div_ceil(plan.per_share);
    let chunks = plan.per_share.div_ceil(CHUNK_PIXELS.div_ceil(g.output_pixels()));
    plan.chunk = plan.per_share.div_ceil(chunks);
    for (group, gw) in gw.chunks_exact_mut(g.outputs * g.products()).enumerate() {
        plan.group = group;
        plan.run(isa, threads, gw);
    }
}

impl<E: Element> Plan<'_, E> {
    /// Numbers in the copy of an image.
    fn image_of_x(&self) -> usize {
        if self.in_place { 0 } else { self.layout.image }
    }

    fn run(&self, isa: Isa, threads: usize, gw: &mut [E]) {
        let len = gw.len();
        scratch((self.shares - 1) * len, |parts| {
            let (gw_out, parts_out) = (Shared::new(gw), Shared::new(parts));
            // A vector for each tap, and a block more to transpose over the end.
            let panel_len = (self.g.products() + MAX_LANES) * self.lanes;
            let ranges = if threads == 1 { 1 } else { (2 * threads).div_ceil(self.shares) };
            let panels = self.panels.div_ceil(ranges);
            let ranges = self.panels.div_ceil(panels);
            let x_len = self.chunk * self.image_of_x();
            let gy_len = self.chunk * TASK_PANELS * self.g.output_pixels() * self.lanes;
            tasks(threads, ranges * self.shares, |t| {
                let (first, share) = (t % ranges * panels, t / ranges);
                let panels = first..self.panels.min(first + panels);
                // SAFETY: the first share adds to the gradient itself, each of the others has a
                // part of the buffer.
                let to = unsafe {
                    match share {
                        0 => gw_out.at(0),
                        _ => parts_out.at((share - 1) * len),
                    }
                };
                scratch(panels.len() * panel_len + x_len + gy_len, |buffer| {
                    let (sums, rest) = buffer.split_at_mut(panels.len() * panel_len);
                    let (x, gy) = rest.split_at_mut(x_len);
                    dispatch(isa, Task { plan: self, panels, share, sums, panel_len, x, gy, to });
                });
            });
            if self.shares > 1 {
                let parts = &*parts;
                pieces(parts.len(), gw, 1024, |i, gw| {
                    for part in parts.chunks_exact(len) {
                        gw.iter_mut().zip(&part[i * 1024..]).for_each(|(gw, &part)| *gw += part);
                    }
                });
            }
        });
    }

    /// Some images of `gy` as `[panel][image][pixel][channel]`; channels that the last panel has
    /// too many are 0.
    #[inline(always)]
    fn transpose_gy<S: Simd<E = E>>(
        &self,
        s: S,
        panels: Range<usize>,
        images: Range<usize>,
        out: &mut [E],
    ) {
        let g = &self.g;
        let pixels = g.output_pixels();
        for (i, image) in images.clone().enumerate() {
            for (j, panel) in panels.clone().enumerate() {
                let first = panel * S::LANES;
                let channels = S::LANES.min(g.outputs - first);
                let start = ((image * g.groups + self.group) * g.outputs + first) * pixels;
                let gy = &self.gy[start..][..channels * pixels];
                let at = (j * images.len() + i) * pixels * S::LANES;
                let out = &mut out[at..][..pixels * S::LANES];
                for p in (0..pixels).step_by(S::LANES) {
                    let n = S::LANES.min(pixels - p);
                    // As much of the next panel, which follows this one.
                    prefetch(gy.as_ptr().wrapping_add(gy.len() + p * channels), n * channels);
                    let mut block = [s.zero(); MAX_LANES];
                    for (c, block) in block.iter_mut().enumerate().take(channels) {
                        // SAFETY: `n` pixels from `p` on are in this channel.
                        *block = unsafe { s.load_first(gy.as_ptr().add(c * pixels + p), n) };
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
    panels: Range<usize>,
    share: usize,
    /// Of each panel, so many numbers: a vector for each tap and a block more.
    sums: &'a mut [E],
    panel_len: usize,
    /// Place for the images at hand.
    x: &'a mut [E],
    gy: &'a mut [E],
    /// The gradient of the share.
    to: *mut E,
}

impl<E: Element> Op<E> for Task<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Task { plan, panels, share, sums, panel_len, x: copies, gy, to } = self;
        let (g, layout) = (&plan.g, &plan.layout);
        let runs = g.products() / plan.run;
        // One tap does not need the rows apart.
        let size = if g.taps() == 1 { [1, g.output_pixels()] } else { g.output };
        sums.fill(E::zero());
        let end = g.batch.min((share + 1) * plan.per_share);
        for first in (share * plan.per_share..end).step_by(plan.chunk) {
            let images = first..end.min(first + plan.chunk);
            let (x, image) = if plan.in_place {
                (&plan.x[g.input_start(first, plan.group)..], g.groups * layout.image)
            } else {
                for (image, out) in images.clone().zip(copies.chunks_exact_mut(layout.image)) {
                    let x = plan.copied.input_of(plan.x, image, plan.group);
                    layout.fill(s, &plan.copied, x, 0..plan.copied.output[0], out);
                }
                (&*copies, layout.image)
            };
            let blocks = sums.chunks_mut(TASK_PANELS * panel_len);
            for (panel, sums) in panels.clone().step_by(TASK_PANELS).zip(blocks) {
                let panels = panel..panels.end.min(panel + TASK_PANELS);
                plan.transpose_gy(s, panels, images.clone(), gy);
                let of_panel = images.len() * g.output_pixels() * S::LANES;
                let mut run = 0;
                while run < runs {
                    let rows = tile_rows(plan.run, S::SUMS, runs - run);
                    let panels = sums.chunks_exact_mut(panel_len).zip(gy.chunks_exact(of_panel));
                    for (sums, gy) in panels {
                        let tile = Tile {
                            images: images.len(),
                            size,
                            stride: plan.stride,
                            x,
                            image,
                            row: layout.row,
                            taps: &layout.taps[run * plan.run..],
                            gy,
                            sums: &mut sums[run * plan.run * S::LANES..],
                        };
                        // SAFETY: `x` has the images with every tap, `gy` their pixels' channels.
                        unsafe { tile.run(s, plan.run, rows) };
                    }
                    run += rows;
                }
            }
        }
        for (panel, sums) in panels.zip(sums.chunks_exact(panel_len)) {
            let first = panel * S::LANES;
            let channels = S::LANES.min(g.outputs - first);
            // SAFETY: the share's gradient has a part for these channels, which is this task's.
            unsafe { plan.store(s, sums, first, channels, share == 0, to) };
        }
    }
}

impl<E: Element> Plan<'_, E> {
    /// Stores the sums of a panel in the order of the weight, or adds them to what is there.
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
        add: bool,
        to: *mut E,
    ) {
        let (outputs, products) = (self.g.outputs, self.g.products());
        let end = End { add, clamp: None };
        if self.exchanged {
            for (i, sums) in sums.chunks_exact(S::LANES).take(products).enumerate() {
                // SAFETY: the channels of this panel in row `i`.
                unsafe { end.store(s, to.add(i * outputs + first), s.get(sums, 0), channels) };
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
                unsafe { end.store(s, to.add((first + c) * products + tap), taps, n) };
            }
        }
    }
}
