//! Asking for memory before it is needed.

/// Brings `len` numbers from `start` on into the cache, where the CPU has a stable intrinsic for
/// that. They need not exist.
#[inline(always)]
pub fn prefetch<E>(start: *const E, len: usize) {
    #[cfg(target_arch = "x86_64")]
    for at in (0..len).step_by(64 / size_of::<E>()) {
        use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: every x86-64 CPU has the instruction, which does nothing where there is no
        // memory.
        unsafe { _mm_prefetch(start.wrapping_add(at).cast(), _MM_HINT_T0) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (start, len);
}
