//! Dropout on `Cuda`. The mask is drawn here, as for `Cpu`.

use cudarc::driver::CudaSlice;
use dfdx::prelude::*;

use super::OP;
use crate::error::Error;
use crate::kernels::dropout::draw;
use crate::ops::Erased;
use crate::ops::cuda::{CudaElement, Kernels, Module, Span, Unary, unary};
use crate::ops::device::number;
use crate::ops::random;

const MODULE: Module = Module {
    name: "dropout",
    source: include_str!("../cuda/kernels/dropout.cu"),
    kernels: &["drop"],
};

pub fn dropout<E: CudaElement, T: Tape<E, Cuda>>(
    x: Erased<E, Cuda, T>,
    p: f64,
) -> Result<Erased<E, Cuda, T>, Error> {
    drop(OP, x, p, 1)
}

pub fn dropout2d<E: CudaElement, T: Tape<E, Cuda>>(
    x: Erased<E, Cuda, T>,
    p: f64,
) -> Result<Erased<E, Cuda, T>, Error> {
    let (_, _, height, width) = *x.shape();
    drop("dropout2d", x, p, height * width)
}

/// Draws for each piece of so many elements.
fn drop<E: CudaElement, T: Tape<E, Cuda>>(
    name: &'static str,
    x: Erased<E, Cuda, T>,
    p: f64,
    size: usize,
) -> Result<Erased<E, Cuda, T>, Error> {
    let kernels = MODULE.load::<E>(x.device())?;
    let (len, dims) = (x.shape().num_elements(), x.shape().concrete());
    let kept = draw(len.checked_div(size).unwrap_or(0), p, random::draw(x.device()));
    let kept = kernels.device.htod_copy(kept).map_err(|e| Error::device(CudaError::from(e)))?;
    let scale = number::<E>((1.0 - p).recip());
    unary(name, Dropout { kernels, len, size, kept, scale }, dims, x)
}

struct Dropout<E> {
    kernels: Kernels,
    len: usize,
    /// Elements that are kept or dropped together.
    size: usize,
    kept: CudaSlice<bool>,
    scale: E,
}

impl<E: CudaElement> Dropout<E> {
    fn apply(&self, x: Span<E>, y: Span<E>, add: bool) -> Result<(), CudaError> {
        let sizes = (self.len as u32, self.size as u32);
        let parameters = (sizes.0, sizes.1, Span::of(&self.kept), self.scale, x, y, add);
        // SAFETY: the parameters and lengths of `drop`.
        unsafe { self.kernels.each("drop", self.len, parameters) }
    }
}

impl<E: CudaElement> Unary<E> for Dropout<E> {
    fn forward(&self, x: Span<E>, y: Span<E>) -> Result<(), CudaError> {
        self.apply(x, y, false)
    }

    fn backward(&self, _: [Span<E>; 2], gy: Span<E>, gx: Span<E>) -> Result<(), CudaError> {
        self.apply(gy, gx, true)
    }
}
