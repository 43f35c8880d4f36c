//! Functions of each element.

use dfdx::prelude::*;

use crate::error::Error;
use crate::ops::Erased;
use crate::ops::cuda::{CudaElement, Kernels, Module, Span, Unary, unary};
use crate::ops::device::number;

const MODULE: Module = Module {
    name: "activation",
    source: include_str!("../../cuda/kernels/activation.cu"),
    kernels: &[
        "relu_forward",
        "relu_backward",
        "leaky_relu_forward",
        "leaky_relu_backward",
        "elu_forward",
        "elu_backward",
        "gelu_forward",
        "gelu_backward",
        "silu_forward",
        "silu_backward",
        "sigmoid_forward",
        "sigmoid_backward",
        "tanh_forward",
        "tanh_backward",
        "softplus_forward",
        "softplus_backward",
    ],
};

/// What a gradient follows from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    Input,
    Output,
}

struct Elementwise<E> {
    kernels: Kernels,
    len: usize,
    /// Forward and backward.
    names: [&'static str; 2],
    parameter: E,
    kept: Kept,
}

/// Runs these kernels, forward and backward.
pub fn elementwise<E: CudaElement, T: Tape<E, Cuda>>(
    x: Erased<E, Cuda, T>,
    names: [&'static str; 2],
    parameter: f64,
    kept: Kept,
) -> Result<Erased<E, Cuda, T>, Error> {
    let kernels = MODULE.load::<E>(x.device())?;
    let (len, dims) = (x.shape().num_elements(), x.shape().concrete());
    let parameter = number::<E>(parameter);
    unary("activation", Elementwise { kernels, len, names, parameter, kept }, dims, x)
}

impl<E: CudaElement> Unary<E> for Elementwise<E> {
    fn forward(&self, x: Span<E>, y: Span<E>) -> Result<(), CudaError> {
        let parameters = (self.len as u32, self.parameter, x, y);
        // SAFETY: the parameters and lengths of each activation's kernel.
        unsafe { self.kernels.each(self.names[0], self.len, parameters) }
    }

    fn backward(&self, [x, y]: [Span<E>; 2], gy: Span<E>, gx: Span<E>) -> Result<(), CudaError> {
        let kept = if self.kept == Kept::Input { x } else { y };
        let parameters = (self.len as u32, self.parameter, kept, gy, gx);
        // SAFETY: the parameters and lengths of each activation's kernel.
        unsafe { self.kernels.each(self.names[1], self.len, parameters) }
    }

    fn keeps(&self) -> [bool; 2] {
        [self.kept == Kept::Input, self.kept == Kept::Output]
    }
}
