//! Normalisation on `Cuda` by own kernels.

mod batch;
mod group;

use cudarc::driver::DeviceRepr;
use dfdx::prelude::*;

use crate::error::Error;
use crate::ops::Erased;
use crate::ops::cuda::{CudaElement, Module, Span, gradient, new_tensor, take_gradient};

pub use batch::{batch_norm, batch_norm_train};
pub use group::group_norm;

const MODULE: Module = Module {
    name: "norm",
    source: include_str!("../../cuda/kernels/norm.cu"),
    kernels: &[
        "statistics",
        "batch_forward",
        "batch_sums",
        "batch_backward",
        "update_running",
        "group_forward",
        "group_means",
        "group_backward",
        "group_parameters",
    ],
};

/// The kernels of a normalisation. Those of the gradients add to what is there.
trait Norm<E> {
    /// From `x` to `y`, by weight and bias.
    fn forward(&self, parameters: [Span<E>; 2], x: Span<E>, y: Span<E>) -> Result<(), CudaError>;

    /// From `x` and `gy` to `gx` and the gradients of weight and bias.
    fn backward(
        &self,
        weight: Span<E>,
        from: [Span<E>; 2],
        gx: Span<E>,
        parameters: [Span<E>; 2],
    ) -> Result<(), CudaError>;
}

fn normalise<E: CudaElement, T: Tape<E, Cuda>>(
    name: &'static str,
    norm: impl Norm<E> + 'static,
    x: Erased<E, Cuda, T>,
    [weight, bias]: [Erased<E, Cuda>; 2],
) -> Result<Erased<E, Cuda, T>, Error> {
    let (x, mut tape) = x.split_tape();
    let (y, ys) = new_tensor(name, &x, x.shape().concrete())?;
    let (xs, ws) = (Span::tensor(&x)?, Span::tensor(&weight)?);
    norm.forward([ws, Span::tensor(&bias)?], xs, ys).map_err(Error::device)?;

    let (gx, gy) = (gradient(&x), take_gradient(&y));
    let (gw, gb) = (gradient(&weight), gradient(&bias));
    tape.add_backward_op(move |grads| {
        // Until here they are where they were.
        let (_x, _weight) = (x, weight);
        let gy = gy(grads)?;
        let parameters = [gw(grads)?, gb(grads)?];
        norm.backward(ws, [xs, Span::of(&gy)], gx(grads)?, parameters)
    });
    Ok(y.put_tape(tape))
}

/// The `Batch` of `norm.cu`: elements, channels, pixels.
#[repr(C)]
struct Sizes([u32; 3]);

// SAFETY: the numbers that the kernels declare, in their order.
unsafe impl DeviceRepr for Sizes {}

/// The `Rows` of `norm.cu`.
#[repr(C)]
struct Rows([u32; 5]);

// SAFETY: the numbers that the kernels declare, in their order.
unsafe impl DeviceRepr for Rows {}

impl Sizes {
    fn new(batch: usize, channels: usize, pixels: usize) -> Self {
        Sizes([batch * channels * pixels, channels, pixels].map(|n| n as u32))
    }
}

impl Rows {
    /// The channels as rows.
    fn channels(batch: usize, channels: usize, pixels: usize) -> Self {
        Rows([channels, batch, pixels, channels * pixels, pixels].map(|n| n as u32))
    }

    /// So many rows, one behind the other.
    fn whole(rows: usize, length: usize) -> Self {
        Rows([rows, 1, length, length, length].map(|n| n as u32))
    }
}
