//! Parts of vectors, and whole numbers, from and to memory: what takes more than an instruction.
//!
//! What the pointers must be is what [`Simd`](super::super::Simd) asks of its callers.

use core::arch::x86_64::*;

/// The mask of the first `n` lanes; what falls outside the mask type does not exist.
#[inline(always)]
fn first_lanes(n: usize) -> u32 {
    (1 << n) - 1
}

#[inline]
#[target_feature(enable = "avx512f")]
pub unsafe fn load_first_f32x16(p: *const f32, n: usize) -> __m512 {
    // SAFETY: masked lanes are not touched.
    unsafe { _mm512_maskz_loadu_ps(first_lanes(n) as u16, p) }
}

#[inline]
#[target_feature(enable = "avx512f")]
pub unsafe fn store_first_f32x16(p: *mut f32, v: __m512, n: usize) {
    // SAFETY: masked lanes are not touched.
    unsafe { _mm512_mask_storeu_ps(p, first_lanes(n) as u16, v) }
}

#[inline]
#[target_feature(enable = "avx512f")]
pub unsafe fn load_first_f64x8(p: *const f64, n: usize) -> __m512d {
    // SAFETY: masked lanes are not touched.
    unsafe { _mm512_maskz_loadu_pd(first_lanes(n) as u8, p) }
}

#[inline]
#[target_feature(enable = "avx512f")]
pub unsafe fn store_first_f64x8(p: *mut f64, v: __m512d, n: usize) {
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
pub unsafe fn load_first_f32x8(p: *const f32, n: usize) -> __m256 {
    // SAFETY: masked lanes are not touched.
    unsafe { _mm256_maskload_ps(p, mask32(n)) }
}

#[inline]
#[target_feature(enable = "avx2")]
pub unsafe fn store_first_f32x8(p: *mut f32, v: __m256, n: usize) {
    // SAFETY: masked lanes are not touched.
    unsafe { _mm256_maskstore_ps(p, mask32(n), v) }
}

#[inline]
#[target_feature(enable = "avx2")]
pub unsafe fn load_first_f64x4(p: *const f64, n: usize) -> __m256d {
    // SAFETY: masked lanes are not touched.
    unsafe { _mm256_maskload_pd(p, mask64(n)) }
}

#[inline]
#[target_feature(enable = "avx2")]
pub unsafe fn store_first_f64x4(p: *mut f64, v: __m256d, n: usize) {
    // SAFETY: masked lanes are not touched.
    unsafe { _mm256_maskstore_pd(p, mask64(n), v) }
}

#[inline]
#[target_feature(enable = "avx512f")]
pub unsafe fn load_lanes_f32x16(p: *const f32, from: usize, end: usize, v: __m512) -> __m512 {
    let lanes = first_lanes(end) & !first_lanes(from);
    // SAFETY: masked lanes are not touched.
    unsafe { _mm512_mask_loadu_ps(v, lanes as u16, p) }
}

#[inline]
#[target_feature(enable = "avx512f")]
pub unsafe fn load_lanes_f64x8(p: *const f64, from: usize, end: usize, v: __m512d) -> __m512d {
    let lanes = first_lanes(end) & !first_lanes(from);
    // SAFETY: masked lanes are not touched.
    unsafe { _mm512_mask_loadu_pd(v, lanes as u8, p) }
}

#[inline]
#[target_feature(enable = "avx2")]
pub unsafe fn load_lanes_f32x8(p: *const f32, from: usize, end: usize, v: __m256) -> __m256 {
    // SAFETY: masked lanes are not touched.
    unsafe {
        let lanes = _mm256_andnot_si256(mask32(from), mask32(end));
        let loaded = _mm256_maskload_ps(p, lanes);
        _mm256_blendv_ps(v, loaded, _mm256_castsi256_ps(lanes))
    }
}

#[inline]
#[target_feature(enable = "avx2")]
pub unsafe fn load_lanes_f64x4(p: *const f64, from: usize, end: usize, v: __m256d) -> __m256d {
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
pub unsafe fn store_whole_f32x16(p: *mut u32, v: __m512, start: u32) {
    // SAFETY: the caller vouches for as many numbers as `v` has.
    unsafe { _mm512_storeu_si512(p.cast(), plus_512(_mm512_cvttps_epi32(v), start)) }
}

#[inline]
#[target_feature(enable = "avx512f,avx2")]
pub unsafe fn store_whole_f64x8(p: *mut u32, v: __m512d, start: u32) {
    // SAFETY: the caller vouches for as many numbers as `v` has.
    unsafe { _mm256_storeu_si256(p.cast(), plus_256(_mm512_cvttpd_epi32(v), start)) }
}

#[inline]
#[target_feature(enable = "avx2")]
pub unsafe fn store_whole_f32x8(p: *mut u32, v: __m256, start: u32) {
    // SAFETY: the caller vouches for as many numbers as `v` has.
    unsafe { _mm256_storeu_si256(p.cast(), plus_256(_mm256_cvttps_epi32(v), start)) }
}

#[inline]
#[target_feature(enable = "avx2")]
pub unsafe fn store_whole_f64x4(p: *mut u32, v: __m256d, start: u32) {
    // SAFETY: the caller vouches for as many numbers as `v` has.
    unsafe { _mm_storeu_si128(p.cast(), plus_128(_mm256_cvttpd_epi32(v), start)) }
}
