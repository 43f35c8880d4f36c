//! Many dot products at a time, along memory.

#![allow(
    clippy::needless_range_loop,
    reason = "kernels go through several arrays by one index, in loops that must unroll"
)]

use super::Element;
use super::simd::{MAX_LANES, Simd};

/// The most columns of a tile of so many rows: as many as leave the sums in registers. Sixteen
/// registers hold no more than two vectors of columns beside the sums.
pub const fn max_columns(rows: usize, sums: usize) -> usize {
    let most = if sums < 16 { 2 } else { 4 };
    let fit = sums / kernel_rows(rows);
    if fit < most { fit } else { most }
}

/// The rows of the kernel that serves a tile of `rows` rows.
const fn kernel_rows(rows: usize) -> usize {
    if rows == 7 { 8 } else { rows }
}

/// The products of some rows with some columns, over lines of numbers. Line by line and with a
/// mask at the ends: a vector that ran on would multiply numbers that have nothing to do with
/// each other by 0, and an infinity among them would not stay 0.
pub struct Tile<'a, E> {
    /// `count` rows, `row` apart.
    pub rows: &'a [E],
    pub row: usize,
    pub count: usize,
    /// What the rows are multiplied by, which starts at `places`.
    pub columns: &'a [E],
    pub places: &'a [u32],
    /// How many lines, and their length.
    pub lines: [usize; 2],
    /// Distance from a line to the next one, in rows and in columns.
    pub next: [usize; 2],
    /// The sums so far, a vector for each row and column.
    pub lanes: &'a mut [E],
    /// Distance between the rows there.
    pub stride: usize,
}

impl<E: Element> Tile<'_, E> {
    /// Adds the products to `lanes`.
    ///
    /// # Safety
    /// All lines from each of the `places` on are in `columns`.
    #[inline(always)]
    pub unsafe fn run<S: Simd<E = E>>(self, s: S) {
        // SAFETY: handed on.
        unsafe {
            match self.count {
                1 => self.by_columns::<S, 1>(s),
                2 => self.by_columns::<S, 2>(s),
                3 => self.by_columns::<S, 3>(s),
                4 => self.by_columns::<S, 4>(s),
                5 if S::ROWS >= 6 => self.by_columns::<S, 5>(s),
                6 if S::ROWS >= 6 => self.by_columns::<S, 6>(s),
                7 | 8 if S::ROWS >= 8 => self.by_columns::<S, 8>(s),
                _ => unreachable!("a tile has at most {} rows", S::ROWS),
            }
        }
    }

    /// # Safety
    /// As for `run`.
    #[inline(always)]
    unsafe fn by_columns<S: Simd<E = E>, const R: usize>(self, s: S) {
        let most = max_columns(R, S::SUMS);
        // SAFETY: handed on. No kernel takes more columns than `max_columns`.
        unsafe {
            match self.places.len() {
                1 => self.kernel::<S, R, 1>(s),
                2 if most >= 2 => self.kernel::<S, R, 2>(s),
                3 if most >= 3 => self.kernel::<S, R, 3>(s),
                4 if most >= 4 => self.kernel::<S, R, 4>(s),
                _ => unreachable!("more sums than registers"),
            }
        }
    }

    /// # Safety
    /// As for `run`.
    #[inline(always)]
    unsafe fn kernel<S: Simd<E = E>, const R: usize, const C: usize>(self, s: S) {
        let Tile { rows, row, count, places, lines: [lines, len], next, .. } = self;
        assert!(0 < count && count <= R && places.len() == C && lines > 0);
        assert!(rows.len() >= (count - 1) * row + (lines - 1) * next[0] + len);
        let mut column = [0; C];
        for j in 0..C {
            column[j] = places[j] as usize;
        }
        // A row that the kernel has too many is the last one once more.
        let mut start = [0; R];
        for i in 0..R {
            start[i] = i.min(count - 1) * row;
        }
        let mut sums = [[s.zero(); C]; R];
        for line in 0..lines {
            // SAFETY: `len` numbers of each row's line and of each column's, as asserted and as
            // the caller promises.
            unsafe {
                let a = rows.as_ptr().add(line * next[0]);
                let b = self.columns.as_ptr().add(line * next[1]);
                let mut at = 0;
                while at + S::LANES <= len {
                    let mut x = [s.zero(); C];
                    for j in 0..C {
                        x[j] = s.load(b.add(column[j] + at));
                    }
                    for i in 0..R {
                        let v = s.load(a.add(start[i] + at));
                        for j in 0..C {
                            sums[i][j] = s.fma(v, x[j], sums[i][j]);
                        }
                    }
                    at += S::LANES;
                }
                if at < len {
                    let n = len - at;
                    let mut x = [s.zero(); C];
                    for j in 0..C {
                        x[j] = s.load_first(b.add(column[j] + at), n);
                    }
                    for i in 0..R {
                        let v = s.load_first(a.add(start[i] + at), n);
                        for j in 0..C {
                            sums[i][j] = s.fma(v, x[j], sums[i][j]);
                        }
                    }
                }
            }
        }
        assert!(self.lanes.len() >= (count - 1) * self.stride + C * S::LANES);
        for i in 0..R {
            for j in 0..C {
                if i < count {
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

/// `sums[i]` is the sum of vector `i` of `lanes`. `sums` has a vector more than that.
#[inline(always)]
pub fn sum_lanes<S: Simd>(s: S, lanes: &[S::E], sums: &mut [S::E]) {
    let count = lanes.len() / S::LANES;
    assert!(sums.len() >= count.next_multiple_of(S::LANES));
    for i in (0..count).step_by(S::LANES) {
        // LANES vectors become one of their sums.
        let n = S::LANES.min(count - i);
        let mut block = [s.zero(); MAX_LANES];
        for j in 0..n {
            // SAFETY: vector `i + j` of `count`.
            block[j] = unsafe { s.load(lanes.as_ptr().add((i + j) * S::LANES)) };
        }
        let columns = s.transpose(block);
        let mut sum = columns[0];
        for j in 1..S::LANES {
            sum = s.add(sum, columns[j]);
        }
        // SAFETY: a whole vector from `i` on is in `sums`, as asserted.
        unsafe { s.store(sums.as_mut_ptr().add(i), sum) };
    }
}
