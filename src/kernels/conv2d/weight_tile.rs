//! The inner loop of [`super::weight_channels`].

use crate::kernels::Element;
use crate::kernels::simd::Simd;

/// The numbers of taps side by side that there are kernels for.
pub const RUNS: [usize; 6] = [1, 2, 3, 4, 5, 7];

/// How many of the `left` runs of taps the next tile takes.
pub fn tile_rows(run: usize, sums: usize, left: usize) -> usize {
    let fits = |rows: &usize| *rows <= left && rows * run <= sums;
    [24, 16, 8, 4, 3, 2].into_iter().find(fits).unwrap_or(1)
}

/// A vector of channels by some runs of taps, over whole images.
pub struct Tile<'a, E> {
    pub images: usize,
    /// Rows and columns of an output plane.
    pub size: [usize; 2],
    pub stride: [usize; 2],
    /// Padded images, `image` apart, with rows `row` apart.
    pub x: &'a [E],
    pub image: usize,
    pub row: usize,
    /// Places of the taps; of each run, only the first is read.
    pub taps: &'a [u32],
    /// A vector of channels for each pixel.
    pub gy: &'a [E],
    /// A vector for each tap, added to.
    pub sums: &'a mut [E],
}

macro_rules! by_size {
    ($tile:ident, $s:ident, $run:ident, $rows:ident: $($p:literal)*) => {
        match ($run, $rows) {
            $(
                ($p, 1) if $p <= S::SUMS => $tile.kernel::<S, $p, 1>($s),
                ($p, 2) if $p * 2 <= S::SUMS => $tile.kernel::<S, $p, 2>($s),
                ($p, 3) if $p * 3 <= S::SUMS => $tile.kernel::<S, $p, 3>($s),
                ($p, 4) if $p * 4 <= S::SUMS => $tile.kernel::<S, $p, 4>($s),
                ($p, 8) if $p * 8 <= S::SUMS => $tile.kernel::<S, $p, 8>($s),
                ($p, 16) if $p * 16 <= S::SUMS => $tile.kernel::<S, $p, 16>($s),
                ($p, 24) if $p * 24 <= S::SUMS => $tile.kernel::<S, $p, 24>($s),
            )*
            _ => unreachable!("no such tile"),
        }
    };
}

impl<E: Element> Tile<'_, E> {
    /// For `rows` runs of `run` taps.
    ///
    /// # Safety
    /// `x` has all images with every tap of every pixel, and `gy` all pixels.
    #[inline(always)]
    pub unsafe fn run<S: Simd<E = E>>(self, s: S, run: usize, rows: usize) {
        // SAFETY: handed on.
        unsafe { by_size!(self, s, run, rows: 1 2 3 4 5 7) }
    }

    /// # Safety
    /// As for `run`.
    #[inline(always)]
    unsafe fn kernel<S: Simd<E = E>, const P: usize, const R: usize>(self, s: S) {
        assert!(self.taps.len() >= R * P && self.sums.len() >= R * P * S::LANES);
        assert!(self.gy.len() >= self.images * self.size[0] * self.size[1] * S::LANES);
        let mut sums = [[s.zero(); P]; R];
        let mut gy = self.gy.as_ptr();
        for image in 0..self.images {
            for y in 0..self.size[0] {
                // SAFETY: by the caller's promise every tap of the row is in `x`; `gy` goes once
                // over the pixels, as asserted.
                unsafe {
                    let line =
                        self.x.as_ptr().add(image * self.image + y * self.stride[0] * self.row);
                    let mut x = [line; R];
                    for r in 0..R {
                        x[r] = line.add(self.taps[r * P] as usize);
                    }
                    let mut at = 0;
                    for _ in 0..self.size[1] {
                        let d = s.load(gy);
                        gy = gy.add(S::LANES);
                        for r in 0..R {
                            for p in 0..P {
                                sums[r][p] = s.fma(s.splat(*x[r].add(at + p)), d, sums[r][p]);
                            }
                        }
                        at += self.stride[1];
                    }
                }
            }
        }
        for r in 0..R {
            for p in 0..P {
                // SAFETY: a vector for each tap of the tile, as asserted.
                unsafe {
                    let to = self.sums.as_mut_ptr().add((r * P + p) * S::LANES);
                    s.store(to, s.add(s.load(to), sums[r][p]));
                }
            }
        }
    }
}
