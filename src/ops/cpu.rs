//! What all operations on dfdx's `Cpu` share: reading tensors, and writing on the tape.
//!
//! The functions that use it have no bound `Cpu: Device<E>`: under such a bound the compiler
//! forgets that a [`Buffer`] is a slice.

use dfdx::prelude::*;

use super::Erased;
use crate::error::{Dims, Error};
use crate::kernels::Element;

/// A buffer that goes back to the device's cache of allocations when it is dropped.
pub(super) type Buffer<E> = <Cpu as Storage<E>>::Vec;

/// What the operations need of a number on `Cpu`.
pub trait CpuElement: Element + Dtype {}
impl CpuElement for f32 {}
impl CpuElement for f64 {}

/// A copy of a *contiguous* tensor's elements: dfdx has no public borrow of them.
pub(super) fn read<E: CpuElement>(t: &Erased<E, Cpu>) -> Result<Buffer<E>, CpuError> {
    let mut buffer = t.device().try_alloc_len(t.shape().num_elements())?;
    t.copy_into(&mut buffer);
    Ok(buffer)
}

/// A new tensor that `fill` writes, from zeros.
pub(super) fn build<E: CpuElement>(
    device: &Cpu,
    [b, c, h, w]: Dims,
    fill: impl FnOnce(&mut [E]),
) -> Result<Erased<E, Cpu>, Error> {
    let mut buffer: Buffer<E> = device.try_alloc_len(b * c * h * w)?;
    fill(&mut buffer);
    Ok(device.try_tensor_from_vec(std::mem::take(&mut *buffer), (b, c, h, w))?)
}

/// Puts `backward` on the tape, which is given all gradients and that of `y`.
pub(super) fn record<E: CpuElement, T: Tape<E, Cpu>>(
    tape: &mut T,
    y: &Erased<E, Cpu>,
    backward: impl FnOnce(&mut Gradients<E, Cpu>, &[E]) -> Result<(), CpuError> + 'static,
) {
    let y = y.ghost();
    tape.add_backward_op(move |grads| {
        // Only one gradient can be borrowed at a time, so y's leaves its place meanwhile.
        let gy = std::mem::take(&mut **grads.get_or_alloc_mut(&y)?);
        backward(grads, &gy)?;
        **grads.get_or_alloc_mut(&y)? = gy;
        Ok(())
    });
}
