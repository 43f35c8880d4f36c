//! Branches on `Cuda` by own kernels.

use cudarc::driver::DeviceRepr;
use dfdx::prelude::*;

use crate::error::{Dims, Error};
use crate::ops::Erased;
use crate::ops::cuda::{CudaElement, Module, Span, gradient, new_tensor, take_gradient};

const MODULE: Module = Module {
    name: "join",
    source: include_str!("../cuda/kernels/join.cu"),
    kernels: &["add", "add_to", "put_part", "add_part"],
};

pub fn add<E: CudaElement, T: Tape<E, Cuda>>(
    x: Erased<E, Cuda, T>,
    other: Erased<E, Cuda>,
) -> Result<Erased<E, Cuda, T>, Error> {
    let kernels = MODULE.load::<E>(x.device())?;
    let (x, mut tape) = x.split_tape();
    let (y, ys) = new_tensor("add", &x, x.shape().concrete())?;
    let n = y.shape().num_elements();
    // SAFETY: the parameters and lengths of `add`.
    unsafe {
        let parameters = (n as u32, Span::tensor(&x)?, Span::tensor(&other)?, ys);
        kernels.each("add", n, parameters).map_err(Error::device)?;
    }
    let (gy, gradients) = (take_gradient(&y), [&x, &other].map(gradient));
    tape.add_backward_op(move |grads| {
        let taken = gy(grads)?;
        let gy = Span::of(&taken);
        gradients.iter().try_for_each(|gx| {
            // SAFETY: the parameters and lengths of `add_to`.
            unsafe { kernels.each("add_to", n, (n as u32, gy, gx(grads)?)) }
        })
    });
    Ok(y.put_tape(tape))
}

pub fn concat<E: CudaElement, T: Tape<E, Cuda>>(
    x: Erased<E, Cuda, T>,
    before: Vec<Erased<E, Cuda>>,
    dims: Dims,
) -> Result<Erased<E, Cuda, T>, Error> {
    let kernels = MODULE.load::<E>(x.device())?;
    let (x, mut tape) = x.split_tape();
    let (y, ys) = new_tensor("concat", &x, dims)?;
    let mut part = Part { batch: dims[0] as u32, size: 0, image: image(dims), start: 0 };
    let mut gradients = Vec::new();
    for x in before.iter().chain([&x]) {
        part.size = image(x.shape().concrete());
        // SAFETY: the parameters and lengths of `put_part`.
        unsafe {
            let parameters = (part, Span::tensor(x)?, ys);
            kernels.each("put_part", part.len(), parameters).map_err(Error::device)?;
        }
        gradients.push((part, gradient(x)));
        part.start += part.size;
    }
    let gy = take_gradient(&y);
    tape.add_backward_op(move |grads| {
        let taken = gy(grads)?;
        let gy = Span::of(&taken);
        gradients.iter().try_for_each(|(part, gx)| {
            // SAFETY: the parameters and lengths of `add_part`.
            unsafe { kernels.each("add_part", part.len(), (*part, gy, gx(grads)?)) }
        })
    });
    Ok(y.put_tape(tape))
}

/// The elements of an image.
fn image([_, channels, height, width]: Dims) -> u32 {
    (channels * height * width) as u32
}

/// The `Part` of `join.cu`.
#[derive(Clone, Copy)]
#[repr(C)]
struct Part {
    batch: u32,
    size: u32,
    image: u32,
    start: u32,
}

// SAFETY: the numbers that the kernels declare, in their order.
unsafe impl DeviceRepr for Part {}

impl Part {
    /// In the whole batch.
    fn len(&self) -> usize {
        self.batch as usize * self.size as usize
    }
}
