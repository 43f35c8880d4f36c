//! Biases and their gradients.

use cudarc::driver::DeviceRepr;
use dfdx::prelude::*;

use super::{CudaElement, Kernels, Module, Span};
use crate::error::Error;

const MODULE: Module = Module {
    name: "bias",
    source: include_str!("kernels/bias.cu"),
    kernels: &["add_bias", "add_channel_sums"],
};

/// The kernels, for batches of `[images, channels, pixels]`.
pub struct Bias(Kernels);

impl Bias {
    pub fn load<E: CudaElement>(device: &Cuda) -> Result<Self, Error> {
        Ok(Bias(MODULE.load::<E>(device)?))
    }

    /// `y += bias` in each channel.
    pub fn add<E: CudaElement>(
        &self,
        sizes: [usize; 3],
        bias: Span<E>,
        y: Span<E>,
    ) -> Result<(), CudaError> {
        // SAFETY: the parameters and lengths of `add_bias`.
        unsafe { self.0.each("add_bias", sizes.iter().product(), (Batch::new(sizes), bias, y)) }
    }

    /// `sums += ` the sums of each channel of `x`.
    pub fn add_sums<E: CudaElement>(
        &self,
        sizes: [usize; 3],
        x: Span<E>,
        sums: Span<E>,
    ) -> Result<(), CudaError> {
        // SAFETY: the parameters and lengths of `add_channel_sums`.
        unsafe { self.0.rows("add_channel_sums", sizes[1], (Batch::new(sizes), x, sums)) }
    }
}

/// The `Batch` of `bias.cu`.
#[repr(C)]
struct Batch([u32; 3]);

// SAFETY: the numbers that the kernels declare, in their order.
unsafe impl DeviceRepr for Batch {}

impl Batch {
    fn new(sizes: [usize; 3]) -> Self {
        Batch(sizes.map(|n| n as u32))
    }
}
