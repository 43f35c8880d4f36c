//! Tensors and gradients that kernels write.

use cudarc::driver::DeviceSlice;
use dfdx::prelude::*;
use shapewright_shape::Problem;

use super::Span;
use crate::error::{Dims, Error};
use crate::ops::Erased;

/// More elements than this the kernels can't count.
pub const MOST: usize = i32::MAX as usize;

/// A tensor of zeros for `op` to write over, and where it is.
pub fn new_tensor<E: Dtype>(
    op: &'static str,
    x: &Erased<E, Cuda>,
    dims: Dims,
) -> Result<(Erased<E, Cuda>, Span<E>), Error> {
    let input = x.shape().concrete();
    if dims.iter().product::<usize>() > MOST {
        return Err(Error::options(op, input, Problem::Overflow));
    }
    let [b, c, h, w] = dims;
    let y = x.device().try_zeros_like(&(b, c, h, w)).map_err(Error::device)?;
    let span = Span::tensor(&y)?;
    Ok((y, span))
}

/// Finds the gradient of a tensor, of zeros if there was none.
pub fn gradient<E: Dtype>(
    of: &Erased<E, Cuda>,
) -> impl Fn(&mut Gradients<E, Cuda>) -> Result<Span<E>, CudaError> + 'static {
    let ghost = of.ghost();
    move |grads| Ok(Span::of(grads.get_or_alloc_mut(&ghost)?))
}

/// Takes the gradient of what an operation made. When the operation has handed it on nobody needs
/// it again, and its memory is free for the gradients that come next.
pub fn take_gradient<E: Dtype>(
    of: &Erased<E, Cuda>,
) -> impl FnOnce(&mut Gradients<E, Cuda>) -> Result<Buffer<E>, CudaError> + 'static {
    let (ghost, device) = (of.ghost(), of.device().clone());
    move |grads| {
        let nothing = device.try_alloc_len(0)?;
        Ok(std::mem::replace(grads.get_or_alloc_mut(&ghost)?, nothing))
    }
}

/// A copy of a gradient.
pub fn copy_gradient<E: Dtype>(
    device: &Cuda,
    gradient: &Buffer<E>,
) -> Result<Buffer<E>, CudaError> {
    let mut copy: Buffer<E> = device.try_alloc_len(gradient.len())?;
    gradient.device().dtod_copy(&**gradient, &mut *copy)?;
    Ok(copy)
}

/// dfdx's own memory on the device.
type Buffer<E> = <Cuda as Storage<E>>::Vec;
