//! Lanes chosen and moved: what takes more than an instruction.

use core::arch::x86_64::*;

#[inline]
#[target_feature(enable = "avx512f")]
pub fn if_beats_f32x16(a: __m512, b: __m512, x: __m512, y: __m512) -> __m512 {
    let larger = _mm512_cmp_ps_mask::<_CMP_GT_OQ>(a, b);
    _mm512_mask_blend_ps(larger | _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(a, a), y, x)
}

#[inline]
#[target_feature(enable = "avx512f")]
pub fn if_beats_f64x8(a: __m512d, b: __m512d, x: __m512d, y: __m512d) -> __m512d {
    let larger = _mm512_cmp_pd_mask::<_CMP_GT_OQ>(a, b);
    _mm512_mask_blend_pd(larger | _mm512_cmp_pd_mask::<_CMP_UNORD_Q>(a, a), y, x)
}

#[inline]
#[target_feature(enable = "avx2")]
pub fn if_beats_f32x8(a: __m256, b: __m256, x: __m256, y: __m256) -> __m256 {
    let larger = _mm256_cmp_ps::<_CMP_GT_OQ>(a, b);
    _mm256_blendv_ps(y, x, _mm256_or_ps(larger, _mm256_cmp_ps::<_CMP_UNORD_Q>(a, a)))
}

#[inline]
#[target_feature(enable = "avx2")]
pub fn if_beats_f64x4(a: __m256d, b: __m256d, x: __m256d, y: __m256d) -> __m256d {
    let larger = _mm256_cmp_pd::<_CMP_GT_OQ>(a, b);
    _mm256_blendv_pd(y, x, _mm256_or_pd(larger, _mm256_cmp_pd::<_CMP_UNORD_Q>(a, a)))
}

#[inline]
#[target_feature(enable = "avx512f")]
pub fn zip_f32x16(a: __m512, b: __m512) -> (__m512, __m512) {
    let low = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    let high = _mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    (_mm512_permutex2var_ps(a, low, b), _mm512_permutex2var_ps(a, high, b))
}

#[inline]
#[target_feature(enable = "avx512f")]
pub fn zip_f64x8(a: __m512d, b: __m512d) -> (__m512d, __m512d) {
    let low = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
    let high = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
    (_mm512_permutex2var_pd(a, low, b), _mm512_permutex2var_pd(a, high, b))
}

#[inline]
#[target_feature(enable = "avx2")]
pub fn zip_f32x8(a: __m256, b: __m256) -> (__m256, __m256) {
    // Both unpack within halves of 128 bits.
    let (low, high) = (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
    (_mm256_permute2f128_ps::<0x20>(low, high), _mm256_permute2f128_ps::<0x31>(low, high))
}

#[inline]
#[target_feature(enable = "avx2")]
pub fn zip_f64x4(a: __m256d, b: __m256d) -> (__m256d, __m256d) {
    let (low, high) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
    (_mm256_permute2f128_pd::<0x20>(low, high), _mm256_permute2f128_pd::<0x31>(low, high))
}

#[inline]
#[target_feature(enable = "avx512f")]
pub fn unzip_f32x16(a: __m512, b: __m512) -> (__m512, __m512) {
    let even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    let odd = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    (_mm512_permutex2var_ps(a, even, b), _mm512_permutex2var_ps(a, odd, b))
}

#[inline]
#[target_feature(enable = "avx512f")]
pub fn unzip_f64x8(a: __m512d, b: __m512d) -> (__m512d, __m512d) {
    let even = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14);
    let odd = _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15);
    (_mm512_permutex2var_pd(a, even, b), _mm512_permutex2var_pd(a, odd, b))
}

#[inline]
#[target_feature(enable = "avx2")]
pub fn unzip_f32x8(a: __m256, b: __m256) -> (__m256, __m256) {
    // `a0 a2 b0 b2 a4 a6 b4 b6`: the middle pairs change places.
    let even = _mm256_castps_pd(_mm256_shuffle_ps::<0b10_00_10_00>(a, b));
    let odd = _mm256_castps_pd(_mm256_shuffle_ps::<0b11_01_11_01>(a, b));
    let (even, odd) =
        (_mm256_permute4x64_pd::<0b11_01_10_00>(even), _mm256_permute4x64_pd::<0b11_01_10_00>(odd));
    (_mm256_castpd_ps(even), _mm256_castpd_ps(odd))
}

#[inline]
#[target_feature(enable = "avx2")]
pub fn unzip_f64x4(a: __m256d, b: __m256d) -> (__m256d, __m256d) {
    // `a0 b0 a2 b2`: the middle ones change places.
    let (even, odd) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
    (_mm256_permute4x64_pd::<0b11_01_10_00>(even), _mm256_permute4x64_pd::<0b11_01_10_00>(odd))
}

#[inline]
#[target_feature(enable = "avx512f")]
pub fn shift_in_f32x16(a: __m512, x: __m512) -> __m512 {
    _mm512_castsi512_ps(_mm512_alignr_epi32::<1>(_mm512_castps_si512(x), _mm512_castps_si512(a)))
}

#[inline]
#[target_feature(enable = "avx512f")]
pub fn shift_in_f64x8(a: __m512d, x: __m512d) -> __m512d {
    _mm512_castsi512_pd(_mm512_alignr_epi64::<1>(_mm512_castpd_si512(x), _mm512_castpd_si512(a)))
}

#[inline]
#[target_feature(enable = "avx2")]
pub fn shift_in_f32x8(a: __m256, x: __m256) -> __m256 {
    let first_last = _mm256_blend_ps::<1>(a, x);
    _mm256_permutevar8x32_ps(first_last, _mm256_setr_epi32(1, 2, 3, 4, 5, 6, 7, 0))
}

#[inline]
#[target_feature(enable = "avx2")]
pub fn shift_in_f64x4(a: __m256d, x: __m256d) -> __m256d {
    _mm256_permute4x64_pd::<0b00_11_10_01>(_mm256_blend_pd::<1>(a, x))
}
