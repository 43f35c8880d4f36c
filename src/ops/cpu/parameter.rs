//! The parameters of operations, read where they are.

use std::slice;

use dfdx::prelude::*;

use super::{CpuElement, Gradient, gradient};
use crate::ops::Erased;

/// The elements of a weight or a bias, and where its gradient goes.
pub struct Parameter<E: CpuElement> {
    tensor: Erased<E, Cpu>,
    pub gradient: Gradient<E>,
}

impl<E: CpuElement> Parameter<E> {
    /// Of a contiguous tensor.
    pub fn new(tensor: Erased<E, Cpu>) -> Self {
        let gradient = gradient(&tensor);
        Parameter { tensor, gradient }
    }

    /// The elements.
    pub fn data(&self) -> &[E] {
        elements(&self.tensor)
    }
}

/// The elements of a *contiguous* tensor. Of those dfdx only lends one at a time, and a copy of all
/// weights takes as long as a small network does.
pub fn elements<E: CpuElement>(t: &Erased<E, Cpu>) -> &[E] {
    let dims = t.shape().concrete();
    let len: usize = dims.iter().product();
    if len == 0 {
        return &[];
    }
    let place = |at: [usize; 4]| (&raw const t[at]).addr();
    let (mut stride, mut last) = (1, [0; 4]);
    for axis in (0..4).rev() {
        if dims[axis] > 1 {
            let mut second = [0; 4];
            second[axis] = 1;
            assert_eq!(place(second) - place([0; 4]), stride * size_of::<E>(), "not contiguous");
        }
        stride *= dims[axis];
        last[axis] = dims[axis] - 1;
    }
    assert_eq!(place(last) - place([0; 4]), (len - 1) * size_of::<E>());
    // SAFETY: as just seen, the elements from the first to the last lie side by side in order.
    // They are in one `Vec`, which lives and does not change as long as `t` is borrowed. (The
    // pointer comes from a reference to the first of them, as in Rust's tree borrows it may.)
    unsafe { slice::from_raw_parts(&raw const t[[0; 4]], len) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_those_of_the_tensor() {
        let dev = Cpu::default();
        for dims in [(2, 3, 4, 5), (1, 1, 1, 1), (1, 7, 1, 2), (6, 1, 1, 1)] {
            let t: Erased<f32, Cpu> = dev.sample_normal_like(&dims);
            assert_eq!(elements(&t), t.as_vec());
        }
        let nothing: Erased<f64, Cpu> = dev.zeros_like(&(0, 3, 1, 1));
        assert!(elements(&nothing).is_empty());
    }

    #[test]
    #[should_panic = "not contiguous"]
    fn another_order_is_noticed() {
        let t: Erased<f32, Cpu> = Cpu::default().zeros_like(&(2, 3, 4, 5));
        elements(&t.permute::<_, Axes4<0, 1, 3, 2>>());
    }
}
