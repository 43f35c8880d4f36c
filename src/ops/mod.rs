//! Differentiable operations.
//!
//! Inside a network everything is `(batch, channels, height, width)` with sizes that are plain
//! numbers, so an operation is compiled once for each number type, device and tape and not once
//! for each shape. A feature vector is `(batch, features, 1, 1)`, a sequence
//! `(batch, channels, 1, length)`.
//!
//! Each operation is a public function that checks its arguments (every mistake is an
//! [`Error`](crate::error::Error), none a panic) and a trait such as [`Conv2dDevice`] that a
//! device implements for the work itself. All of them together are [`Backend`]. It takes and
//! gives a [`Flow`], a batch inside a network, or an [`Erased`] tensor.
//!
//! `Cpu` has kernels of its own ([`kernels`](crate::kernels)), and so has `Cuda`. By default the
//! work is composed of dfdx's tensor operations, which every device has.
//!
//! Gradients reach the inputs and the parameters through dfdx's tape, where all operations from
//! entering a flow to leaving it are one. They *add up* there, and without a tape
//! ([`NoneTape`](dfdx::tensor::NoneTape)) nothing is kept for them.

mod activation;
mod adaptive_pool2d;
mod conv1d;
mod conv2d;
mod conv_transpose2d;
pub(crate) mod cpu;
#[cfg(feature = "cuda")]
mod cuda;
mod device;
mod dropout;
mod erased;
mod flatten;
mod flow;
mod gradient;
mod join;
mod kept;
mod linear;
mod norm;
mod pool1d;
mod pool2d;
mod random;
mod reshape;
#[cfg(test)]
mod tests;
mod upsample;
mod window;
mod zero_pad2d;

use dfdx::prelude::{DeviceBuildExt, Dtype, Synchronize};

use crate::error::DeviceError;

pub use activation::{ActivationDevice, activation};
pub use adaptive_pool2d::{AdaptivePool2dDevice, adaptive_pool2d};
pub use conv_transpose2d::{ConvTranspose2dDevice, conv_transpose2d};
pub use conv1d::conv1d;
pub use conv2d::{Conv2dDevice, conv2d};
pub use cpu::{CpuElement, CpuFlow, CpuKept, CpuOperations};
#[cfg(feature = "cuda")]
pub use cuda::{CudaElement, CudaFlow, CudaOperations};
pub use dropout::{DropoutDevice, dropout, dropout2d};
pub use erased::{Erased, erase, restore};
pub use flatten::flatten;
pub use flow::{Flow, FlowDevice, FlowOf, Operand};
pub use gradient::{GradientDevice, Update};
pub use join::{JoinDevice, add, concat, sum};
pub use kept::Kept;
pub use linear::{LinearDevice, LinearOp, linear};
pub use norm::{NormDevice, batch_norm, batch_norm_train, group_norm};
pub use pool1d::pool1d;
pub use pool2d::{Pool2dDevice, pool2d};
pub use random::seeded;
pub use reshape::reshape;
pub use upsample::{UpsampleDevice, upsample};
pub use zero_pad2d::{ZeroPad2dDevice, zero_pad2d};

/// A device that can run every operation here, and build networks.
pub trait Backend<E: Dtype>:
    Conv2dDevice<E>
    + ConvTranspose2dDevice<E>
    + NormDevice<E>
    + Pool2dDevice<E>
    + AdaptivePool2dDevice<E>
    + UpsampleDevice<E>
    + ZeroPad2dDevice<E>
    + LinearDevice<E>
    + ActivationDevice<E>
    + DropoutDevice<E>
    + JoinDevice<E>
    + GradientDevice<E>
    + DeviceBuildExt
    + Synchronize
    + DeviceError
{
}

impl<E: Dtype, D> Backend<E> for D where
    D: Conv2dDevice<E>
        + ConvTranspose2dDevice<E>
        + NormDevice<E>
        + Pool2dDevice<E>
        + AdaptivePool2dDevice<E>
        + UpsampleDevice<E>
        + ZeroPad2dDevice<E>
        + LinearDevice<E>
        + ActivationDevice<E>
        + DropoutDevice<E>
        + JoinDevice<E>
        + GradientDevice<E>
        + DeviceBuildExt
        + Synchronize
        + DeviceError
{
}
