//! Memory for intermediate results, kept by each thread from one op to the next.

use super::Element;
use std::cell::RefCell;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// A line of the cache, so that buffers start at one.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([u8; 64]);

/// More lines than this are given back to the system after use.
const KEEP_LINES: usize = (256 << 20) / size_of::<Line>();

/// Buffers that a thread keeps: one for each level of ops that call [`scratch`] inside it.
const KEEP_BUFFERS: usize = 4;

thread_local! {
    static BUFFERS: RefCell<Vec<Vec<Line>>> = const { RefCell::new(Vec::new()) };
}

/// Calls `f` with a buffer of `len` numbers, which hold what was left there.
///
/// `f` may ask for another buffer, or wait for other tasks and thus run one that does.
pub fn scratch<E: Element>(len: usize, f: impl FnOnce(&mut [E])) {
    let lines = (len * size_of::<E>()).div_ceil(size_of::<Line>());
    let mut buffer = BUFFERS.with_borrow_mut(|kept| take(kept, lines));
    if buffer.len() < lines {
        // Not `resize`, which would copy what nobody needs.
        buffer = vec![Line([0; 64]); lines];
    }
    // SAFETY: the lines are initialised, aligned for any number, at least `len` numbers long, and
    // borrowed until `f` returns; every pattern of bits is a number.
    f(unsafe { std::slice::from_raw_parts_mut(buffer.as_mut_ptr().cast::<E>(), len) });
    if buffer.len() <= KEEP_LINES {
        BUFFERS.with_borrow_mut(|kept| {
            if kept.len() < KEEP_BUFFERS {
                kept.push(buffer);
            }
        });
    }
}

/// The smallest buffer that is large enough; else the largest, to make place for a larger one.
fn take(kept: &mut Vec<Vec<Line>>, lines: usize) -> Vec<Line> {
    let sizes = || kept.iter().map(Vec::len).enumerate();
    let fitting = sizes().filter(|&(_, len)| len >= lines).min_by_key(|&(_, len)| len);
    match fitting.or_else(|| sizes().max_by_key(|&(_, len)| len)) {
        Some((i, _)) => kept.swap_remove(i),
        None => Vec::new(),
    }
}

/// Numbers that are kept for good, from the start of a line of the cache on.
pub struct Kept<E> {
    lines: Vec<Line>,
    len: usize,
    element: PhantomData<E>,
}

impl<E: Element> Kept<E> {
    /// So many zeros.
    pub fn new(len: usize) -> Self {
        let lines = vec![Line([0; 64]); (len * size_of::<E>()).div_ceil(size_of::<Line>())];
        Kept { lines, len, element: PhantomData }
    }

    pub fn copy(numbers: &[E]) -> Self {
        let mut kept = Kept::new(numbers.len());
        kept.copy_from_slice(numbers);
        kept
    }
}

impl<E: Element> Deref for Kept<E> {
    type Target = [E];

    fn deref(&self) -> &[E] {
        // SAFETY: the lines are initialised, aligned for any number and at least `len` numbers
        // long; every pattern of bits is a number.
        unsafe { std::slice::from_raw_parts(self.lines.as_ptr().cast(), self.len) }
    }
}

impl<E: Element> DerefMut for Kept<E> {
    fn deref_mut(&mut self) -> &mut [E] {
        // SAFETY: as above, and borrowed as long as the slice.
        unsafe { std::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.len) }
    }
}
