//! The inner loop of [`super::channel_vectors`].

use crate::kernels::Element;
use crate::kernels::simd::{MAX_LANES, Simd};

/// Pixels of a row in a tile, at most.
pub const MAX_PIXELS: usize = 16;

/// Rows in a tile that has more than one.
pub const MAX_ROWS: usize = 3;

/// Numbers in a tile, at most: all sums that fit the largest set of registers.
pub const MAX_SUMS: usize = 24 * MAX_LANES;

/// Vectors of channels in a tile. With few registers for sums, two vectors make two products of
/// each broadcast.
pub const fn vectors_of(sums: usize) -> usize {
    if sums >= 16 { 1 } else { 2 }
}

/// A tile of sums over all taps, of pixels by a panel of channels.
pub struct Tile<'a, E> {
    /// The padded copy, from the tile's first pixel on.
    pub copy: &'a [E],
    /// Distance between rows of the copy.
    pub row: usize,
    pub taps: &'a [u32],
    /// The panel's weights, `[tap][channel]`.
    pub weight: &'a [E],
    /// What the sums of each channel start from.
    pub start: &'a [E; MAX_LANES],
}

macro_rules! by_size {
    ($tile:ident, $s:ident, $sums:ident, $pixels:ident, $rows:ident: $($n:literal)*) => {
        match ($pixels, $rows) {
            $(
                ($n, 1) if $n * V <= S::SUMS => $tile.kernel::<S, V, $n, 1>($s, $sums),
                ($n, MAX_ROWS) if $n * V * MAX_ROWS <= S::SUMS => {
                    $tile.kernel::<S, V, $n, MAX_ROWS>($s, $sums)
                }
            )*
            _ => unreachable!("no such tile"),
        }
    };
}

impl<E: Element> Tile<'_, E> {
    /// Leaves the sums of `pixels` by `rows` pixels in `sums`, as `[row][pixel][channel]`.
    ///
    /// # Safety
    /// The pixels are in the copy at every tap, and for every tap the panel has as many channels
    /// as [`vectors_of`] the registers.
    #[inline(always)]
    pub unsafe fn run<S: Simd<E = E>>(
        self,
        s: S,
        pixels: usize,
        rows: usize,
        sums: &mut [E; MAX_SUMS],
    ) {
        // SAFETY: handed on.
        unsafe {
            if vectors_of(S::SUMS) == 1 {
                self.by_size::<S, 1>(s, pixels, rows, sums);
            } else {
                self.by_size::<S, 2>(s, pixels, rows, sums);
            }
        }
    }

    /// # Safety
    /// As for `run`.
    #[inline(always)]
    unsafe fn by_size<S: Simd<E = E>, const V: usize>(
        self,
        s: S,
        pixels: usize,
        rows: usize,
        sums: &mut [E; MAX_SUMS],
    ) {
        // SAFETY: handed on.
        unsafe { by_size!(self, s, sums, pixels, rows: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16) }
    }

    /// # Safety
    /// As for `run`.
    #[inline(always)]
    unsafe fn kernel<S: Simd<E = E>, const V: usize, const P: usize, const R: usize>(
        self,
        s: S,
        out: &mut [E; MAX_SUMS],
    ) {
        let mut start = [s.zero(); V];
        for v in 0..V {
            start[v] = s.get(self.start, v * S::LANES);
        }
        let mut sums = [[start; P]; R];
        let mut weight = self.weight.as_ptr();
        for &tap in self.taps {
            // SAFETY: by the caller's promise, all of these are in the copy and in the panel.
            unsafe {
                let mut w = [s.zero(); V];
                for v in 0..V {
                    w[v] = s.load(weight.add(v * S::LANES));
                }
                weight = weight.add(V * S::LANES);
                let x = self.copy.as_ptr().add(tap as usize);
                for r in 0..R {
                    for p in 0..P {
                        let x = s.splat(*x.add(r * self.row + p));
                        for v in 0..V {
                            sums[r][p][v] = s.fma(x, w[v], sums[r][p][v]);
                        }
                    }
                }
            }
        }
        assert!(R * P * V * S::LANES <= MAX_SUMS);
        for r in 0..R {
            for p in 0..P {
                for v in 0..V {
                    let at = ((r * P + p) * V + v) * S::LANES;
                    // SAFETY: all of the tile's vectors fit, as asserted.
                    unsafe { s.store(out.as_mut_ptr().add(at), sums[r][p][v]) };
                }
            }
        }
    }
}
