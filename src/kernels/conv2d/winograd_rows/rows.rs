//! From rows of pixels, or of gradients of outputs, to transformed tiles.

use super::super::winograd::{Magnitude, pad, split};
use super::Plan;
use super::task::Part;
use super::transform::{OUTPUTS, POINTS, input, output_adjoint};
use crate::kernels::Element;
use crate::kernels::simd::{MAX_LANES, Simd};

/// Numbers that are transformed at a time: whole vectors of tiles, which stay in the first cache.
const LINE: usize = 8 * OUTPUTS * MAX_LANES;

/// Numbers that [`Rows::transform`] needs for those on their way.
pub const LINES_LEN: usize = 2 * (LINE + MAX_LANES);

/// Rows of a plane.
pub struct Rows<'a, E> {
    plane: &'a [E],
    width: usize,
    /// The row of the first line and the column of the first pixel, which may be in the padding.
    start: [isize; 2],
    lines: usize,
    columns: usize,
}

impl<'a, E: Element> Rows<'a, E> {
    /// What the outputs of a task read of a channel of an image.
    pub fn of_input(
        plan: &Plan,
        x: &'a [E],
        (image, channel): (usize, usize),
        part: &Part,
    ) -> Self {
        let (g, pixels) = (&plan.g, plan.g.input_pixels());
        Rows {
            plane: &g.input_of(x, image, part.group)[channel * pixels..][..pixels],
            width: g.input[1],
            start: [part.rows.start as isize - g.padding[0], -g.padding[1]],
            lines: part.rows.len() + g.kernel[0] - 1,
            columns: plan.columns,
        }
    }

    /// The gradients of a task's outputs, of a channel of an image.
    pub fn of_output(
        plan: &Plan,
        gy: &'a [E],
        (image, channel): (usize, usize),
        part: &Part,
    ) -> Self {
        let (g, pixels) = (&plan.g, plan.g.output_pixels());
        let plane = g.planes(image, part.group).start + channel;
        Rows {
            plane: &gy[plane * pixels..][..pixels],
            width: g.output[1],
            start: [part.rows.start as isize, 0],
            lines: part.rows.len(),
            columns: plan.columns,
        }
    }

    /// Transforms the tiles, row by row. The points are `point` apart. `HALVES` is 2 for pixels, of
    /// which a tile has as many as points, and 1 for outputs. `magnitude` sees every number.
    #[inline(always)]
    pub fn transform<S: Simd<E = E>, const HALVES: usize>(
        &self,
        s: S,
        lines: &mut [E],
        (out, point): (&mut [E], usize),
        magnitude: &mut Magnitude<S>,
    ) {
        // Side by side, the first numbers of each tile, as many as it has outputs, and the others:
        // tiles that follow each other need not be neighbours in the image.
        let (near, far) = lines.split_at_mut(LINE + MAX_LANES);
        let (mut line, mut column, mut done) = (0, 0, 0);
        while line < self.lines {
            let mut at = 0;
            while at < LINE && line < self.lines {
                let len = (OUTPUTS * (self.columns - column)).min(LINE - at);
                let y = self.start[0] + line as isize;
                let row = match y >= 0 && (y as usize) < self.plane.len() / self.width {
                    true => &self.plane[y as usize * self.width..][..self.width],
                    false => &[],
                };
                let start = self.start[1] + (OUTPUTS * column) as isize;
                pad(s, row, start, len, &mut near[at..], magnitude);
                if HALVES == 2 {
                    pad(s, row, start + OUTPUTS as isize, len, &mut far[at..], magnitude);
                }
                at += len;
                column += len / OUTPUTS;
                if column == self.columns {
                    (column, line) = (0, line + 1);
                }
            }
            for first in (0..at / OUTPUTS).step_by(S::LANES) {
                let a = vectors(s, near, first);
                let points = if HALVES == 2 {
                    let b = vectors(s, far, first);
                    input(s, [a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3]])
                } else {
                    output_adjoint(s, a)
                };
                for i in 0..POINTS {
                    let to = &mut out[i * point + done + first..][..S::LANES];
                    // SAFETY: a vector.
                    unsafe { s.store(to.as_mut_ptr(), points[i]) };
                }
            }
            done += at / OUTPUTS;
        }
    }
}

/// The numbers of a vector of tiles in a line, each number of a tile in a vector.
#[inline(always)]
fn vectors<S: Simd>(s: S, line: &[S::E], first: usize) -> [S::V; OUTPUTS] {
    let mut v = [s.zero(); OUTPUTS];
    for i in 0..OUTPUTS {
        v[i] = s.get(line, OUTPUTS * first + i * S::LANES);
    }
    split::<S, OUTPUTS>(s, v)
}
