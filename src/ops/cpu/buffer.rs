//! Memory for what flows through a network.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};
use std::thread::LocalKey;

use dfdx::prelude::{Cpu, Dtype};

use super::elements;
use crate::kernels::{Element, join};
use crate::ops::Erased;

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

/// The elements of a value: memory that goes back to its thread's spares when it is dropped, or
/// those of a tensor that came in, until they are changed. A training step uses the same sizes again
/// and again; fresh memory would have to be mapped and cleared each time.
pub struct Buffer<E: CpuElement>(Memory<E>);

enum Memory<E: CpuElement> {
    Own(Vec<E>),
    /// Contiguous.
    Lent(Erased<E, Cpu>),
}

impl<E: CpuElement> Buffer<E> {
    /// A buffer for `len` elements, whatever they are.
    pub fn stale(len: usize) -> Self {
        let spare = E::spares().with_borrow_mut(|spares| spares.take(len));
        let mut data = spare.unwrap_or_default();
        data.resize(len, E::default());
        Buffer(Memory::Own(data))
    }

    /// A buffer of `len` zeros.
    pub fn zeros(len: usize) -> Self {
        let mut buffer = Buffer::stale(len);
        buffer.fill(E::default());
        buffer
    }

    /// The elements of a *contiguous* tensor.
    pub fn lent(tensor: Erased<E, Cpu>) -> Self {
        Buffer(Memory::Lent(tensor))
    }

    /// The elements for good.
    pub fn into_vec(mut self) -> Vec<E> {
        std::mem::take(self.own())
    }

    /// Its own memory, with a copy of what is only lent.
    fn own(&mut self) -> &mut Vec<E> {
        if let Memory::Lent(tensor) = &self.0 {
            let lent = elements(tensor);
            let mut copy = Buffer::stale(lent.len());
            join::copy(lent, &mut copy);
            *self = copy;
        }
        match &mut self.0 {
            Memory::Own(data) => data,
            Memory::Lent(_) => unreachable!("it has just been copied"),
        }
    }
}

impl<E: CpuElement> Drop for Buffer<E> {
    fn drop(&mut self) {
        let Memory::Own(data) = &mut self.0 else { return };
        if data.capacity() == 0 {
            return;
        }
        let data = std::mem::take(data);
        // At the end of a thread its spares may be gone before its last buffers.
        let _ = E::spares().try_with(|spares| spares.borrow_mut().put(data));
    }
}

impl<E: CpuElement> Deref for Buffer<E> {
    type Target = [E];

    fn deref(&self) -> &[E] {
        match &self.0 {
            Memory::Own(data) => data,
            Memory::Lent(tensor) => elements(tensor),
        }
    }
}

impl<E: CpuElement> DerefMut for Buffer<E> {
    fn deref_mut(&mut self) -> &mut [E] {
        self.own()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dfdx::prelude::*;

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
    fn what_is_lent_is_copied_before_it_changes() {
        let tensor: Erased<f32, Cpu> = Cpu::default().sample_normal_like(&(2, 3, 1, 4));
        let before = tensor.as_vec();
        let mut buffer = Buffer::lent(tensor.clone());
        assert_eq!(*buffer, before);
        buffer.fill(7.0);
        assert_eq!((buffer.into_vec(), tensor.as_vec()), (vec![7.0; 24], before.clone()));
        assert_eq!(Buffer::lent(tensor).into_vec(), before);
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
