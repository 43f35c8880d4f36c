//! Transposed convolution on `Cuda` by own kernels and cuBLAS.

use dfdx::prelude::*;

use super::OP;
use crate::error::Error;
use crate::kernels::conv2d::Conv2dOp;
use crate::ops::Erased;
use crate::ops::cuda::{Convolution, CudaElement, Span, Weighted, weighted};

pub fn conv_transpose2d<E: CudaElement, T: Tape<E, Cuda>>(
    x: Erased<E, Cuda, T>,
    op: Conv2dOp,
    weight: Erased<E, Cuda>,
    bias: Option<Erased<E, Cuda>>,
) -> Result<Erased<E, Cuda, T>, Error> {
    let dims = [op.batch, op.in_channels, op.input[0], op.input[1]];
    let op = Transposed(Convolution::new::<E>(OP, op, x.device())?);
    weighted(OP, op, dims, x, weight, bias)
}

/// What goes in here is the convolution's output.
struct Transposed(Convolution);

impl<E: CudaElement> Weighted<E> for Transposed {
    fn forward(&self, x: Span<E>, w: Span<E>, b: Span<E>, y: Span<E>) -> Result<(), CudaError> {
        self.0.transpose([x, w, b, y], false)
    }

    fn backward_input(&self, w: Span<E>, gy: Span<E>, gx: Span<E>) -> Result<(), CudaError> {
        self.0.convolve([gy, w, Span::NONE, gx], true)
    }

    fn backward_weight(&self, x: Span<E>, gy: Span<E>, gw: Span<E>) -> Result<(), CudaError> {
        self.0.add_weight_gradient([gy, x, gw])
    }

    fn backward_bias(&self, gy: Span<E>, gb: Span<E>) -> Result<(), CudaError> {
        self.0.add_input_sums([gy, gb])
    }
}
