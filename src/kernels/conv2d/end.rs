//! What is done with each output before it is stored.

use crate::kernels::Element;
use crate::kernels::simd::Simd;

/// The end of `y = clamp(y + conv(x, w) + b)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct End<E> {
    /// Add to what is in `y`, instead of overwriting it.
    pub add: bool,
    /// The least and the largest output: ReLU is `[0, ∞]`, ReLU6 `[0, 6]`. NaN stays NaN.
    pub clamp: Option<[E; 2]>,
}

impl<E: Element> End<E> {
    pub(super) const OVERWRITE: Self = End { add: false, clamp: None };

    /// Stores the first `n` lanes of the vector.
    ///
    /// # Safety
    /// `n` numbers are readable and writable at `to`.
    #[inline(always)]
    pub(super) unsafe fn store<S: Simd<E = E>>(self, s: S, to: *mut E, mut v: S::V, n: usize) {
        if self.add {
            // SAFETY: the caller's promise.
            v = s.add(v, unsafe { s.load_first(to, n) });
        }
        if let Some([low, high]) = self.clamp {
            // The second operand wins over NaN, so NaN has to be the second.
            v = s.min(s.splat(high), s.max(s.splat(low), v));
        }
        // SAFETY: the caller's promise.
        unsafe { if n == S::LANES { s.store(to, v) } else { s.store_first(to, v, n) } }
    }

    /// Stores the same in all lanes of a row of `n` numbers.
    ///
    /// # Safety
    /// `n` numbers are readable and writable at `to`.
    #[inline(always)]
    pub(super) unsafe fn store_row<S: Simd<E = E>>(self, s: S, to: *mut E, v: S::V, n: usize) {
        for at in (0..n).step_by(S::LANES) {
            // SAFETY: the caller's promise.
            unsafe { self.store(s, to.add(at), v, S::LANES.min(n - at)) };
        }
    }
}
