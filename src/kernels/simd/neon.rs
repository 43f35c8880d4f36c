//! NEON, which every 64-bit Arm has: two of its registers are a vector, so that its 32 are as
//! AVX2's 16.

use super::Simd;
use core::arch::aarch64::*;

macro_rules! vectors {
    (
        $(#[$doc:meta])*
        $name:ident: [$half:ty; 2] = [$e:ty; $lanes:literal],
        $load:ident $store:ident $splat:ident $add:ident $sub:ident $mul:ident $fma:ident
        $greater:ident $equal:ident $or:ident $select:ident
        $zip_low:ident $zip_high:ident $even:ident $odd:ident $next:ident, not: $not:expr
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default)]
        pub struct $name;

        // SAFETY of all the calls below: this target has the instructions; what the pointers must
        // be is what the methods ask of their callers.
        impl Simd for $name {
            type E = $e;
            type V = [$half; 2];
            const LANES: usize = $lanes;
            const SUMS: usize = 12;
            const ROWS: usize = 6;

            #[inline(always)]
            unsafe fn load(self, p: *const $e) -> [$half; 2] {
                // SAFETY: see above.
                unsafe { [$load(p), $load(p.add($lanes / 2))] }
            }

            #[inline(always)]
            unsafe fn store(self, p: *mut $e, v: [$half; 2]) {
                // SAFETY: see above.
                unsafe {
                    $store(p, v[0]);
                    $store(p.add($lanes / 2), v[1]);
                }
            }

            #[inline(always)]
            unsafe fn load_first(self, p: *const $e, n: usize) -> [$half; 2] {
                let mut all = [0.0; $lanes];
                // SAFETY: the caller vouches for `n` numbers, which are no more than all.
                unsafe {
                    p.copy_to_nonoverlapping(all.as_mut_ptr(), n.min($lanes));
                    self.load(all.as_ptr())
                }
            }

            #[inline(always)]
            unsafe fn store_first(self, p: *mut $e, v: [$half; 2], n: usize) {
                let mut all = [0.0; $lanes];
                // SAFETY: as for `load_first`.
                unsafe {
                    self.store(all.as_mut_ptr(), v);
                    p.copy_from_nonoverlapping(all.as_ptr(), n.min($lanes));
                }
            }

            #[inline(always)]
            unsafe fn load_lanes(
                self,
                p: *const $e,
                from: usize,
                end: usize,
                v: [$half; 2],
            ) -> [$half; 2] {
                let mut all = [0.0; $lanes];
                // SAFETY: the array is a vector long; the caller vouches for these lanes' numbers.
                unsafe {
                    self.store(all.as_mut_ptr(), v);
                    for (i, lane) in all.iter_mut().enumerate().take(end).skip(from) {
                        *lane = *p.wrapping_add(i);
                    }
                    self.load(all.as_ptr())
                }
            }

            #[inline(always)]
            unsafe fn store_whole(self, p: *mut u32, v: [$half; 2], start: u32) {
                let mut all = [0.0; $lanes];
                // SAFETY: the array is a vector long; the caller vouches for as many numbers.
                unsafe {
                    self.store(all.as_mut_ptr(), v);
                    for (i, v) in all.into_iter().enumerate() {
                        *p.add(i) = if v < 0.0 { u32::MAX } else { start.wrapping_add(v as u32) };
                    }
                }
            }

            #[inline(always)]
            fn splat(self, x: $e) -> [$half; 2] {
                // SAFETY: see above.
                unsafe { [$splat(x); 2] }
            }

            #[inline(always)]
            fn add(self, a: [$half; 2], b: [$half; 2]) -> [$half; 2] {
                // SAFETY: see above.
                unsafe { [$add(a[0], b[0]), $add(a[1], b[1])] }
            }

            #[inline(always)]
            fn sub(self, a: [$half; 2], b: [$half; 2]) -> [$half; 2] {
                // SAFETY: see above.
                unsafe { [$sub(a[0], b[0]), $sub(a[1], b[1])] }
            }

            #[inline(always)]
            fn mul(self, a: [$half; 2], b: [$half; 2]) -> [$half; 2] {
                // SAFETY: see above.
                unsafe { [$mul(a[0], b[0]), $mul(a[1], b[1])] }
            }

            // Not the instructions for the larger and the smaller number, which give NaN if either
            // is none.
            #[inline(always)]
            fn max(self, a: [$half; 2], b: [$half; 2]) -> [$half; 2] {
                let larger = |a, b| {
                    // SAFETY: see above.
                    unsafe { $select($greater(a, b), a, b) }
                };
                [larger(a[0], b[0]), larger(a[1], b[1])]
            }

            #[inline(always)]
            fn min(self, a: [$half; 2], b: [$half; 2]) -> [$half; 2] {
                let smaller = |a, b| {
                    // SAFETY: see above.
                    unsafe { $select($greater(b, a), a, b) }
                };
                [smaller(a[0], b[0]), smaller(a[1], b[1])]
            }

            #[inline(always)]
            fn if_beats(
                self,
                a: [$half; 2],
                b: [$half; 2],
                x: [$half; 2],
                y: [$half; 2],
            ) -> [$half; 2] {
                let half = |a, b, x, y| {
                    // SAFETY: see above. A NaN is not equal to itself.
                    unsafe { $select($or($greater(a, b), $not($equal(a, a))), x, y) }
                };
                [half(a[0], b[0], x[0], y[0]), half(a[1], b[1], x[1], y[1])]
            }

            #[inline(always)]
            fn fma(self, a: [$half; 2], b: [$half; 2], c: [$half; 2]) -> [$half; 2] {
                // SAFETY: see above.
                unsafe { [$fma(c[0], a[0], b[0]), $fma(c[1], a[1], b[1])] }
            }

            #[inline(always)]
            fn zip(self, a: [$half; 2], b: [$half; 2]) -> ([$half; 2], [$half; 2]) {
                let half = |a, b| {
                    // SAFETY: see above.
                    unsafe { [$zip_low(a, b), $zip_high(a, b)] }
                };
                (half(a[0], b[0]), half(a[1], b[1]))
            }

            #[inline(always)]
            fn unzip(self, a: [$half; 2], b: [$half; 2]) -> ([$half; 2], [$half; 2]) {
                // SAFETY: see above.
                unsafe {
                    (
                        [$even(a[0], a[1]), $even(b[0], b[1])],
                        [$odd(a[0], a[1]), $odd(b[0], b[1])],
                    )
                }
            }

            #[inline(always)]
            fn shift_in(self, a: [$half; 2], x: $e) -> [$half; 2] {
                // SAFETY: see above.
                unsafe { [$next::<1>(a[0], a[1]), $next::<1>(a[1], $splat(x))] }
            }
        }
    };
}

vectors! {
    /// Single precision.
    F32x8: [float32x4_t; 2] = [f32; 8],
    vld1q_f32 vst1q_f32 vdupq_n_f32 vaddq_f32 vsubq_f32 vmulq_f32 vfmaq_f32
    vcgtq_f32 vceqq_f32 vorrq_u32 vbslq_f32
    vzip1q_f32 vzip2q_f32 vuzp1q_f32 vuzp2q_f32 vextq_f32, not: vmvnq_u32
}

vectors! {
    /// Double precision.
    F64x4: [float64x2_t; 2] = [f64; 4],
    vld1q_f64 vst1q_f64 vdupq_n_f64 vaddq_f64 vsubq_f64 vmulq_f64 vfmaq_f64
    vcgtq_f64 vceqq_f64 vorrq_u64 vbslq_f64
    vzip1q_f64 vzip2q_f64 vuzp1q_f64 vuzp2q_f64 vextq_f64, not: not_u64
}

/// There is no such instruction for 64-bit lanes.
#[inline(always)]
unsafe fn not_u64(v: uint64x2_t) -> uint64x2_t {
    // SAFETY: this target has the instructions.
    unsafe { vreinterpretq_u64_u32(vmvnq_u32(vreinterpretq_u32_u64(v))) }
}
