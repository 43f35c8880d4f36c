//! Upsampling on `Cuda` by own kernels.

use dfdx::prelude::*;
use shapewright_shape::UpsampleMode;

use super::OP;
use crate::error::Error;
use crate::kernels::upsample2d::Upsample2dOp;
use crate::ops::Erased;
use crate::ops::cuda::{CudaElement, Kernels, Module, Resize, Span, Unary, unary};

const MODULE: Module = Module {
    name: "upsample",
    source: include_str!("../cuda/kernels/upsample.cu"),
    kernels: &["nearest_forward", "nearest_backward", "bilinear_forward", "bilinear_backward"],
};

pub fn upsample<E: CudaElement, T: Tape<E, Cuda>>(
    x: Erased<E, Cuda, T>,
    mode: UpsampleMode,
    op: Upsample2dOp,
) -> Result<Erased<E, Cuda, T>, Error> {
    let kernels = MODULE.load::<E>(x.device())?;
    let sizes = Resize::new(op.batch * op.channels, op.input, op.output);
    let dims = [op.batch, op.channels, op.output[0], op.output[1]];
    match mode {
        UpsampleMode::Nearest => unary(OP, Nearest { kernels, sizes }, dims, x),
        UpsampleMode::Bilinear { align_corners } => {
            unary(OP, Bilinear { kernels, sizes, align_corners }, dims, x)
        }
    }
}

struct Nearest {
    kernels: Kernels,
    sizes: Resize,
}

impl<E: CudaElement> Unary<E> for Nearest {
    fn forward(&self, x: Span<E>, y: Span<E>) -> Result<(), CudaError> {
        // SAFETY: the parameters and lengths of `nearest_forward`.
        unsafe { self.kernels.each("nearest_forward", self.sizes.outputs(), (self.sizes, x, y)) }
    }

    fn backward(&self, _: [Span<E>; 2], gy: Span<E>, gx: Span<E>) -> Result<(), CudaError> {
        // SAFETY: the parameters and lengths of `nearest_backward`.
        unsafe { self.kernels.each("nearest_backward", self.sizes.inputs(), (self.sizes, gy, gx)) }
    }
}

struct Bilinear {
    kernels: Kernels,
    sizes: Resize,
    align_corners: bool,
}

impl<E: CudaElement> Unary<E> for Bilinear {
    fn forward(&self, x: Span<E>, y: Span<E>) -> Result<(), CudaError> {
        let parameters = (self.sizes, self.align_corners, x, y);
        // SAFETY: the parameters and lengths of `bilinear_forward`.
        unsafe { self.kernels.each("bilinear_forward", self.sizes.outputs(), parameters) }
    }

    fn backward(&self, _: [Span<E>; 2], gy: Span<E>, gx: Span<E>) -> Result<(), CudaError> {
        let parameters = (self.sizes, self.align_corners, gy, gx);
        // SAFETY: the parameters and lengths of `bilinear_backward`.
        unsafe { self.kernels.each("bilinear_backward", self.sizes.inputs(), parameters) }
    }
}
