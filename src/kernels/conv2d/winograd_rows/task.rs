//! Some rows of some images, from the input to the output.

use super::super::end::End;
use super::super::pixel_tile::Tile;
use super::super::weights::Operands;
use super::super::winograd::{Magnitude, join};
use super::Plan;
use super::rows::Rows;
use super::transform::{OUTPUTS, POINTS, output};
use crate::kernels::Element;
use crate::kernels::parallel::Shared;
use crate::kernels::simd::{Op, Simd};
use std::ops::Range;
use std::sync::Mutex;

/// What a task computes.
pub struct Part {
    pub group: usize,
    pub images: Range<usize>,
    pub rows: Range<usize>,
}

impl Part {
    pub fn new(plan: &Plan, task: usize) -> Part {
        let (g, bands) = (&plan.g, plan.bands());
        let (group, task) = (task % g.groups, task / g.groups);
        let (top, first) = (task % bands * plan.rows, task / bands * plan.images);
        Part {
            group,
            images: first..g.batch.min(first + plan.images),
            rows: top..g.output[0].min(top + plan.rows),
        }
    }
}

pub struct Task<'a, E> {
    pub plan: &'a Plan,
    pub operands: Operands<'a, E>,
    pub y: Shared<E>,
    pub task: usize,
    pub buffer: &'a mut [E],
    /// Takes tasks that are left to another kernel.
    pub skipped: &'a Mutex<Vec<usize>>,
}

impl<E: Element> Op<E> for Task<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Task { plan, operands, y, task, buffer, skipped } = self;
        let (g, part) = (&plan.g, Part::new(plan, task));
        let [transformed, sums, _] = plan.buffer_lens();
        let (transformed, rest) = buffer.split_at_mut(transformed);
        let (sums, lines) = rest.split_at_mut(sums);
        let mut magnitude = Magnitude::new(s);
        for (place, image) in part.images.clone().enumerate() {
            for c in 0..g.channels {
                let at = c * plan.channel_len() + place * plan.image_len();
                let to = (&mut transformed[at..], plan.point());
                let rows = Rows::of_input(plan, operands.x, (image, c), &part);
                rows.transform::<S, 2>(s, lines, to, &mut magnitude);
            }
        }
        if magnitude.is_large(s) {
            skipped.lock().expect("no task panicked").push(task);
            return;
        }
        let products = plan.products();
        let point = g.outputs * products;
        let weight = &operands.weight[part.group * POINTS * point..][..POINTS * point];
        // Vectors of an image, and of all.
        let tiles = part.rows.len() * plan.columns;
        let of_image = tiles.div_ceil(S::LANES);
        let all = part.images.len() * of_image;
        for start in (0..all).step_by(plan.vectors) {
            let vectors = plan.vectors.min(all - start);
            let mut starts = [0; 4];
            for i in 0..vectors {
                let (image, vector) = ((start + i) / of_image, (start + i) % of_image);
                starts[i] = (image * plan.image_len() + vector * S::LANES) as u32;
            }
            for first in (0..g.outputs).step_by(plan.channels) {
                let channels = plan.channels.min(g.outputs - first);
                let len = plan.channels * plan.block();
                for i in 0..POINTS {
                    let weight = &weight[i * point + first * products..];
                    let tile = Tile {
                        copy: &transformed[i * plan.point()..],
                        taps: &plan.taps,
                        weight: &weight[..channels * products],
                        starts: &starts[..vectors],
                    };
                    // SAFETY: the points are followed by as many numbers as a block of vectors may
                    // read too much.
                    unsafe { tile.run(s, channels, &mut sums[i * len..][..len]) };
                }
                for i in 0..channels {
                    let bias = operands
                        .bias
                        .map_or(E::zero(), |bias| bias[part.group * g.outputs + first + i]);
                    for v in 0..vectors {
                        let at = i * vectors + v;
                        finish(s, (&sums[at * S::LANES..], len), bias, lines, at);
                    }
                }
                let mut vector = start;
                while vector < start + vectors {
                    let (image, first_of_image) = (vector / of_image, vector % of_image);
                    let count = (of_image - first_of_image).min(start + vectors - vector);
                    let end = tiles.min((first_of_image + count) * S::LANES);
                    let plane = g.planes(part.images.start + image, part.group).start + first;
                    for run in plan.runs(first_of_image * S::LANES..end) {
                        let from = (vector - start) * S::LANES + run.place;
                        let row = plane * g.output[0] + part.rows.start + run.row;
                        let channels = Channels {
                            count: channels,
                            from: &lines[OUTPUTS * from..],
                            next: [OUTPUTS * vectors * S::LANES, g.output_pixels()],
                            end: operands.end,
                        };
                        let to = row * g.output[1] + run.column;
                        // SAFETY: outputs of this task's rows.
                        unsafe { channels.store(s, run.outputs, y.at(to)) };
                    }
                    vector += count;
                }
            }
        }
    }
}

/// Transforms a vector of sums back, whose points are `len` apart, and adds the bias: to the
/// outputs of the vector `at`.
#[inline(always)]
fn finish<S: Simd>(
    s: S,
    (sums, len): (&[S::E], usize),
    bias: S::E,
    outputs: &mut [S::E],
    at: usize,
) {
    let mut points = [s.zero(); POINTS];
    for i in 0..POINTS {
        points[i] = s.get(sums, i * len);
    }
    let mut v = output(s, points);
    for i in 0..OUTPUTS {
        v[i] = s.add(v[i], s.splat(bias));
    }
    let v = join::<S, OUTPUTS>(s, v);
    let outputs = &mut outputs[OUTPUTS * at * S::LANES..][..OUTPUTS * S::LANES];
    for i in 0..OUTPUTS {
        // SAFETY: of as many vectors.
        unsafe { s.store(outputs.as_mut_ptr().add(i * S::LANES), v[i]) };
    }
}

/// The outputs of some channels.
struct Channels<'a, E> {
    count: usize,
    from: &'a [E],
    /// Distance from a channel to the next one, there and in the output.
    next: [usize; 2],
    end: End<E>,
}

impl<E: Element> Channels<'_, E> {
    /// Stores `outputs` of each.
    ///
    /// # Safety
    /// As many numbers are readable and writable at `to` for each channel.
    #[inline(always)]
    unsafe fn store<S: Simd<E = E>>(&self, s: S, outputs: usize, to: *mut E) {
        let [from, next] = self.next;
        assert!(self.from.len() >= (self.count - 1) * from + outputs);
        for at in (0..outputs).step_by(S::LANES) {
            let n = S::LANES.min(outputs - at);
            for i in 0..self.count {
                // SAFETY: as many outputs are left, here and there.
                unsafe {
                    let v = s.load_first(self.from.as_ptr().add(i * from + at), n);
                    self.end.store(s, to.add(i * next + at), v, n);
                }
            }
        }
    }
}
