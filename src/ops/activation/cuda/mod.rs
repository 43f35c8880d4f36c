//! Activations on `Cuda` by own kernels.

mod elementwise;
mod softmax;

use dfdx::prelude::*;
use shapewright_shape::Activation;

use crate::error::Error;
use crate::kernels::activation::SOFTPLUS_LINEAR;
use crate::ops::Erased;
use crate::ops::cuda::CudaElement;
use elementwise::{Kept, elementwise};
use softmax::softmax;

pub fn activation<E: CudaElement, T: Tape<E, Cuda>>(
    x: Erased<E, Cuda, T>,
    kind: Activation,
) -> Result<Erased<E, Cuda, T>, Error> {
    match kind {
        Activation::ReLU => elementwise(x, ["relu_forward", "relu_backward"], 0.0, Kept::Output),
        Activation::LeakyReLU { slope } => {
            elementwise(x, ["leaky_relu_forward", "leaky_relu_backward"], slope, Kept::Input)
        }
        Activation::ELU { alpha } => {
            elementwise(x, ["elu_forward", "elu_backward"], alpha, Kept::Input)
        }
        Activation::GELU => elementwise(x, ["gelu_forward", "gelu_backward"], 0.0, Kept::Input),
        Activation::SiLU => elementwise(x, ["silu_forward", "silu_backward"], 0.0, Kept::Input),
        Activation::Sigmoid => {
            elementwise(x, ["sigmoid_forward", "sigmoid_backward"], 0.0, Kept::Output)
        }
        Activation::Tanh => elementwise(x, ["tanh_forward", "tanh_backward"], 0.0, Kept::Output),
        Activation::Softplus => {
            let kernels = ["softplus_forward", "softplus_backward"];
            elementwise(x, kernels, SOFTPLUS_LINEAR, Kept::Input)
        }
        Activation::Softmax => softmax(x, false),
        Activation::LogSoftmax => softmax(x, true),
    }
}
