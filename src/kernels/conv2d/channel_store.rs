//! How finished tiles of [`super::channel_vectors`] get from sums, `[row][pixel][channel]`, to
//! rows of the output.

use super::channel_tile::MAX_SUMS;
use super::end::End;
use super::prefetch::prefetch;
use crate::kernels::Element;
use crate::kernels::simd::{MAX_LANES, Simd};

/// The place of a tile in the output.
pub struct Finished<'a, E> {
    /// Of two phases, whether there are no sums, but only what they would have started from.
    pub empty: [bool; 2],
    pub start: &'a [E; MAX_LANES],
    pub rows: usize,
    pub pixels: usize,
    /// Channels in the sums, and how many of them there are in the output.
    pub width: usize,
    pub channels: usize,
    /// Distances between channels and between the tile's rows in the output.
    pub plane: usize,
    pub line: usize,
    /// Numbers of a row, of all phases in turn.
    pub len: usize,
    pub end: End<E>,
    pub to: *mut E,
}

impl<E: Element> Finished<'_, E> {
    /// Asks for the place in the output, and for so many rows of `row` numbers below each of its
    /// own.
    #[inline(always)]
    pub fn prefetch(&self, below: usize, row: usize) {
        for line in 0..self.rows {
            for c in 0..self.channels {
                for i in 0..=below {
                    let at = line * self.line + i * row + c * self.plane;
                    prefetch(self.to.wrapping_add(at).cast_const(), self.len);
                }
            }
        }
    }

    /// Stores the sums of the tile, of each phase of the columns. `buffer` has [`MAX_LANES`]
    /// numbers for each phase.
    ///
    /// # Safety
    /// From `to` on, all rows of all channels are in the output, and nobody else's.
    #[inline(always)]
    pub unsafe fn store<S: Simd<E = E>>(&self, s: S, sums: &[[E; MAX_SUMS]], buffer: &mut [E]) {
        let step = sums.len();
        assert!(self.rows * self.pixels * self.width <= MAX_SUMS && self.channels <= self.width);
        for v in (0..self.channels).step_by(S::LANES) {
            for row in 0..self.rows {
                // Blocks of LANES pixels by LANES channels.
                for p in (0..self.pixels).step_by(S::LANES) {
                    let len = (S::LANES * step).min(self.len.saturating_sub(p * step));
                    let to = self.to.wrapping_add(v * self.plane + row * self.line + p * step);
                    let at = (row * self.pixels + p) * self.width + v;
                    // SAFETY: `len` numbers of each channel's row are the tile's.
                    unsafe {
                        match sums {
                            [one] => self.store_one(s, one, [at, p, v], len, to),
                            [even, odd] => self.store_two(s, [even, odd], [at, p, v], len, to),
                            _ => self.store_any(s, sums, [at, p, v], len, to, buffer),
                        }
                    }
                }
            }
        }
    }

    /// The block of sums at `at`, pixel `p` and channel `v`, with channels as rows.
    #[inline(always)]
    fn block<S: Simd<E = E>>(
        &self,
        s: S,
        sums: &[E; MAX_SUMS],
        [at, p]: [usize; 2],
    ) -> [S::V; MAX_LANES] {
        let mut block = [s.zero(); MAX_LANES];
        for i in 0..S::LANES {
            if p + i < self.pixels {
                // SAFETY: inside the tile, which is inside the sums, as asserted by `store`.
                block[i] = unsafe { s.load(sums.as_ptr().add(at + i * self.width)) };
            }
        }
        s.transpose(block)
    }

    /// # Safety
    /// From `to` on, `len` numbers of each channel are the tile's.
    #[inline(always)]
    unsafe fn store_one<S: Simd<E = E>>(
        &self,
        s: S,
        sums: &[E; MAX_SUMS],
        [at, p, v]: [usize; 3],
        len: usize,
        mut to: *mut E,
    ) {
        let block = self.block(s, sums, [at, p]);
        for c in 0..S::LANES {
            if v + c < self.channels {
                // SAFETY: the caller's promise.
                unsafe { self.end.store(s, to, block[c], len) };
                to = to.wrapping_add(self.plane);
            }
        }
    }

    /// Phases in turn.
    ///
    /// # Safety
    /// As for `store_one`.
    #[inline(always)]
    unsafe fn store_two<S: Simd<E = E>>(
        &self,
        s: S,
        sums: [&[E; MAX_SUMS]; 2],
        [at, p, v]: [usize; 3],
        len: usize,
        mut to: *mut E,
    ) {
        let mut of_phases = [[s.zero(); MAX_LANES]; 2];
        for i in 0..2 {
            if self.empty[i] {
                for c in 0..S::LANES {
                    of_phases[i][c] = s.splat(self.start[v + c]);
                }
            } else {
                of_phases[i] = self.block(s, sums[i], [at, p]);
            }
        }
        let [even, odd] = of_phases;
        let (low, high) = (len.min(S::LANES), len.saturating_sub(S::LANES));
        for c in 0..S::LANES {
            if v + c < self.channels {
                let pixels = s.zip(even[c], odd[c]);
                // SAFETY: the caller's promise.
                unsafe {
                    self.end.store(s, to, pixels.0, low);
                    if high > 0 {
                        self.end.store(s, to.add(S::LANES), pixels.1, high);
                    }
                }
                to = to.wrapping_add(self.plane);
            }
        }
    }

    /// More phases than two, number by number.
    ///
    /// # Safety
    /// As for `store_one`.
    #[inline(always)]
    unsafe fn store_any<S: Simd<E = E>>(
        &self,
        s: S,
        sums: &[[E; MAX_SUMS]],
        [at, p, v]: [usize; 3],
        len: usize,
        mut to: *mut E,
        buffer: &mut [E],
    ) {
        let step = sums.len();
        let count = S::LANES.min(self.pixels - p);
        for c in 0..S::LANES.min(self.channels - v) {
            for (phase, sums) in sums.iter().enumerate() {
                for i in 0..count {
                    buffer[i * step + phase] = sums[at + i * self.width + c];
                }
            }
            for i in (0..len).step_by(S::LANES) {
                let n = S::LANES.min(len - i);
                // SAFETY: the caller's promise; the buffer has a vector for each phase.
                unsafe { self.end.store(s, to.add(i), s.get(buffer, i), n) };
            }
            to = to.wrapping_add(self.plane);
        }
    }
}
