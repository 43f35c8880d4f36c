//! Sharing work out to the threads of the current rayon pool.

use rayon::prelude::*;

/// Work (elements touched) below which waking a second thread costs more than it gives.
const FORK: usize = 1 << 15;

/// Calls `f(i, piece)` for every piece of `size` elements of `y`. `work` is what all pieces cost
/// together, in elements touched.
pub(super) fn pieces<E: Send>(
    work: usize,
    y: &mut [E],
    size: usize,
    f: impl Fn(usize, &mut [E]) + Send + Sync,
) {
    if y.is_empty() {
        return;
    }
    if work < FORK {
        return y.chunks_mut(size).enumerate().for_each(|(i, y)| f(i, y));
    }
    let least = pieces_per_task(work, y.len() / size);
    y.par_chunks_mut(size).enumerate().with_min_len(least).for_each(|(i, y)| f(i, y));
}

/// [`pieces`] of two slices side by side.
pub(super) fn pieces2<A: Send, B: Send>(
    work: usize,
    (a, size_a): (&mut [A], usize),
    (b, size_b): (&mut [B], usize),
    f: impl Fn(usize, &mut [A], &mut [B]) + Send + Sync,
) {
    if a.is_empty() {
        return;
    }
    if work < FORK {
        let both = a.chunks_mut(size_a).zip(b.chunks_mut(size_b));
        return both.enumerate().for_each(|(i, (a, b))| f(i, a, b));
    }
    let least = pieces_per_task(work, a.len() / size_a);
    let both = a.par_chunks_mut(size_a).zip(b.par_chunks_mut(size_b));
    both.enumerate().with_min_len(least).for_each(|(i, (a, b))| f(i, a, b));
}

/// So many pieces that a task is worth its start.
fn pieces_per_task(work: usize, count: usize) -> usize {
    (FORK / 4).div_ceil(work / count.max(1) + 1)
}

/// How to run the `gemm` crate on a product of so many multiplications.
pub(super) fn gemm_parallelism(products: usize) -> gemm::Parallelism {
    if products < 1 << 18 { gemm::Parallelism::None } else { gemm::Parallelism::Rayon(0) }
}
