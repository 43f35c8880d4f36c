//! The inner loop of [`super::pixel_vectors`].

use crate::kernels::Element;
use crate::kernels::dots::max_columns;
use crate::kernels::simd::Simd;

/// A tile of sums over all taps, of output channels (its rows) by vectors of pixels.
pub struct Tile<'a, E> {
    /// The padded copy.
    pub copy: &'a [E],
    pub taps: &'a [u32],
    /// The weights of the tile's channels, `[channel][tap]`.
    pub weight: &'a [E],
    /// Where each vector of pixels starts in the copy.
    pub starts: &'a [u32],
}

impl<E: Element> Tile<'_, E> {
    /// Leaves the sums in `sums`, row by row, and tells the length of these rows.
    ///
    /// # Safety
    /// At each tap, the copy has all vectors.
    #[inline(always)]
    pub unsafe fn run<S: Simd<E = E>>(self, s: S, rows: usize, sums: &mut [E]) -> usize {
        // SAFETY: handed on.
        unsafe {
            match rows {
                1 => self.by_vectors::<S, 1>(s, rows, sums),
                2 => self.by_vectors::<S, 2>(s, rows, sums),
                3 => self.by_vectors::<S, 3>(s, rows, sums),
                4 => self.by_vectors::<S, 4>(s, rows, sums),
                5 if S::ROWS >= 6 => self.by_vectors::<S, 5>(s, rows, sums),
                6 if S::ROWS >= 6 => self.by_vectors::<S, 6>(s, rows, sums),
                7 | 8 if S::ROWS >= 8 => self.by_vectors::<S, 8>(s, rows, sums),
                _ => unreachable!("a tile has at most {} rows", S::ROWS),
            }
        }
    }

    /// # Safety
    /// As for `run`.
    #[inline(always)]
    unsafe fn by_vectors<S: Simd<E = E>, const R: usize>(
        self,
        s: S,
        rows: usize,
        sums: &mut [E],
    ) -> usize {
        let most = max_columns(R, S::SUMS);
        // SAFETY: handed on. No kernel takes more vectors than `max_columns`.
        unsafe {
            match self.starts.len() {
                1 => self.kernel::<S, R, 1>(s, rows, sums),
                2 if most >= 2 => self.kernel::<S, R, 2>(s, rows, sums),
                3 if most >= 3 => self.kernel::<S, R, 3>(s, rows, sums),
                4 if most >= 4 => self.kernel::<S, R, 4>(s, rows, sums),
                _ => unreachable!("more sums than registers"),
            }
        }
    }

    /// # Safety
    /// As for `run`.
    #[inline(always)]
    unsafe fn kernel<S: Simd<E = E>, const R: usize, const V: usize>(
        self,
        s: S,
        rows: usize,
        out: &mut [E],
    ) -> usize {
        assert!(self.weight.len() == rows * self.taps.len() && rows <= R);
        assert!(out.len() >= rows * V * S::LANES && self.starts.len() == V);
        let mut weight = [self.weight.as_ptr(); R];
        for i in 0..R {
            // A kernel with a row too many does the last one twice.
            weight[i] = self.weight[i.min(rows - 1) * self.taps.len()..].as_ptr();
        }
        let mut pixels = [self.copy.as_ptr(); V];
        for j in 0..V {
            pixels[j] = self.copy[self.starts[j] as usize..].as_ptr();
        }
        let mut sums = [[s.zero(); V]; R];
        for (k, &tap) in self.taps.iter().enumerate() {
            // SAFETY: the vectors lie in the copy, as the caller promises, and a row has as many
            // weights as there are taps.
            unsafe {
                let mut x = [s.zero(); V];
                for j in 0..V {
                    x[j] = s.load(pixels[j].add(tap as usize));
                }
                for i in 0..R {
                    let w = s.splat(*weight[i].add(k));
                    for j in 0..V {
                        sums[i][j] = s.fma(w, x[j], sums[i][j]);
                    }
                }
            }
        }
        for i in 0..R {
            for j in 0..V {
                if i < rows {
                    // SAFETY: `out` has room for the rows, as asserted.
                    unsafe { s.store(out.as_mut_ptr().add((i * V + j) * S::LANES), sums[i][j]) };
                }
            }
        }
        V * S::LANES
    }
}
