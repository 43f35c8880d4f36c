//! Softmax along the channels, and its logarithm.

use cudarc::driver::DeviceRepr;
use dfdx::prelude::*;

use crate::error::Error;
use crate::ops::Erased;
use crate::ops::cuda::{CudaElement, Kernels, Module, Span, Unary, unary};

const MODULE: Module = Module {
    name: "softmax",
    source: include_str!("../../cuda/kernels/softmax.cu"),
    kernels: &[
        "forward_by_threads",
        "forward_by_blocks",
        "backward_by_threads",
        "backward_by_blocks",
    ],
};

/// From so many channels on, a block works on a pixel instead of a thread,
const MANY_CHANNELS: usize = 64;

/// unless an image has as many pixels as this: then threads beside each other read pixels beside
/// each other.
const MANY_PIXELS: usize = 16;

struct Softmax {
    kernels: Kernels,
    sizes: Sizes,
    /// Those of the batch.
    pixels: usize,
    by_blocks: bool,
}

pub fn softmax<E: CudaElement, T: Tape<E, Cuda>>(
    x: Erased<E, Cuda, T>,
    logarithm: bool,
) -> Result<Erased<E, Cuda, T>, Error> {
    let dims @ [batch, channels, height, width] = x.shape().concrete();
    let plane = height * width;
    let [b, c, p] = [batch, channels, plane].map(|n| n as u32);
    let op = Softmax {
        kernels: MODULE.load::<E>(x.device())?,
        sizes: Sizes { batch: b, channels: c, pixels: p, logarithm },
        pixels: if channels > 0 { batch * plane } else { 0 },
        by_blocks: channels >= MANY_CHANNELS && plane < MANY_PIXELS,
    };
    unary("softmax", op, dims, x)
}

impl<E: CudaElement> Unary<E> for Softmax {
    fn forward(&self, x: Span<E>, y: Span<E>) -> Result<(), CudaError> {
        let parameters = (self.sizes, x, y);
        // SAFETY: the parameters and lengths of these kernels.
        unsafe {
            match self.by_blocks {
                true => self.kernels.rows("forward_by_blocks", self.pixels, parameters),
                false => self.kernels.each("forward_by_threads", self.pixels, parameters),
            }
        }
    }

    fn backward(&self, [_, y]: [Span<E>; 2], gy: Span<E>, gx: Span<E>) -> Result<(), CudaError> {
        let parameters = (self.sizes, y, gy, gx);
        // SAFETY: the parameters and lengths of these kernels.
        unsafe {
            match self.by_blocks {
                true => self.kernels.rows("backward_by_blocks", self.pixels, parameters),
                false => self.kernels.each("backward_by_threads", self.pixels, parameters),
            }
        }
    }

    fn keeps(&self) -> [bool; 2] {
        [false, true]
    }
}

/// The `Softmax` of `softmax.cu`.
#[derive(Clone, Copy)]
#[repr(C)]
struct Sizes {
    batch: u32,
    channels: u32,
    pixels: u32,
    logarithm: bool,
}

// SAFETY: the numbers that the kernels declare, in their order.
unsafe impl DeviceRepr for Sizes {}
