//! Adaptive pooling on `Cuda` by own kernels.

use cudarc::driver::CudaSlice;
use dfdx::prelude::*;
use shapewright_shape::AdaptiveKind;

use super::name;
use crate::error::Error;
use crate::kernels::adaptive_pool2d::AdaptivePool2dOp;
use crate::ops::Erased;
use crate::ops::cuda::{CudaElement, Kernels, Module, Resize, Span, Unary, unary};

const MODULE: Module = Module {
    name: "adaptive_pool2d",
    source: include_str!("../cuda/kernels/adaptive_pool2d.cu"),
    kernels: &["mean_forward", "mean_backward", "max_forward", "max_backward"],
};

pub fn adaptive_pool2d<E: CudaElement, T: Tape<E, Cuda>>(
    x: Erased<E, Cuda, T>,
    kind: AdaptiveKind,
    op: AdaptivePool2dOp,
) -> Result<Erased<E, Cuda, T>, Error> {
    let kernels = MODULE.load::<E>(x.device())?;
    let sizes = Resize::new(op.batch * op.channels, op.input, op.output);
    let dims = [op.batch, op.channels, op.output[0], op.output[1]];
    match kind {
        AdaptiveKind::Avg => unary(name(kind), Mean { kernels, sizes }, dims, x),
        AdaptiveKind::Max => {
            let winners = kernels.buffer_if(T::OWNS_TAPE, dims.iter().product());
            let winners = winners.map_err(Error::device)?;
            unary(name(kind), Max { kernels, sizes, winners }, dims, x)
        }
    }
}

struct Mean {
    kernels: Kernels,
    sizes: Resize,
}

impl<E: CudaElement> Unary<E> for Mean {
    fn forward(&self, x: Span<E>, y: Span<E>) -> Result<(), CudaError> {
        // SAFETY: the parameters and lengths of `mean_forward`.
        unsafe { self.kernels.each("mean_forward", self.sizes.outputs(), (self.sizes, x, y)) }
    }

    fn backward(&self, _: [Span<E>; 2], gy: Span<E>, gx: Span<E>) -> Result<(), CudaError> {
        // SAFETY: the parameters and lengths of `mean_backward`.
        unsafe { self.kernels.each("mean_backward", self.sizes.inputs(), (self.sizes, gy, gx)) }
    }
}

struct Max {
    kernels: Kernels,
    sizes: Resize,
    /// Their places in the planes. Only the gradient needs them.
    winners: Option<CudaSlice<u32>>,
}

impl Max {
    fn winners(&self) -> Span<u32> {
        self.winners.as_ref().map_or(Span::NONE, Span::of)
    }
}

impl<E: CudaElement> Unary<E> for Max {
    fn forward(&self, x: Span<E>, y: Span<E>) -> Result<(), CudaError> {
        let parameters = (self.sizes, x, y, self.winners());
        // SAFETY: the parameters and lengths of `max_forward`.
        unsafe { self.kernels.each("max_forward", self.sizes.outputs(), parameters) }
    }

    fn backward(&self, _: [Span<E>; 2], gy: Span<E>, gx: Span<E>) -> Result<(), CudaError> {
        let parameters = (self.sizes, self.winners(), gy, gx);
        // SAFETY: the parameters and lengths of `max_backward`.
        unsafe { self.kernels.each("max_backward", self.sizes.inputs(), parameters) }
    }
}
