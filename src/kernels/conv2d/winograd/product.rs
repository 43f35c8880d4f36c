//! The products at one point: transformed weights by transformed pixels.

use crate::kernels::simd::Simd;

/// Output channels of a tile of sums: with few registers for sums, fewer.
pub const fn rows(sums: usize) -> usize {
    if sums >= 24 { 8 } else { 4 }
}

/// Vectors of pixels of a tile of sums, at most.
pub const MAX_VECTORS: usize = 2;

/// `sums[row][tile] += Σ weight[channel][row] · input[channel][tile]` over some channels, for some
/// vectors of tiles, or `=` where these are the `first` channels. Channels of the weight are
/// `panel` apart.
#[inline(always)]
pub fn multiply<S: Simd>(
    s: S,
    vectors: usize,
    first: bool,
    input: &[S::E],
    weight: (&[S::E], usize),
    sums: &mut [S::E],
) {
    match (rows(S::SUMS), vectors) {
        (8, 1) => kernel::<S, 8, 1>(s, first, input, weight, sums),
        (8, 2) => kernel::<S, 8, 2>(s, first, input, weight, sums),
        (4, 1) => kernel::<S, 4, 1>(s, first, input, weight, sums),
        (4, 2) => kernel::<S, 4, 2>(s, first, input, weight, sums),
        _ => unreachable!("a tile has at most {MAX_VECTORS} vectors"),
    }
}

#[inline(always)]
fn kernel<S: Simd, const R: usize, const V: usize>(
    s: S,
    first: bool,
    input: &[S::E],
    (weight, panel): (&[S::E], usize),
    out: &mut [S::E],
) {
    let channels = input.len() / (V * S::LANES);
    assert!(channels > 0 && out.len() >= R * V * S::LANES);
    assert!(R <= panel && weight.len() >= (channels - 1) * panel + R);
    let mut sums = [[s.zero(); V]; R];
    let (mut input, mut weight) = (input.as_ptr(), weight.as_ptr());
    for _ in 0..channels {
        // SAFETY: each channel has `V` vectors of pixels and `R` weights, as asserted. The steps
        // beyond the last channel are not read from.
        unsafe {
            let mut x = [s.zero(); V];
            for j in 0..V {
                x[j] = s.load(input.add(j * S::LANES));
            }
            for i in 0..R {
                let w = s.splat(*weight.add(i));
                for j in 0..V {
                    sums[i][j] = s.fma(w, x[j], sums[i][j]);
                }
            }
            input = input.wrapping_add(V * S::LANES);
            weight = weight.wrapping_add(panel);
        }
    }
    for i in 0..R {
        for j in 0..V {
            // SAFETY: `out` has room for the rows, as asserted.
            unsafe {
                let to = out.as_mut_ptr().add((i * V + j) * S::LANES);
                s.store(to, if first { sums[i][j] } else { s.add(s.load(to), sums[i][j]) });
            }
        }
    }
}
