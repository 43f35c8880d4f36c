//! Rows of the input as narrow windows read them: straight from the image.

use super::Pool2dOp;
use crate::kernels::simd::Simd;

/// The most taps of a narrow window.
pub const MOST_TAPS: usize = 3;

/// Calls a function that is generic over the stride and the number of taps, or another one where
/// they are not small.
macro_rules! narrow {
    ($op:expr, $f:ident ( $($narrow:expr),* ), else $other:expr) => {
        match ($op.stride[1], $op.kernel[1], $op.dilation[1]) {
            (1, 2, 1) => $f::<_, 1, 2>($($narrow),*),
            (1, 3, 1) => $f::<_, 1, 3>($($narrow),*),
            (2, 2, 1) => $f::<_, 2, 2>($($narrow),*),
            (2, 3, 1) => $f::<_, 2, 3>($($narrow),*),
            _ => $other,
        }
    };
}
pub(super) use narrow;

/// A row and what surrounds it.
pub struct Row<'a, S: Simd> {
    pub pixels: &'a [S::E],
    /// What the padding counts for.
    padding: S::E,
    left: usize,
    windows: usize,
}

impl<'a, S: Simd> Row<'a, S> {
    #[inline(always)]
    pub fn new(op: &Pool2dOp, pixels: &'a [S::E], padding: S::E) -> Self {
        Row { pixels, padding, left: op.padding[1][0], windows: op.output[1] }
    }

    /// The first windows of vectors that have them all: the last one ends with the row, where
    /// it needs less of the padding.
    #[inline(always)]
    pub fn vectors(&self) -> impl Iterator<Item = usize> {
        let (last, windows) = (self.windows.saturating_sub(S::LANES), self.windows);
        (0..windows).step_by(S::LANES).map(move |at| at.min(last))
    }

    /// The taps of the windows from `at` on.
    #[inline(always)]
    pub fn taps<const STRIDE: usize, const TAPS: usize>(
        &self,
        s: S,
        at: usize,
    ) -> [S::V; MOST_TAPS] {
        let reach = if STRIDE == 1 { TAPS - 1 } else { TAPS - 2 + S::LANES };
        let column = at as isize * STRIDE as isize - self.left as isize;
        let end = self.pixels.len() as isize - (reach + S::LANES) as isize;
        // SAFETY: the row has all pixels from `column` to `reach` after the last of a vector.
        unsafe {
            if 0 <= column && column <= end {
                self.taps_in::<STRIDE, TAPS, true>(s, column)
            } else {
                self.taps_in::<STRIDE, TAPS, false>(s, column)
            }
        }
    }

    /// # Safety
    /// If `INSIDE`, the row has the pixels of the taps.
    #[inline(always)]
    unsafe fn taps_in<const STRIDE: usize, const TAPS: usize, const INSIDE: bool>(
        &self,
        s: S,
        column: isize,
    ) -> [S::V; MOST_TAPS] {
        let mut taps = [s.splat(self.padding); MOST_TAPS];
        let lanes = S::LANES as isize;
        // SAFETY: the caller's promise.
        unsafe {
            taps[0] = self.vector::<INSIDE>(s, column);
            if STRIDE == 1 {
                for (tap, v) in (1..).zip(&mut taps[1..TAPS]) {
                    *v = self.vector::<INSIDE>(s, column + tap);
                }
                return taps;
            }
            (taps[0], taps[1]) = s.unzip(taps[0], self.vector::<INSIDE>(s, column + lanes));
            if TAPS == 3 {
                // The last tap of a window is the first one of the next.
                taps[2] = s.shift_in(taps[0], self.pixel::<INSIDE>(column + 2 * lanes));
            }
        }
        taps
    }

    /// The pixel in `column`.
    ///
    /// # Safety
    /// If `INSIDE`, the row has it.
    #[inline(always)]
    unsafe fn pixel<const INSIDE: bool>(&self, column: isize) -> S::E {
        if INSIDE || (0..self.pixels.len() as isize).contains(&column) {
            // SAFETY: as just seen, or the caller's promise.
            unsafe { *self.pixels.get_unchecked(column as usize) }
        } else {
            self.padding
        }
    }

    /// The pixels from `column` on.
    ///
    /// # Safety
    /// If `INSIDE`, the row has them all.
    #[inline(always)]
    unsafe fn vector<const INSIDE: bool>(&self, s: S, column: isize) -> S::V {
        let start = self.pixels.as_ptr().wrapping_offset(column);
        if INSIDE {
            // SAFETY: the caller's promise.
            return unsafe { s.load(start) };
        }
        let (lanes, width) = (S::LANES as isize, self.pixels.len() as isize);
        let from = (-column).clamp(0, lanes);
        let end = (width - column).clamp(from, lanes);
        // SAFETY: lanes from `-column` to before `width - column` are pixels of the row.
        unsafe { s.load_lanes(start, from as usize, end as usize, s.splat(self.padding)) }
    }
}
