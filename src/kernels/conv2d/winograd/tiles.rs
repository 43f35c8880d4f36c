//! From the image to transformed tiles and back, for runs of tiles side by side.

use super::super::end::End;
use super::super::geometry::Geometry;
use super::transform::{self, MAX_OUTPUTS, MAX_POINTS, Magnitude};
use crate::kernels::simd::Simd;
use num_traits::Zero;
use std::ops::Range;

/// Tiles side by side.
#[derive(Clone, Copy)]
pub struct Run {
    /// Of the first one: its place in the block, its image, its row and column in the grid.
    pub place: usize,
    pub image: usize,
    pub tile: [usize; 2],
    pub count: usize,
}

/// The runs in a block of tiles, which count through the grids of all images.
#[inline(always)]
pub fn runs(grid: [usize; 2], block: Range<usize>) -> impl Iterator<Item = Run> {
    let mut at = block.start;
    std::iter::from_fn(move || {
        let (row, column) = (at / grid[1], at % grid[1]);
        let count = (grid[1] - column).min(block.end - at);
        let (place, image) = (at - block.start, row / grid[0]);
        at += count;
        (count > 0).then_some(Run { place, image, tile: [row % grid[0], column], count })
    })
}

/// Numbers in each of the `M` phases of a line: a vector for each LANES tiles and one more.
fn phase_len<const M: usize>(g: &Geometry, lanes: usize) -> usize {
    (g.output[1].div_ceil(M) + 1).next_multiple_of(lanes) + lanes
}

/// Numbers that [`load`] needs for its lines: as read, and split by phases.
pub fn lines_len<const M: usize>(g: &Geometry, lanes: usize) -> usize {
    2 * (M + 2) * M * phase_len::<M>(g, lanes)
}

/// Transforms a run of tiles of one channel `x`; point `i` goes to `to[i * stride..]`. What is
/// left of the last vector may hold anything. `magnitude` sees every pixel.
#[inline(always)]
pub fn load<S: Simd, const M: usize>(
    s: S,
    g: &Geometry,
    x: &[S::E],
    run: Run,
    lines: &mut [S::E],
    (to, stride): (&mut [S::E], usize),
    magnitude: &mut Magnitude<S>,
) {
    let points = M + 2;
    let phase = phase_len::<M>(g, S::LANES);
    let line = M * phase;
    assert!(lines.len() >= lines_len::<M>(g, S::LANES) && run.count <= g.output[1].div_ceil(M));
    assert!(to.len() >= (points * points - 1) * stride + run.count.next_multiple_of(S::LANES));
    let (lines, phases) = lines.split_at_mut(points * line);
    let columns = run.count * M + 2;
    let start = (run.tile[1] * M) as isize - g.padding[1];
    for (i, line) in lines.chunks_exact_mut(line).enumerate() {
        let y = (run.tile[0] * M + i) as isize - g.padding[0];
        let row = (0..g.input[0] as isize).contains(&y).then(|| {
            let row = &x[y as usize * g.input[1]..];
            &row[..g.input[1]]
        });
        pad(s, row.unwrap_or(&[]), start, columns, line, magnitude);
    }
    for column in (0..columns).step_by(M * S::LANES) {
        // Down the columns.
        let mut rows = [[s.zero(); MAX_OUTPUTS]; MAX_POINTS];
        for i in 0..M {
            let mut x = [s.zero(); MAX_POINTS];
            for r in 0..points {
                // SAFETY: a line has room for whole chunks of `M` vectors.
                x[r] = unsafe { s.load(lines.as_ptr().add(r * line + column + i * S::LANES)) };
            }
            let x = transform::input::<S, M>(s, x);
            for r in 0..points {
                rows[r][i] = x[r];
            }
        }
        // Phase `i` of a row has pixel `i` of every tile.
        for r in 0..points {
            let split = split::<S, M>(s, rows[r]);
            for i in 0..M {
                let at = r * line + i * phase + column / M;
                // SAFETY: a phase has room for a vector for each chunk.
                unsafe { s.store(phases.as_mut_ptr().add(at), split[i]) };
            }
        }
    }
    // Along the rows.
    for tile in (0..run.count).step_by(S::LANES) {
        for r in 0..points {
            let mut x = [s.zero(); MAX_POINTS];
            for i in 0..points {
                // The last two pixels of a tile are the first two of the next.
                let at = r * line + i % M * phase + tile + i / M;
                // SAFETY: a phase is longer than that by a vector.
                x[i] = unsafe { s.load(phases.as_ptr().add(at)) };
            }
            let x = transform::input::<S, M>(s, x);
            for i in 0..points {
                // SAFETY: `to` has whole vectors at every point, as asserted.
                unsafe { s.store(to.as_mut_ptr().add((r * points + i) * stride + tile), x[i]) };
            }
        }
    }
}

/// `out[i] = row[start + i]`, and 0 outside the row, for the first `columns`. Zeros may follow.
#[inline(always)]
fn pad<S: Simd>(
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
    out[..first].fill(S::E::zero());
    for at in (first..columns).step_by(S::LANES) {
        let n = end.saturating_sub(at).min(S::LANES);
        // SAFETY: `n` pixels of the row, all before `end`, or none; a vector from before the
        // last column on is in `out`, as asserted.
        unsafe {
            let pixels = row.as_ptr().wrapping_offset(start + at as isize);
            let v = s.load_first(pixels, n);
            magnitude.add(s, v);
            s.store(out.as_mut_ptr().add(at), v);
        }
    }
}

/// `M` vectors in a row to `M` vectors of every `M`-th number.
#[inline(always)]
fn split<S: Simd, const M: usize>(s: S, v: [S::V; MAX_OUTPUTS]) -> [S::V; MAX_OUTPUTS] {
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
fn join<S: Simd, const M: usize>(s: S, v: [S::V; MAX_OUTPUTS]) -> [S::V; MAX_OUTPUTS] {
    if M == 2 {
        let (low, high) = s.zip(v[0], v[1]);
        return [low, high, low, high];
    }
    let ((even, even2), (odd, odd2)) = (s.zip(v[0], v[2]), s.zip(v[1], v[3]));
    let ((a, b), (c, d)) = (s.zip(even, odd), s.zip(even2, odd2));
    [a, b, c, d]
}

/// Where the outputs of a channel go.
pub struct Plane<E> {
    /// The first pixel of the plane.
    pub pixels: *mut E,
    pub bias: E,
    pub end: End<E>,
}

/// Transforms a run of tiles of one channel back; point `i` is at `from[i * stride..]`.
///
/// # Safety
/// The tiles are in the plane, and their pixels are nobody else's.
#[inline(always)]
pub unsafe fn store<S: Simd, const M: usize>(
    s: S,
    g: &Geometry,
    from: &[S::E],
    stride: usize,
    run: Run,
    plane: &Plane<S::E>,
) {
    let points = M + 2;
    assert!(from.len() >= (points * points - 1) * stride + run.count.next_multiple_of(S::LANES));
    let bias = s.splat(plane.bias);
    for tile in (0..run.count).step_by(S::LANES) {
        // Along the rows, then down the columns.
        let mut columns = [[s.zero(); MAX_POINTS]; MAX_OUTPUTS];
        for r in 0..points {
            let mut p = [s.zero(); MAX_POINTS];
            for i in 0..points {
                // SAFETY: `from` has whole vectors at every point, as asserted.
                p[i] = unsafe { s.load(from.as_ptr().add((r * points + i) * stride + tile)) };
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
        let x = (run.tile[1] + tile) * M;
        let width = ((run.count - tile).min(S::LANES) * M).min(g.output[1] - x);
        for r in 0..M {
            let y = run.tile[0] * M + r;
            if y < g.output[0] {
                let row = join::<S, M>(s, rows[r]);
                for i in 0..M {
                    let n = width.saturating_sub(i * S::LANES).min(S::LANES);
                    if n > 0 {
                        // SAFETY: `n` pixels of the row are left of the run's tiles.
                        unsafe {
                            let to = plane.pixels.add(y * g.output[1] + x + i * S::LANES);
                            plane.end.store(s, to, s.add(row[i], bias), n);
                        }
                    }
                }
            }
        }
    }
}
