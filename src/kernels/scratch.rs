//! Memory for intermediate results, kept by each thread from one op to the next.

use super::Element;
use std::cell::RefCell;

/// A line of the cache, so that buffers start at one.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([u8; 64]);

/// More than this is given back to the system after use.
const KEEP: usize = 256 << 20;

thread_local! {
    static SCRATCH: RefCell<Vec<Line>> = const { RefCell::new(Vec::new()) };
}

/// Calls `f` with a buffer of `len` numbers, which hold what was left there.
///
/// `f` may wait for other tasks, and thus run one that asks for a buffer too: that one gets a
/// new buffer, of which the larger is kept.
pub fn scratch<E: Element>(len: usize, f: impl FnOnce(&mut [E])) {
    let lines = (len * size_of::<E>()).div_ceil(size_of::<Line>());
    let mut buffer = SCRATCH.with_borrow_mut(std::mem::take);
    if buffer.len() < lines {
        // Not `resize`, which would copy what nobody needs.
        buffer = vec![Line([0; 64]); lines];
    }
    // SAFETY: the lines are initialised, aligned for any number, at least `len` numbers long, and
    // borrowed until `f` returns; every pattern of bits is a number.
    f(unsafe { std::slice::from_raw_parts_mut(buffer.as_mut_ptr().cast::<E>(), len) });
    SCRATCH.with_borrow_mut(|kept| {
        if kept.len() < buffer.len() && size_of_val(&buffer[..]) <= KEEP {
            *kept = buffer;
        }
    });
}
