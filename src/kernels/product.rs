//! Products of matrices, added to a matrix.

#![allow(
    clippy::needless_range_loop,
    reason = "kernels go through several arrays by one index, in loops that must unroll"
)]

use super::Element;
use super::parallel::{Shared, tasks, threads};
use super::simd::{Isa, Op, Simd, dispatch};
use std::ops::Range;

/// So many rows of `b` at a time: those of a panel then stay in the second cache.
const DEPTH: usize = 256;

/// So many numbers of `b` stay in the first cache.
const CACHE: usize = 6144;

/// `c += a · b` with `a` of `m × k`, whose rows and columns are so far apart, and contiguous `b`
/// of `k × n` and `c` of `m × n`.
pub struct Product<'a, E> {
    pub size: [usize; 3],
    pub a: &'a [E],
    pub strides: [usize; 2],
    pub b: &'a [E],
}

impl<E: Element> Product<'_, E> {
    /// Adds the product to `c`.
    pub fn add_to(&self, c: &mut [E]) {
        let [m, k, n] = self.size;
        if m * k * n == 0 {
            return;
        }
        assert!(self.a.len() > (m - 1) * self.strides[0] + (k - 1) * self.strides[1]);
        assert!(self.b.len() == k * n && c.len() == m * n);
        let isa = Isa::best();
        let limits = isa.limits::<E>();
        let threads = threads(m * k * n);
        let count = if threads == 1 { 1 } else { 2 * threads };
        // Shares of the rows, or if they are few of the columns, in whole tiles.
        let by_rows = m > limits.rows;
        let (len, tile) = if by_rows {
            (m, limits.rows)
        } else {
            (n, limits.lanes * columns(m, limits.rows, limits.sums))
        };
        let share = len.div_ceil(count).next_multiple_of(tile);
        let c = Shared::new(c);
        tasks(threads, len.div_ceil(share), |t| {
            let part = t * share..len.min((t + 1) * share);
            let [rows, columns] = if by_rows { [part, 0..n] } else { [0..m, part] };
            dispatch(isa, Task { product: self, rows, columns, c });
        });
    }
}

/// Vectors of a tile in a product of `m` rows, where a tile has at most `rows` and `sums` sums.
const fn columns(m: usize, rows: usize, sums: usize) -> usize {
    if m > 2 { sums / rows } else { 4 }
}

struct Task<'a, E> {
    product: &'a Product<'a, E>,
    rows: Range<usize>,
    columns: Range<usize>,
    c: Shared<E>,
}

impl<E: Element> Op<E> for Task<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let k = self.product.size[1];
        let panel = columns(self.rows.len(), S::ROWS, S::SUMS) * S::LANES;
        for depth in (0..k).step_by(DEPTH) {
            let depth = depth..k.min(depth + DEPTH);
            // As many panels for each row of tiles as the first cache holds.
            let group = panel * (CACHE / (depth.len() * panel)).max(1);
            for first in self.columns.clone().step_by(group) {
                let end = self.columns.end.min(first + group);
                for row in self.rows.clone().step_by(S::ROWS) {
                    let height = S::ROWS.min(self.rows.end - row);
                    for column in (first..end).step_by(panel) {
                        let width = panel.min(end - column);
                        let tile = Tile { depth: depth.clone(), row, height, column, width };
                        // SAFETY: inside the matrices, and this task alone has this part of `c`.
                        unsafe {
                            match (self.rows.len(), S::ROWS) {
                                (1, _) => self.tile::<S, 1, 4>(s, tile),
                                (2, _) => self.tile::<S, 2, 4>(s, tile),
                                (_, 8) => self.tile::<S, 8, 3>(s, tile),
                                (_, 6) => self.tile::<S, 6, 2>(s, tile),
                                _ => self.tile::<S, 4, 2>(s, tile),
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A part of `c` whose sums stay in registers, and the part of `k` that is summed.
struct Tile {
    depth: Range<usize>,
    row: usize,
    height: usize,
    column: usize,
    width: usize,
}

impl<E: Element> Task<'_, E> {
    /// # Safety
    /// The tile is part of the product, and nobody else writes to its part of `c`.
    #[inline(always)]
    unsafe fn tile<S: Simd<E = E>, const R: usize, const C: usize>(&self, s: S, tile: Tile) {
        // SAFETY: handed on.
        unsafe {
            if tile.width == C * S::LANES {
                self.sums::<S, R, C, true>(s, tile);
            } else if tile.width <= S::LANES {
                self.sums::<S, R, 1, false>(s, tile);
            } else {
                self.sums::<S, R, C, false>(s, tile);
            }
        }
    }

    /// # Safety
    /// As for `tile`. `WHOLE` says that all its vectors are.
    #[inline(always)]
    unsafe fn sums<S: Simd<E = E>, const R: usize, const C: usize, const WHOLE: bool>(
        &self,
        s: S,
        tile: Tile,
    ) {
        let Product { size: [_, _, n], strides: [row, column], .. } = *self.product;
        debug_assert!(tile.height <= R && tile.width <= C * S::LANES);
        let mut lanes = [S::LANES; C];
        if !WHOLE {
            for j in 0..C {
                lanes[j] = tile.width.saturating_sub(j * S::LANES).min(S::LANES);
            }
        }
        let mut sums = [[s.zero(); C]; R];
        // SAFETY: all indices are inside the tile, which is inside the matrices. Rows that the
        // kernel has too many are the last one once more, and are not stored.
        unsafe {
            let mut a = [self.product.a.as_ptr(); R];
            for i in 0..R {
                a[i] = a[i].add((tile.row + i.min(tile.height - 1)) * row);
            }
            let b = self.product.b.as_ptr().add(tile.column);
            for k in tile.depth {
                let mut v = [s.zero(); C];
                for j in 0..C {
                    let b = b.add(k * n).wrapping_add(j * S::LANES);
                    v[j] = if WHOLE { s.load(b) } else { s.load_first(b, lanes[j]) };
                }
                for i in 0..R {
                    let a = s.splat(*a[i].add(k * column));
                    for j in 0..C {
                        sums[i][j] = s.fma(a, v[j], sums[i][j]);
                    }
                }
            }
            for i in 0..R {
                for j in 0..C {
                    if i < tile.height && lanes[j] > 0 {
                        let at = (tile.row + i) * n + tile.column + j * S::LANES;
                        let c = self.c.at(at);
                        let v = s.add(s.load_first(c, lanes[j]), sums[i][j]);
                        s.store_first(c, v, lanes[j]);
                    }
                }
            }
        }
    }
}
