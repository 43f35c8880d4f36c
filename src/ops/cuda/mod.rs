//! Networks on dfdx's `Cuda`.
//!
//! A batch is a tensor. Operations run kernels of their own, compiled by NVRTC when they are first
//! used ([`Module`]), and cuBLAS. All operations between entering a network and leaving it are one
//! on dfdx's tape.

mod bias;
mod compiled;
mod convolution;
mod devices;
mod element;
mod flow;
mod gemm;
mod module;
mod recorder;
mod resize;
mod span;
mod tensor;
mod unary;
mod weighted;

pub use bias::Bias;
pub use compiled::CudaOperations;
pub use convolution::Convolution;
pub use element::CudaElement;
pub use flow::{Batch, CudaFlow};
pub use gemm::{Matrices, Product, gemm};
pub use module::{Kernels, Module, device_of};
pub use resize::Resize;
pub use span::Span;
pub use tensor::{gradient, new_tensor, take_gradient};
pub use unary::{Unary, unary};
pub use weighted::{Weighted, weighted};
