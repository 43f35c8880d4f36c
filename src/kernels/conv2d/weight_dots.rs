//! The gradient of the weight as dot products: for few output channels.
//!
//! `gw[o, k]` is the dot product of `gy[o]` with the padded input at tap `k`, over all pixels of
//! all images. A tile is a few output channels by a few taps; its sums, a vector each, stay in
//! registers over the rows of an image. Rows are read one by one and their ends with a mask: a
//! vector that ran on would multiply pixels that have nothing to do with each other by 0, and
//! an infinity among them would not stay 0.

use super::geometry::Geometry;
use super::padded::Padded;
use super::rows::RowTasks;
use crate::kernels::Element;
use crate::kernels::dots::{Tile, max_columns, sum_lanes};
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
    // Two tasks a thread, so that a late one can be helped out.
    let count = if threads == 1 { 1 } else { 2 * threads };
    let wanted = (g.batch * g.output[0]).div_ceil(count);
    let row_tasks = RowTasks::new(g.batch, g.output[0], wanted, threads, 1);
    let channels = g.outputs.div_ceil(g.outputs.div_ceil(limits.rows));
    let plan = Plan {
        g: *g,
        layout: Padded::new(g, row_tasks.rows()),
        tasks: row_tasks,
        channels,
        taps: max_columns(channels, limits.sums),
        x,
        gy,
    };
    let count = row_tasks.count();
    // Each task has its own sums, added up at the end.
    scratch(count * len, |parts| {
        let shared = Shared::new(parts);
        let group_len = g.outputs * g.products();
        tasks(threads, count * g.groups, |t| {
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
                        rows: &plan.gy[(plane + first) * g.output_pixels() + start..],
                        row: g.output_pixels(),
                        count: plan.channels.min(g.outputs - first),
                        columns: copy,
                        places: &layout.taps[tap..products.min(tap + plan.taps)],
                        lines: [lines, g.output[1]],
                        next: [g.output[1], layout.row],
                        lanes: &mut lanes[(first * row + tap) * S::LANES..],
                        stride: row * S::LANES,
                    };
                    // SAFETY: the layout has the taps of all of the part's pixels in the copy.
                    unsafe { tile.run(s) };
                }
            }
        }
        sum_lanes(s, lanes, sums);
        for (out, sums) in out.chunks_exact_mut(products).zip(sums.chunks(row)) {
            out.copy_from_slice(&sums[..products]);
        }
    }
}
