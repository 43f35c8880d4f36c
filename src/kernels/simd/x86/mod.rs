//! AVX-512 and AVX2.

mod lanes;
mod memory;

use super::{Element, Op, Simd};
use core::arch::x86_64::*;
use lanes::*;
use memory::*;

pub fn has_avx2() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
}

pub fn has_avx512() -> bool {
    has_avx2()
        && is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512dq")
}

/// Compiles and runs the kernel for AVX-512.
#[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")]
pub fn run_avx512<E: Element>(op: impl Op<E>) {
    // SAFETY: this function runs on CPUs that have the instructions.
    op.run(unsafe { E::Avx512::new() })
}

/// Compiles and runs the kernel for AVX2 with FMA.
#[target_feature(enable = "avx2,fma")]
pub fn run_avx2<E: Element>(op: impl Op<E>) {
    // SAFETY: this function runs on CPUs that have the instructions.
    op.run(unsafe { E::Avx2::new() })
}

/// Makes the proof that the CPU has the instructions.
pub trait Token {
    /// # Safety
    /// The CPU has the instructions of the type.
    unsafe fn new() -> Self;
}

macro_rules! vectors {
    (
        $(#[$doc:meta])*
        $name:ident: $v:ty = [$e:ty; $lanes:literal], sums: $sums:literal, rows: $rows:literal,
        $load:ident $load_first:ident $store:ident $store_first:ident $load_lanes:ident $store_whole:ident
        $splat:ident $add:ident $sub:ident $mul:ident $max:ident $min:ident $if_beats:ident $fma:ident $zip:ident $unzip:ident $shift_in:ident
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name(());

        impl Token for $name {
            #[inline(always)]
            unsafe fn new() -> Self {
                $name(())
            }
        }

        // SAFETY of all the calls below: a value of this type exists only inside `run_avx512` or
        // `run_avx2`, so the CPU has the instructions; what the pointers must be is what the
        // methods ask of their callers.
        impl Simd for $name {
            type E = $e;
            type V = $v;
            const LANES: usize = $lanes;
            const SUMS: usize = $sums;
            const ROWS: usize = $rows;

            #[inline(always)]
            unsafe fn load(self, p: *const $e) -> $v {
                // SAFETY: see above.
                unsafe { $load(p) }
            }

            #[inline(always)]
            unsafe fn store(self, p: *mut $e, v: $v) {
                // SAFETY: see above.
                unsafe { $store(p, v) }
            }

            #[inline(always)]
            unsafe fn load_first(self, p: *const $e, n: usize) -> $v {
                // SAFETY: see above.
                unsafe { $load_first(p, n) }
            }

            #[inline(always)]
            unsafe fn store_first(self, p: *mut $e, v: $v, n: usize) {
                // SAFETY: see above.
                unsafe { $store_first(p, v, n) }
            }

            #[inline(always)]
            unsafe fn load_lanes(self, p: *const $e, from: usize, end: usize, v: $v) -> $v {
                // SAFETY: see above.
                unsafe { $load_lanes(p, from, end, v) }
            }

            #[inline(always)]
            unsafe fn store_whole(self, p: *mut u32, v: $v, start: u32) {
                // SAFETY: see above.
                unsafe { $store_whole(p, v, start) }
            }

            #[inline(always)]
            fn splat(self, x: $e) -> $v {
                // SAFETY: see above.
                unsafe { $splat(x) }
            }

            #[inline(always)]
            fn add(self, a: $v, b: $v) -> $v {
                // SAFETY: see above.
                unsafe { $add(a, b) }
            }

            #[inline(always)]
            fn sub(self, a: $v, b: $v) -> $v {
                // SAFETY: see above.
                unsafe { $sub(a, b) }
            }

            #[inline(always)]
            fn mul(self, a: $v, b: $v) -> $v {
                // SAFETY: see above.
                unsafe { $mul(a, b) }
            }

            #[inline(always)]
            fn max(self, a: $v, b: $v) -> $v {
                // SAFETY: see above.
                unsafe { $max(a, b) }
            }

            #[inline(always)]
            fn min(self, a: $v, b: $v) -> $v {
                // SAFETY: see above.
                unsafe { $min(a, b) }
            }

            #[inline(always)]
            fn if_beats(self, a: $v, b: $v, x: $v, y: $v) -> $v {
                // SAFETY: see above.
                unsafe { $if_beats(a, b, x, y) }
            }

            #[inline(always)]
            fn fma(self, a: $v, b: $v, c: $v) -> $v {
                // SAFETY: see above.
                unsafe { $fma(a, b, c) }
            }

            #[inline(always)]
            fn zip(self, a: $v, b: $v) -> ($v, $v) {
                // SAFETY: see above.
                unsafe { $zip(a, b) }
            }

            #[inline(always)]
            fn unzip(self, a: $v, b: $v) -> ($v, $v) {
                // SAFETY: see above.
                unsafe { $unzip(a, b) }
            }

            #[inline(always)]
            fn shift_in(self, a: $v, x: $e) -> $v {
                // SAFETY: see above.
                unsafe { $shift_in(a, $splat(x)) }
            }
        }
    };
}

vectors! {
    /// AVX-512: of its 32 registers, 24 for sums leave room for operands.
    F32x16: __m512 = [f32; 16], sums: 24, rows: 8,
    _mm512_loadu_ps load_first_f32x16 _mm512_storeu_ps store_first_f32x16 load_lanes_f32x16 store_whole_f32x16
    _mm512_set1_ps _mm512_add_ps _mm512_sub_ps _mm512_mul_ps _mm512_max_ps _mm512_min_ps
    if_beats_f32x16 _mm512_fmadd_ps zip_f32x16 unzip_f32x16 shift_in_f32x16
}

vectors! {
    /// AVX-512 in double precision.
    F64x8: __m512d = [f64; 8], sums: 24, rows: 8,
    _mm512_loadu_pd load_first_f64x8 _mm512_storeu_pd store_first_f64x8 load_lanes_f64x8 store_whole_f64x8
    _mm512_set1_pd _mm512_add_pd _mm512_sub_pd _mm512_mul_pd _mm512_max_pd _mm512_min_pd
    if_beats_f64x8 _mm512_fmadd_pd zip_f64x8 unzip_f64x8 shift_in_f64x8
}

vectors! {
    /// AVX2 with its 16 registers.
    F32x8: __m256 = [f32; 8], sums: 12, rows: 6,
    _mm256_loadu_ps load_first_f32x8 _mm256_storeu_ps store_first_f32x8 load_lanes_f32x8 store_whole_f32x8
    _mm256_set1_ps _mm256_add_ps _mm256_sub_ps _mm256_mul_ps _mm256_max_ps _mm256_min_ps
    if_beats_f32x8 _mm256_fmadd_ps zip_f32x8 unzip_f32x8 shift_in_f32x8
}

vectors! {
    /// AVX2 in double precision.
    F64x4: __m256d = [f64; 4], sums: 12, rows: 6,
    _mm256_loadu_pd load_first_f64x4 _mm256_storeu_pd store_first_f64x4 load_lanes_f64x4 store_whole_f64x4
    _mm256_set1_pd _mm256_add_pd _mm256_sub_pd _mm256_mul_pd _mm256_max_pd _mm256_min_pd
    if_beats_f64x4 _mm256_fmadd_pd zip_f64x4 unzip_f64x4 shift_in_f64x4
}
