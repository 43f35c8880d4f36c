//! The gradient of the weight: `gw = Gᵀ Σ (A gy) ⊙ (Bᵀ x)`, in which the sum over all tiles is one
//! of dot products along them.

use super::super::choice::CHANNEL_VECTORS;
use super::super::geometry::Geometry;
use super::super::winograd::Magnitude;
use super::rows::{LINES_LEN, Rows};
use super::task::Part;
use super::transform::{OUTPUTS, POINTS, TAPS, weight_adjoint};
use super::{Plan, fits};
use crate::kernels::Element;
use crate::kernels::dots::{Tile, max_columns, sum_lanes};
use crate::kernels::parallel::{Shared, tasks, threads};
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, MAX_LANES, Op, Simd, dispatch};
use std::sync::atomic::{AtomicBool, Ordering};

/// Bytes of transformed pixels and gradients that are multiplied at a time.
const BLOCK_BYTES: usize = 384 << 10;

/// Vectors of tiles that a task is worth.
const LEAST_VECTORS: usize = 8;

pub struct GradientPlan {
    plan: Plan,
    /// Taps of a tile of sums.
    taps: usize,
    /// Tasks of a group, and blocks of each.
    tasks: usize,
    blocks: usize,
}

impl GradientPlan {
    /// If the algorithm is one for these sizes: few output channels, which have no faster kernel,
    /// and tiles enough to make up for the summing of the vectors' lanes at the end.
    pub fn new<E: Element>(isa: Isa, g: &Geometry) -> Option<GradientPlan> {
        let tiles = g.batch * g.output[0] * g.output[1].div_ceil(OUTPUTS);
        let vectors = tiles / isa.limits::<E>().lanes;
        if !fits(g) || g.outputs >= CHANNEL_VECTORS || vectors < LEAST_VECTORS {
            return None;
        }
        let bytes = BLOCK_BYTES * g.channels / (g.channels + g.outputs);
        let plan = Plan::of::<E>(isa, g, bytes);
        let threads = threads(g.work());
        // Two tasks a thread, so that a late one can be helped out.
        let blocks = plan.tasks() / g.groups;
        let most = blocks.min(vectors / LEAST_VECTORS);
        let tasks = if threads == 1 { 1 } else { most.min(2 * threads) };
        let taps = max_columns(plan.channels, isa.limits::<E>().sums);
        Some(GradientPlan { taps, tasks, blocks: blocks.div_ceil(tasks), plan })
    }

    /// Tiles of an image's outputs in a block, in whole vectors.
    fn tiles(&self) -> usize {
        (self.plan.rows * self.plan.columns).next_multiple_of(MAX_LANES)
    }

    /// Sums of an output channel at a point, in whole tiles.
    fn row(&self) -> usize {
        self.plan.products().next_multiple_of(self.taps)
    }

    /// Sums of a group.
    fn sums(&self) -> usize {
        POINTS * self.plan.g.outputs * self.row()
    }

    /// Numbers of a task's transformed pixels and gradients, of its sums' vectors, and of those
    /// on their way.
    fn buffer_lens(&self) -> [usize; 4] {
        let gradients = POINTS * self.plan.g.outputs * self.plan.images * self.tiles();
        [POINTS * self.plan.point(), gradients, self.sums() * self.plan.lanes, LINES_LEN]
    }

    /// `gw += …`. `other` does the same by another kernel.
    pub fn run<E: Element>(
        &self,
        (x, gy): (&[E], &[E]),
        gw: &mut [E],
        other: impl FnOnce(&mut [E]),
    ) {
        let g = &self.plan.g;
        assert!(x.len() == g.input_len() && gy.len() == g.output_len());
        assert!(gw.len() == g.weight_len());
        let len = self.sums() + MAX_LANES;
        let large = AtomicBool::new(false);
        // Each task has its own sums, added up at the end.
        scratch(self.tasks * g.groups * len, |parts| {
            let out = Shared::new(parts);
            tasks(threads(g.work()), self.tasks * g.groups, |t| {
                scratch(self.buffer_lens().iter().sum(), |buffer| {
                    let (task, group, large) = (t / g.groups, t % g.groups, &large);
                    // SAFETY: `parts` has a part for every task of every group.
                    let sums = unsafe { out.part(t * len, len) };
                    let task = Task { plan: self, x, gy, task, group, buffer, sums, large };
                    dispatch(self.plan.isa, task);
                });
            });
            if large.into_inner() {
                return other(gw);
            }
            let (first, others) = parts.split_at_mut(g.groups * len);
            for part in others.chunks_exact(first.len()) {
                first.iter_mut().zip(part).for_each(|(sum, &part)| *sum += part);
            }
            for (group, sums) in first.chunks_exact(len).enumerate() {
                let weights = g.outputs * g.products();
                let gw = &mut gw[group * weights..][..weights];
                dispatch(self.plan.isa, Finish { plan: self, sums, gw });
            }
        });
    }
}

struct Task<'a, E> {
    plan: &'a GradientPlan,
    x: &'a [E],
    gy: &'a [E],
    task: usize,
    group: usize,
    buffer: &'a mut [E],
    /// `[point][output][channel][row]`.
    sums: &'a mut [E],
    /// Whether there were numbers that do not suit the algorithm.
    large: &'a AtomicBool,
}

impl<E: Element> Op<E> for Task<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Task { plan: gradient, x, gy, task, group, buffer, sums, large } = self;
        let (plan, g) = (&gradient.plan, &gradient.plan.g);
        let [pixels, gradients, vectors, _] = gradient.buffer_lens();
        let (pixels, rest) = buffer.split_at_mut(pixels);
        let (gradients, rest) = rest.split_at_mut(gradients);
        let (vectors, lines) = rest.split_at_mut(vectors);
        let (row, tiles) = (gradient.row(), gradient.tiles());
        let products = plan.products();
        let mut magnitude = Magnitude::new(s);
        vectors.fill(E::zero());
        let last = (plan.tasks() / g.groups).min((task + 1) * gradient.blocks);
        for block in task * gradient.blocks..last {
            let part = Part::new(plan, block * g.groups + group);
            for (place, image) in part.images.clone().enumerate() {
                for c in 0..g.channels {
                    let at = c * plan.channel_len() + place * plan.image_len();
                    let rows = Rows::of_input(plan, x, (image, c), &part);
                    let to = (&mut pixels[at..], plan.point());
                    rows.transform::<S, 2>(s, lines, to, &mut magnitude);
                }
                for o in 0..g.outputs {
                    let at = (o * plan.images + place) * tiles;
                    let rows = Rows::of_output(plan, gy, (image, o), &part);
                    let to = (&mut gradients[at..], g.outputs * plan.images * tiles);
                    rows.transform::<S, 1>(s, lines, to, &mut magnitude);
                }
            }
            if magnitude.is_large(s) {
                return large.store(true, Ordering::Relaxed);
            }
            let lines = [part.images.len(), part.rows.len() * plan.columns];
            for point in 0..POINTS {
                for first in (0..g.outputs).step_by(plan.channels) {
                    for tap in (0..products).step_by(gradient.taps) {
                        let outputs = point * g.outputs + first;
                        let tile = Tile {
                            rows: &gradients[outputs * plan.images * tiles..],
                            row: plan.images * tiles,
                            count: plan.channels.min(g.outputs - first),
                            columns: &pixels[point * plan.point()..],
                            places: &plan.taps[tap..products.min(tap + gradient.taps)],
                            lines,
                            next: [tiles, plan.image_len()],
                            lanes: &mut vectors[(outputs * row + tap) * S::LANES..],
                            stride: row * S::LANES,
                        };
                        // SAFETY: the tiles of the block at each tap are those of the rows below.
                        unsafe { tile.run(s) };
                    }
                }
            }
        }
        sum_lanes(s, vectors, sums);
    }
}

/// Transforms the sums of a group back.
struct Finish<'a, E> {
    plan: &'a GradientPlan,
    sums: &'a [E],
    gw: &'a mut [E],
}

impl<E: Element> Op<E> for Finish<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Finish { plan, sums, gw } = self;
        let (row, point) = (plan.row(), plan.plan.g.outputs * plan.row());
        let products = plan.plan.products();
        for (o, gw) in gw.chunks_exact_mut(products * TAPS).enumerate() {
            for at in (0..products).step_by(S::LANES) {
                let mut points = [s.zero(); POINTS];
                for i in 0..POINTS {
                    // The sums of the last channel are followed by a vector.
                    points[i] = s.get(sums, i * point + o * row + at);
                }
                let mut taps = [[E::zero(); MAX_LANES]; TAPS];
                for (taps, v) in taps.iter_mut().zip(weight_adjoint(s, points)) {
                    s.put(v, taps, 0);
                }
                for (j, gw) in gw[at * TAPS..].chunks_exact_mut(TAPS).take(S::LANES).enumerate() {
                    for (gw, taps) in gw.iter_mut().zip(&taps) {
                        *gw += taps[j];
                    }
                }
            }
        }
    }
}
