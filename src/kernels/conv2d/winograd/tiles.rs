//! From the image to transformed tiles and back, for runs of tiles side by side.

use super::super::end::End;
use super::super::geometry::Geometry;
use super::transform::{self, MAX_OUTPUTS, MAX_POINTS, Magnitude};
use crate::kernels::parallel::Shared;
use crate::kernels::simd::{MAX_LANES, Simd};
use std::ops::Range;

/// Tiles side by side.
#[derive(Clone, Copy, Default)]
pub struct Run {
    /// Of the first one: its place in the vector, its image, its row and column in the grid.
    pub place: usize,
    pub image: usize,
    pub tile: [usize; 2],
    pub count: usize,
}

/// The runs in some tiles, which count through the grids of all images.
pub fn runs(grid: [usize; 2], tiles: Range<usize>) -> impl Iterator<Item = Run> {
    let mut at = tiles.start;
    std::iter::from_fn(move || {
        let (row, column) = (at / grid[1], at % grid[1]);
        let count = (grid[1] - column).min(tiles.end - at);
        let (place, image) = (at - tiles.start, row / grid[0]);
        at += count;
        (count > 0).then_some(Run { place, image, tile: [row % grid[0], column], count })
    })
}

/// The runs of a vector of tiles.
#[derive(Clone, Copy, Default)]
pub struct Runs {
    runs: [Run; MAX_LANES],
    count: usize,
}

impl Runs {
    pub fn new(grid: [usize; 2], tiles: Range<usize>) -> Self {
        let mut all = Runs::default();
        for run in runs(grid, tiles) {
            all.runs[all.count] = run;
            all.count += 1;
        }
        all
    }

    #[inline(always)]
    fn iter(&self) -> impl Iterator<Item = &Run> {
        self.runs[..self.count].iter()
    }
}

/// Numbers of a line of pixels: of each tile `M`, and room for the last store.
const fn line_len<const M: usize>(lanes: usize) -> usize {
    (M + 1) * lanes
}

/// Numbers that [`load`] and [`store`] need for their lines.
pub const fn lines_len<const M: usize>(lanes: usize) -> usize {
    2 * (M + 2) * line_len::<M>(lanes)
}

/// Transforms a vector of tiles of one channel; point `i` goes to `to[i * stride..]`. Lanes that
/// are left may hold anything. `magnitude` sees every pixel.
#[inline(always)]
pub fn load<S: Simd, const M: usize>(
    s: S,
    g: &Geometry,
    (x, channel): (&[S::E], usize),
    runs: &Runs,
    lines: &mut [S::E],
    (to, stride): (&mut [S::E], usize),
    magnitude: &mut Magnitude<S>,
) {
    let points = M + 2;
    let line = line_len::<M>(S::LANES);
    assert!(lines.len() >= lines_len::<M>(S::LANES));
    assert!(to.len() >= (points * points - 1) * stride + S::LANES);
    // Side by side, the first `M` pixels of each tile's rows, and from pixel `M` on the others:
    // tiles that follow each other in memory need not be neighbours in the image.
    let (near, far) = lines.split_at_mut(points * line);
    for run in runs.iter() {
        let x = &g.input_of(x, run.image, 0)[channel * g.input_pixels()..][..g.input_pixels()];
        let start = (run.tile[1] * M) as isize - g.padding[1];
        for r in 0..points {
            let y = (run.tile[0] * M + r) as isize - g.padding[0];
            let row = match y >= 0 && y < g.input[0] as isize {
                true => &x[y as usize * g.input[1]..][..g.input[1]],
                false => &[],
            };
            let (columns, place) = (run.count * M, r * line + run.place * M);
            pad(s, row, start, columns, &mut near[place..(r + 1) * line], magnitude);
            let (start, columns) = (start + M as isize, columns - M + 2);
            pad(s, row, start, columns, &mut far[place..(r + 1) * line], magnitude);
        }
    }
    // Down the columns.
    let mut rows = [[[s.zero(); MAX_OUTPUTS]; 2]; MAX_POINTS];
    for (half, lines) in [near, far].into_iter().enumerate() {
        for i in 0..M {
            let mut x = [s.zero(); MAX_POINTS];
            for r in 0..points {
                // SAFETY: a line has `M` vectors and one more.
                x[r] = unsafe { s.load(lines.as_ptr().add(r * line + i * S::LANES)) };
            }
            let x = transform::input::<S, M>(s, x);
            for r in 0..points {
                rows[r][half][i] = x[r];
            }
        }
    }
    // Along the rows.
    for r in 0..points {
        let (near, far) = (split::<S, M>(s, rows[r][0]), split::<S, M>(s, rows[r][1]));
        let mut x = [s.zero(); MAX_POINTS];
        x[..M].copy_from_slice(&near[..M]);
        (x[M], x[M + 1]) = (far[0], far[1]);
        let x = transform::input::<S, M>(s, x);
        for i in 0..points {
            // SAFETY: `to` has a whole vector at every point, as asserted.
            unsafe { s.store(to.as_mut_ptr().add((r * points + i) * stride), x[i]) };
        }
    }
}

/// `out[i] = row[start + i]`, and 0 outside the row, for the first `columns`. Zeros may follow.
#[inline(always)]
pub fn pad<S: Simd>(
    s: S,
    row: &[S::E],
    start: isize,
    columns: usize,
    out: &mut [S::E],
    magnitude: &mut Magnitude<S>,
) {
    let first = (-start).clamp(0, columns as isize) as usize;
    let end = (row.len() as isize - start).clamp(first as isize, columns as isize) as usize;
    assert!(out.len() >= columns + S::LANES);
    let (out, mut at) = (out.as_mut_ptr(), 0);
    // SAFETY: pixels of the row; and a vector from before the last column on is in `out`, as
    // asserted.
    unsafe {
        while at < first {
            s.store(out.add(at), s.zero());
            at += S::LANES;
        }
        at = first;
        let pixels = row.as_ptr().wrapping_offset(start);
        while at + S::LANES <= end {
            let v = s.load(pixels.wrapping_add(at));
            magnitude.add(s, v);
            s.store(out.add(at), v);
            at += S::LANES;
        }
        if at < end {
            let v = s.load_first(pixels.wrapping_add(at), end - at);
            magnitude.add(s, v);
            s.store(out.add(at), v);
            at += S::LANES;
        }
        // Without loads of no number at all, which are slow where there is no memory.
        while at < columns {
            s.store(out.add(at), s.zero());
            at += S::LANES;
        }
    }
}

/// `M` vectors in a row to `M` vectors of every `M`-th number.
#[inline(always)]
pub fn split<S: Simd, const M: usize>(s: S, v: [S::V; MAX_OUTPUTS]) -> [S::V; MAX_OUTPUTS] {
    let (even, odd) = s.unzip(v[0], v[1]);
    if M == 2 {
        return [even, odd, even, odd];
    }
    let (even2, odd2) = s.unzip(v[2], v[3]);
    let ((a, c), (b, d)) = (s.unzip(even, even2), s.unzip(odd, odd2));
    [a, b, c, d]
}

/// The inverse of [`split`].
#[inline(always)]
pub fn join<S: Simd, const M: usize>(s: S, v: [S::V; MAX_OUTPUTS]) -> [S::V; MAX_OUTPUTS] {
    if M == 2 {
        let (low, high) = s.zip(v[0], v[1]);
        return [low, high, low, high];
    }
    let ((even, even2), (odd, odd2)) = (s.zip(v[0], v[2]), s.zip(v[1], v[3]));
    let ((a, b), (c, d)) = (s.zip(even, odd), s.zip(even2, odd2));
    [a, b, c, d]
}

/// Where the outputs of a channel go.
pub struct Channel<E> {
    pub y: Shared<E>,
    pub index: usize,
    pub bias: E,
    pub end: End<E>,
}

/// Transforms a vector of tiles of one channel back; point `i` is at `from[i * stride..]`.
///
/// # Safety
/// The runs are in the output, and their pixels are nobody else's.
#[inline(always)]
pub unsafe fn store<S: Simd, const M: usize>(
    s: S,
    g: &Geometry,
    (from, stride): (&[S::E], usize),
    runs: &Runs,
    lines: &mut [S::E],
    channel: &Channel<S::E>,
) {
    let points = M + 2;
    let line = line_len::<M>(S::LANES);
    assert!(from.len() >= (points * points - 1) * stride + S::LANES);
    assert!(lines.len() >= lines_len::<M>(S::LANES));
    // Along the rows, then down the columns.
    let mut columns = [[s.zero(); MAX_POINTS]; MAX_OUTPUTS];
    for r in 0..points {
        let mut p = [s.zero(); MAX_POINTS];
        for i in 0..points {
            // SAFETY: `from` has a whole vector at every point, as asserted.
            p[i] = unsafe { s.load(from.as_ptr().add((r * points + i) * stride)) };
        }
        let row = transform::output::<S, M>(s, p);
        for i in 0..M {
            columns[i][r] = row[i];
        }
    }
    let mut rows = [[s.zero(); MAX_OUTPUTS]; MAX_OUTPUTS];
    for i in 0..M {
        let column = transform::output::<S, M>(s, columns[i]);
        for r in 0..M {
            rows[r][i] = column[r];
        }
    }
    let bias = s.splat(channel.bias);
    for r in 0..M {
        let row = join::<S, M>(s, rows[r]);
        for i in 0..M {
            // SAFETY: a line has `M` vectors and one more.
            unsafe {
                s.store(lines.as_mut_ptr().add(r * line + i * S::LANES), s.add(row[i], bias))
            };
        }
    }
    for run in runs.iter() {
        let plane = (run.image * g.outputs + channel.index) * g.output_pixels();
        let x = run.tile[1] * M;
        let width = (run.count * M).min(g.output[1] - x);
        let top = run.tile[0] * M;
        for r in 0..M.min(g.output[0] - top) {
            for at in (0..width).step_by(S::LANES) {
                let n = S::LANES.min(width - at);
                // SAFETY: `n` pixels of the run's row are left, in its line and in the output.
                unsafe {
                    let v = s.load(lines.as_ptr().add(r * line + run.place * M + at));
                    let to = channel.y.at(plane + (top + r) * g.output[1] + x + at);
                    channel.end.store(s, to, v, n);
                }
            }
        }
    }
}
