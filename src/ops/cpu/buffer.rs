//! Memory for what flows through a network.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};
use std::thread::LocalKey;

use dfdx::prelude::Dtype;

use crate::kernels::Element;

/// What the operations need of a number on `Cpu`.
pub trait CpuElement: Element + Dtype {
    /// This thread's spare buffers.
    #[doc(hidden)]
    fn spares() -> &'static LocalKey<RefCell<Spares<Self>>>;
}

/// Buffers that were used before and wait for the next use, the latest last.
#[doc(hidden)]
pub struct Spares<E> {
    buffers: VecDeque<Vec<E>>,
    bytes: usize,
}

/// More would not be missed, but held against the rest of the program.
const MOST_BYTES: usize = 1 << 30;

impl<E> Spares<E> {
    const fn new() -> Self {
        Spares { buffers: VecDeque::new(), bytes: 0 }
    }

    /// A buffer of at least this length, and not much more.
    fn take(&mut self, len: usize) -> Option<Vec<E>> {
        let fits = |b: &Vec<E>| b.capacity() >= len && b.capacity() / 2 <= len;
        let i = self.buffers.iter().rposition(fits)?;
        let buffer = self.buffers.remove(i)?;
        self.bytes -= size_of::<E>() * buffer.capacity();
        Some(buffer)
    }

    fn put(&mut self, buffer: Vec<E>) {
        self.bytes += size_of::<E>() * buffer.capacity();
        self.buffers.push_back(buffer);
        while self.bytes > MOST_BYTES
            && let Some(oldest) = self.buffers.pop_front()
        {
            self.bytes -= size_of::<E>() * oldest.capacity();
        }
    }
}

macro_rules! cpu_element {
    ($($e:ident)*) => {$(
        impl CpuElement for $e {
            fn spares() -> &'static LocalKey<RefCell<Spares<Self>>> {
                thread_local! {
                    static SPARES: RefCell<Spares<$e>> = const { RefCell::new(Spares::new()) };
                }
                &SPARES
            }
        }
    )*};
}

cpu_element!(f32 f64);

/// A buffer that goes back to its thread's spares when it is dropped. A training step uses the
/// same sizes again and again; fresh memory would have to be mapped and cleared each time.
pub struct Buffer<E: CpuElement>(Vec<E>);

impl<E: CpuElement> Buffer<E> {
    /// A buffer for `len` elements, whatever they are.
    pub fn stale(len: usize) -> Self {
        let spare = E::spares().with_borrow_mut(|spares| spares.take(len));
        let mut data = spare.unwrap_or_default();
        data.resize(len, E::default());
        Buffer(data)
    }

    /// A buffer of `len` zeros.
    pub fn zeros(len: usize) -> Self {
        let mut buffer = Buffer::stale(len);
        buffer.fill(E::default());
        buffer
    }

    /// The elements for good.
    pub fn into_vec(mut self) -> Vec<E> {
        std::mem::take(&mut self.0)
    }
}

impl<E: CpuElement> Drop for Buffer<E> {
    fn drop(&mut self) {
        if self.0.capacity() == 0 {
            return;
        }
        let data = std::mem::take(&mut self.0);
        // At the end of a thread its spares may be gone before its last buffers.
        let _ = E::spares().try_with(|spares| spares.borrow_mut().put(data));
    }
}

impl<E: CpuElement> Deref for Buffer<E> {
    type Target = [E];

    fn deref(&self) -> &[E] {
        &self.0
    }
}

impl<E: CpuElement> DerefMut for Buffer<E> {
    fn deref_mut(&mut self) -> &mut [E] {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_buffer_is_used_again() {
        let mut first = Buffer::<f64>::stale(1000);
        first.fill(7.0);
        let place = first.as_ptr();
        drop(first);
        assert_eq!(Buffer::<f64>::stale(900).as_ptr(), place);
        assert!(Buffer::<f64>::zeros(1000).iter().all(|&v| v == 0.0));
        // Far too large for these few.
        assert_ne!(Buffer::<f64>::stale(100).as_ptr(), place);
    }

    #[test]
    fn spares_stay_within_their_bytes() {
        let mut spares = Spares::new();
        for len in [MOST_BYTES / 2, 10, MOST_BYTES / 2 - 5] {
            spares.put(Vec::<u8>::with_capacity(len));
        }
        // The oldest had to go.
        assert_eq!((spares.buffers.len(), spares.bytes), (2, MOST_BYTES / 2 + 5));
        assert!(spares.take(MOST_BYTES / 2).is_none());
        assert!(spares.take(8).is_some_and(|b| b.capacity() == 10));
        assert_eq!(spares.bytes, MOST_BYTES / 2 - 5);
    }

    #[test]
    fn the_length_is_what_was_asked_for() {
        for len in [0, 1, 5, 1000, 999, 1001, 3] {
            assert_eq!(Buffer::<f32>::stale(len).len(), len);
            assert_eq!(Buffer::<f32>::zeros(len).into_vec(), vec![0.0; len]);
        }
    }
}
