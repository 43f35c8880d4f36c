//! Sharing work out to the threads of the current rayon pool.

use rayon::prelude::*;
use std::cell::Cell;

/// Work (elements touched) below which waking a second thread costs more than it gives.
const FORK: usize = 1 << 15;

thread_local! {
    static ALONE: Cell<bool> = const { Cell::new(false) };
}

/// Runs `f`, in which this thread shares its work with no other: it is one of several tasks itself.
pub(crate) fn alone<T>(f: impl FnOnce() -> T) -> T {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            ALONE.set(self.0);
        }
    }
    let _restore = Restore(ALONE.replace(true));
    f()
}

/// Whether so much work, in elements touched, stays on this thread.
fn is_small(work: usize) -> bool {
    work < FORK || ALONE.get()
}

/// Calls `f(i, piece)` for every piece of `size` elements of `y`. `work` is what all pieces cost
/// together, in elements touched.
pub(crate) fn pieces<E: Send>(
    work: usize,
    y: &mut [E],
    size: usize,
    f: impl Fn(usize, &mut [E]) + Send + Sync,
) {
    if y.is_empty() {
        return;
    }
    if is_small(work) {
        return y.chunks_mut(size).enumerate().for_each(|(i, y)| f(i, y));
    }
    let least = pieces_per_task(work, y.len() / size);
    y.par_chunks_mut(size).enumerate().with_min_len(least).for_each(|(i, y)| f(i, y));
}

/// [`pieces`] of two slices side by side.
pub(crate) fn pieces2<A: Send, B: Send>(
    work: usize,
    (a, size_a): (&mut [A], usize),
    (b, size_b): (&mut [B], usize),
    f: impl Fn(usize, &mut [A], &mut [B]) + Send + Sync,
) {
    if a.is_empty() {
        return;
    }
    if is_small(work) {
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

/// How many threads a piece of work is worth, by its number of multiplications.
pub(crate) fn threads(multiplications: usize) -> usize {
    if multiplications < 1 << 19 || ALONE.get() { 1 } else { rayon::current_num_threads() }
}

/// Calls `f` with `0..count`, each a task of its own if there are `threads` to share them.
pub(crate) fn tasks(threads: usize, count: usize, f: impl Fn(usize) + Send + Sync) {
    if threads == 1 || count == 1 {
        (0..count).for_each(f);
    } else {
        (0..count).into_par_iter().with_max_len(1).for_each(f);
    }
}

/// The start of a buffer that tasks write to, each its own part.
#[derive(Clone, Copy)]
pub(super) struct Shared<E>(*mut E);

// SAFETY: a pointer is no more than a number; writing through it is `unsafe` and each such
// place says why no other task touches the same part.
unsafe impl<E: Send> Send for Shared<E> {}
// SAFETY: as above.
unsafe impl<E: Send> Sync for Shared<E> {}

impl<E> Shared<E> {
    pub fn new(buffer: &mut [E]) -> Self {
        Shared(buffer.as_mut_ptr())
    }

    /// # Safety
    /// `i` is at most the buffer's length.
    #[inline(always)]
    pub unsafe fn at(self, i: usize) -> *mut E {
        // SAFETY: the caller's promise.
        unsafe { self.0.add(i) }
    }

    /// # Safety
    /// The part lies in the buffer, and nobody else uses it while the slice lives.
    #[inline(always)]
    pub unsafe fn part<'a>(self, start: usize, len: usize) -> &'a mut [E] {
        // SAFETY: the caller's promise.
        unsafe { std::slice::from_raw_parts_mut(self.0.add(start), len) }
    }
}
