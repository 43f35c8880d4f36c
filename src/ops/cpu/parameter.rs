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
pub fn elements<S: Shape, E: CpuElement>(t: &Tensor<S, E, Cpu>) -> &[E] {
    let len = t.shape().num_elements();
    if len == 0 {
        return &[];
    }
    assert!(is_contiguous(t), "not contiguous");
    // SAFETY: as just seen, the elements from the first to the last lie side by side in order.
    // They are in one `Vec`, which lives and does not change as long as `t` is borrowed. (The
    // pointer comes from a reference to the first of them, as in Rust's tree borrows it may.)
    unsafe { slice::from_raw_parts(&raw const t[S::Concrete::default()], len) }
}

/// The elements, to be changed; `None` if the tensor is not contiguous.
pub fn elements_mut<S: Shape, E: CpuElement>(t: &mut Tensor<S, E, Cpu>) -> Option<&mut [E]> {
    let len = t.shape().num_elements();
    if len == 0 {
        return Some(&mut []);
    }
    if !is_contiguous(t) {
        return None;
    }
    // SAFETY: as above. Only this tensor has the `Vec`, since dfdx copies it before it lends an
    // element to be changed.
    Some(unsafe { slice::from_raw_parts_mut(&raw mut t[S::Concrete::default()], len) })
}

/// Whether the elements, of which there are some, lie side by side in order.
pub fn is_contiguous<S: Shape, E: CpuElement>(t: &Tensor<S, E, Cpu>) -> bool {
    let (dims, first) = (t.shape().concrete(), S::Concrete::default());
    // In bytes from the first one.
    let place =
        |at: S::Concrete| (&raw const t[at]).addr().wrapping_sub((&raw const t[first]).addr());
    let (mut stride, mut last) = (size_of::<E>(), first);
    for axis in (0..S::NUM_DIMS).rev() {
        if dims[axis] > 1 {
            let mut second = first;
            second[axis] = 1;
            if place(second) != stride {
                return false;
            }
        }
        stride *= dims[axis];
        last[axis] = dims[axis] - 1;
    }
    place(last) + size_of::<E>() == stride
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
            let (shared, mut t) = (t.clone(), t);
            elements_mut(&mut t).unwrap().iter_mut().for_each(|e| *e += 1.0);
            let expected: Vec<f32> = shared.as_vec().iter().map(|e| e + 1.0).collect();
            assert_eq!(t.as_vec(), expected, "or another tensor has changed");
        }
        let nothing: Erased<f64, Cpu> = dev.zeros_like(&(0, 3, 1, 1));
        assert!(elements(&nothing).is_empty());
    }

    #[test]
    fn another_order_is_not_lent_to_be_changed() {
        let t: Tensor<Rank2<2, 3>, f32, _> = Cpu::default().sample_normal();
        assert!(elements_mut(&mut t.clone().permute::<Rank2<3, 2>, _>()).is_none());
        assert!(elements_mut(&mut t.broadcast::<Rank3<2, 2, 3>, Axis<0>>()).is_none());
    }

    #[test]
    #[should_panic = "not contiguous"]
    fn another_order_is_noticed() {
        let t: Erased<f32, Cpu> = Cpu::default().zeros_like(&(2, 3, 4, 5));
        elements(&t.permute::<_, Axes4<0, 1, 3, 2>>());
    }
}
