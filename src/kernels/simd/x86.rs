//! AVX-512 and AVX2.

use super::{Element, Op, Simd};
use core::arch::x86_64::*;

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

/// The mask of the first `n` lanes; what falls outside the mask type does not exist.
#[inline(always)]
fn first_lanes(n: usize) -> u32 {
    (1 << n) - 1
}

#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn load_first_f32x16(p: *const f32, n: usize) -> __m512 {
    // SAFETY: masked lanes are not touched.
    unsafe { _mm512_maskz_loadu_ps(first_lanes(n) as u16, p) }
}

#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn store_first_f32x16(p: *mut f32, v: __m512, n: usize) {
    // SAFETY: masked lanes are not touched.
    unsafe { _mm512_mask_storeu_ps(p, first_lanes(n) as u16, v) }
}

#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn load_first_f64x8(p: *const f64, n: usize) -> __m512d {
    // SAFETY: masked lanes are not touched.
    unsafe { _mm512_maskz_loadu_pd(first_lanes(n) as u8, p) }
}

#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn store_first_f64x8(p: *mut f64, v: __m512d, n: usize) {
    // SAFETY: masked lanes are not touched.
    unsafe { _mm512_mask_storeu_pd(p, first_lanes(n) as u8, v) }
}

/// Eight set lanes, then eight clear ones: a window on it is the mask of AVX2's masked moves.
static MASK: [i32; 16] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];

/// The mask of the first `n` of eight lanes of 32 bits.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn mask32(n: usize) -> __m256i {
    debug_assert!(n <= 8);
    // SAFETY: with `n <= 8`, eight numbers from place `8 - n` of sixteen.
    unsafe { _mm256_loadu_si256(MASK.as_ptr().add(8 - n).cast()) }
}

/// The mask of the first `n` of four lanes of 64 bits.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn mask64(n: usize) -> __m256i {
    // SAFETY: `n` is at most 4.
    unsafe { mask32(2 * n) }
}

#[inline]
#[target_feature(enable = "avx2")]
unsafe fn load_first_f32x8(p: *const f32, n: usize) -> __m256 {
    // SAFETY: masked lanes are not touched.
    unsafe { _mm256_maskload_ps(p, mask32(n)) }
}

#[inline]
#[target_feature(enable = "avx2")]
unsafe fn store_first_f32x8(p: *mut f32, v: __m256, n: usize) {
    // SAFETY: masked lanes are not touched.
    unsafe { _mm256_maskstore_ps(p, mask32(n), v) }
}

#[inline]
#[target_feature(enable = "avx2")]
unsafe fn load_first_f64x4(p: *const f64, n: usize) -> __m256d {
    // SAFETY: masked lanes are not touched.
    unsafe { _mm256_maskload_pd(p, mask64(n)) }
}

#[inline]
#[target_feature(enable = "avx2")]
unsafe fn store_first_f64x4(p: *mut f64, v: __m256d, n: usize) {
    // SAFETY: masked lanes are not touched.
    unsafe { _mm256_maskstore_pd(p, mask64(n), v) }
}

#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn load_lanes_f32x16(p: *const f32, from: usize, end: usize, v: __m512) -> __m512 {
    let lanes = first_lanes(end) & !first_lanes(from);
    // SAFETY: masked lanes are not touched.
    unsafe { _mm512_mask_loadu_ps(v, lanes as u16, p) }
}

#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn load_lanes_f64x8(p: *const f64, from: usize, end: usize, v: __m512d) -> __m512d {
    let lanes = first_lanes(end) & !first_lanes(from);
    // SAFETY: masked lanes are not touched.
    unsafe { _mm512_mask_loadu_pd(v, lanes as u8, p) }
}

#[inline]
#[target_feature(enable = "avx2")]
unsafe fn load_lanes_f32x8(p: *const f32, from: usize, end: usize, v: __m256) -> __m256 {
    // SAFETY: masked lanes are not touched.
    unsafe {
        let lanes = _mm256_andnot_si256(mask32(from), mask32(end));
        let loaded = _mm256_maskload_ps(p, lanes);
        _mm256_blendv_ps(v, loaded, _mm256_castsi256_ps(lanes))
    }
}

#[inline]
#[target_feature(enable = "avx2")]
unsafe fn load_lanes_f64x4(p: *const f64, from: usize, end: usize, v: __m256d) -> __m256d {
    // SAFETY: masked lanes are not touched.
    unsafe {
        let lanes = _mm256_andnot_si256(mask64(from), mask64(end));
        let loaded = _mm256_maskload_pd(p, lanes);
        _mm256_blendv_pd(v, loaded, _mm256_castsi256_pd(lanes))
    }
}

/// `v + start`, where `v` is not negative.
#[inline]
#[target_feature(enable = "avx512f,avx512dq")]
fn plus_512(v: __m512i, start: u32) -> __m512i {
    _mm512_mask_add_epi32(v, !_mm512_movepi32_mask(v), v, _mm512_set1_epi32(start as i32))
}

/// As [`plus_512`].
#[inline]
#[target_feature(enable = "avx2")]
fn plus_256(v: __m256i, start: u32) -> __m256i {
    let negative = _mm256_srai_epi32::<31>(v);
    _mm256_add_epi32(v, _mm256_andnot_si256(negative, _mm256_set1_epi32(start as i32)))
}

/// As [`plus_512`].
#[inline]
#[target_feature(enable = "avx2")]
fn plus_128(v: __m128i, start: u32) -> __m128i {
    let negative = _mm_srai_epi32::<31>(v);
    _mm_add_epi32(v, _mm_andnot_si128(negative, _mm_set1_epi32(start as i32)))
}

#[inline]
#[target_feature(enable = "avx512f,avx512dq")]
unsafe fn store_whole_f32x16(p: *mut u32, v: __m512, start: u32) {
    // SAFETY: the caller vouches for as many numbers as `v` has.
    unsafe { _mm512_storeu_si512(p.cast(), plus_512(_mm512_cvttps_epi32(v), start)) }
}

#[inline]
#[target_feature(enable = "avx512f,avx2")]
unsafe fn store_whole_f64x8(p: *mut u32, v: __m512d, start: u32) {
    // SAFETY: the caller vouches for as many numbers as `v` has.
    unsafe { _mm256_storeu_si256(p.cast(), plus_256(_mm512_cvttpd_epi32(v), start)) }
}

#[inline]
#[target_feature(enable = "avx2")]
unsafe fn store_whole_f32x8(p: *mut u32, v: __m256, start: u32) {
    // SAFETY: the caller vouches for as many numbers as `v` has.
    unsafe { _mm256_storeu_si256(p.cast(), plus_256(_mm256_cvttps_epi32(v), start)) }
}

#[inline]
#[target_feature(enable = "avx2")]
unsafe fn store_whole_f64x4(p: *mut u32, v: __m256d, start: u32) {
    // SAFETY: the caller vouches for as many numbers as `v` has.
    unsafe { _mm_storeu_si128(p.cast(), plus_128(_mm256_cvttpd_epi32(v), start)) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn if_beats_f32x16(a: __m512, b: __m512, x: __m512, y: __m512) -> __m512 {
    let larger = _mm512_cmp_ps_mask::<_CMP_GT_OQ>(a, b);
    _mm512_mask_blend_ps(larger | _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(a, a), y, x)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn if_beats_f64x8(a: __m512d, b: __m512d, x: __m512d, y: __m512d) -> __m512d {
    let larger = _mm512_cmp_pd_mask::<_CMP_GT_OQ>(a, b);
    _mm512_mask_blend_pd(larger | _mm512_cmp_pd_mask::<_CMP_UNORD_Q>(a, a), y, x)
}

#[inline]
#[target_feature(enable = "avx2")]
fn if_beats_f32x8(a: __m256, b: __m256, x: __m256, y: __m256) -> __m256 {
    let larger = _mm256_cmp_ps::<_CMP_GT_OQ>(a, b);
    _mm256_blendv_ps(y, x, _mm256_or_ps(larger, _mm256_cmp_ps::<_CMP_UNORD_Q>(a, a)))
}

#[inline]
#[target_feature(enable = "avx2")]
fn if_beats_f64x4(a: __m256d, b: __m256d, x: __m256d, y: __m256d) -> __m256d {
    let larger = _mm256_cmp_pd::<_CMP_GT_OQ>(a, b);
    _mm256_blendv_pd(y, x, _mm256_or_pd(larger, _mm256_cmp_pd::<_CMP_UNORD_Q>(a, a)))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn zip_f32x16(a: __m512, b: __m512) -> (__m512, __m512) {
    let low = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    let high = _mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    (_mm512_permutex2var_ps(a, low, b), _mm512_permutex2var_ps(a, high, b))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn zip_f64x8(a: __m512d, b: __m512d) -> (__m512d, __m512d) {
    let low = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
    let high = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
    (_mm512_permutex2var_pd(a, low, b), _mm512_permutex2var_pd(a, high, b))
}

#[inline]
#[target_feature(enable = "avx2")]
fn zip_f32x8(a: __m256, b: __m256) -> (__m256, __m256) {
    // Both unpack within halves of 128 bits.
    let (low, high) = (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
    (_mm256_permute2f128_ps::<0x20>(low, high), _mm256_permute2f128_ps::<0x31>(low, high))
}

#[inline]
#[target_feature(enable = "avx2")]
fn zip_f64x4(a: __m256d, b: __m256d) -> (__m256d, __m256d) {
    let (low, high) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
    (_mm256_permute2f128_pd::<0x20>(low, high), _mm256_permute2f128_pd::<0x31>(low, high))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn unzip_f32x16(a: __m512, b: __m512) -> (__m512, __m512) {
    let even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    let odd = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    (_mm512_permutex2var_ps(a, even, b), _mm512_permutex2var_ps(a, odd, b))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn unzip_f64x8(a: __m512d, b: __m512d) -> (__m512d, __m512d) {
    let even = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14);
    let odd = _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15);
    (_mm512_permutex2var_pd(a, even, b), _mm512_permutex2var_pd(a, odd, b))
}

#[inline]
#[target_feature(enable = "avx2")]
fn unzip_f32x8(a: __m256, b: __m256) -> (__m256, __m256) {
    // `a0 a2 b0 b2 a4 a6 b4 b6`: the middle pairs change places.
    let even = _mm256_castps_pd(_mm256_shuffle_ps::<0b10_00_10_00>(a, b));
    let odd = _mm256_castps_pd(_mm256_shuffle_ps::<0b11_01_11_01>(a, b));
    let (even, odd) =
        (_mm256_permute4x64_pd::<0b11_01_10_00>(even), _mm256_permute4x64_pd::<0b11_01_10_00>(odd));
    (_mm256_castpd_ps(even), _mm256_castpd_ps(odd))
}

#[inline]
#[target_feature(enable = "avx2")]
fn unzip_f64x4(a: __m256d, b: __m256d) -> (__m256d, __m256d) {
    // `a0 b0 a2 b2`: the middle ones change places.
    let (even, odd) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
    (_mm256_permute4x64_pd::<0b11_01_10_00>(even), _mm256_permute4x64_pd::<0b11_01_10_00>(odd))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn shift_in_f32x16(a: __m512, x: __m512) -> __m512 {
    _mm512_castsi512_ps(_mm512_alignr_epi32::<1>(_mm512_castps_si512(x), _mm512_castps_si512(a)))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn shift_in_f64x8(a: __m512d, x: __m512d) -> __m512d {
    _mm512_castsi512_pd(_mm512_alignr_epi64::<1>(_mm512_castpd_si512(x), _mm512_castpd_si512(a)))
}

#[inline]
#[target_feature(enable = "avx2")]
fn shift_in_f32x8(a: __m256, x: __m256) -> __m256 {
    let first_last = _mm256_blend_ps::<1>(a, x);
    _mm256_permutevar8x32_ps(first_last, _mm256_setr_epi32(1, 2, 3, 4, 5, 6, 7, 0))
}

#[inline]
#[target_feature(enable = "avx2")]
fn shift_in_f64x4(a: __m256d, x: __m256d) -> __m256d {
    _mm256_permute4x64_pd::<0b00_11_10_01>(_mm256_blend_pd::<1>(a, x))
}
