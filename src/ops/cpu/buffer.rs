//! Memory for what flows through a network.

use std::cell::RefCell;
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
pub type Spares<E> = Vec<Vec<E>>;

/// More than the buffers of a deep network's training step.
const MOST_SPARES: usize = 256;

macro_rules! cpu_element {
    ($($e:ident)*) => {$(
        impl CpuElement for $e {
            fn spares() -> &'static LocalKey<RefCell<Spares<Self>>> {
                thread_local! {
                    static SPARES: RefCell<Spares<$e>> = const { RefCell::new(Vec::new()) };
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
        let fits = |spare: &Vec<E>| spare.capacity() >= len && spare.capacity() / 2 <= len;
        let spare = E::spares()
            .with_borrow_mut(|spares| spares.iter().rposition(fits).map(|i| spares.swap_remove(i)));
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
        let _ = E::spares().try_with(|spares| {
            let mut spares = spares.borrow_mut();
            if spares.len() == MOST_SPARES {
                spares.remove(0);
            }
            spares.push(data);
        });
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
    fn the_length_is_what_was_asked_for() {
        for len in [0, 1, 5, 1000, 999, 1001, 3] {
            assert_eq!(Buffer::<f32>::stale(len).len(), len);
            assert_eq!(Buffer::<f32>::zeros(len).into_vec(), vec![0.0; len]);
        }
    }
}
