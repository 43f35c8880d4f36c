//! Zeros around an image on `Cuda` by own kernels.

use dfdx::prelude::*;

use super::OP;
use crate::error::Error;
use crate::kernels::zero_pad2d::ZeroPad2dOp;
use crate::ops::Erased;
use crate::ops::cuda::{CudaElement, Kernels, Module, Resize, Span, Unary, unary};

const MODULE: Module = Module {
    name: "zero_pad2d",
    source: include_str!("../cuda/kernels/zero_pad2d.cu"),
    kernels: &["forward", "backward"],
};

pub fn zero_pad2d<E: CudaElement, T: Tape<E, Cuda>>(
    x: Erased<E, Cuda, T>,
    op: ZeroPad2dOp,
) -> Result<Erased<E, Cuda, T>, Error> {
    let [[top, _], [left, _]] = op.padding;
    let pad = Pad {
        kernels: MODULE.load::<E>(x.device())?,
        sizes: Resize::new(op.batch * op.channels, op.input, op.output()),
        top: top as u32,
        left: left as u32,
    };
    let [height, width] = op.output();
    unary(OP, pad, [op.batch, op.channels, height, width], x)
}

struct Pad {
    kernels: Kernels,
    sizes: Resize,
    top: u32,
    left: u32,
}

impl<E: CudaElement> Unary<E> for Pad {
    fn forward(&self, x: Span<E>, y: Span<E>) -> Result<(), CudaError> {
        let parameters = (self.sizes, self.top, self.left, x, y);
        // SAFETY: the parameters and lengths of `forward`.
        unsafe { self.kernels.each("forward", self.sizes.outputs(), parameters) }
    }

    fn backward(&self, _: [Span<E>; 2], gy: Span<E>, gx: Span<E>) -> Result<(), CudaError> {
        let parameters = (self.sizes, self.top, self.left, gy, gx);
        // SAFETY: the parameters and lengths of `backward`.
        unsafe { self.kernels.each("backward", self.sizes.inputs(), parameters) }
    }
}
