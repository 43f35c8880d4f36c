//! Batch normalisation on `Cuda` by own kernels; that of groups is composed of dfdx's operations.

use cudarc::driver::{CudaSlice, DeviceRepr};
use dfdx::prelude::*;

use crate::error::Error;
use crate::kernels::norm::BatchNormOp;
use crate::ops::Erased;
use crate::ops::cuda::{CudaElement, Kernels, Module, Span, gradient, new_tensor};

const MODULE: Module = Module {
    name: "norm",
    source: include_str!("../cuda/kernels/norm.cu"),
    kernels: &["statistics", "batch_forward", "batch_sums", "batch_backward", "update_running"],
};

pub fn batch_norm<E: CudaElement, T: Tape<E, Cuda>>(
    x: Erased<E, Cuda, T>,
    op: BatchNormOp,
    eps: f64,
    running: [Erased<E, Cuda>; 2],
    parameters: [Erased<E, Cuda>; 2],
) -> Result<Erased<E, Cuda, T>, Error> {
    let norm = BatchNorm::new(op, eps, x.device())?;
    let [mean, variance] = &running;
    let statistics = [Span::tensor(mean)?, Span::tensor(variance)?];
    normalise(norm, statistics, running, false, x, parameters)
}

#[allow(clippy::type_complexity)]
pub fn batch_norm_train<E: CudaElement, T: Tape<E, Cuda>>(
    x: Erased<E, Cuda, T>,
    op: BatchNormOp,
    eps: f64,
    momentum: f64,
    running: [Erased<E, Cuda>; 2],
    parameters: [Erased<E, Cuda>; 2],
) -> Result<(Erased<E, Cuda, T>, [Erased<E, Cuda>; 2]), Error> {
    let norm = BatchNorm::new(op, eps, x.device())?;
    let (x, tape) = x.split_tape();
    let (statistics, running) = norm.batch_statistics(&x, running, momentum)?;
    let spans = statistics.each_ref().map(|buffer| Span::of(buffer));
    let y = normalise(norm, spans, statistics, true, x.put_tape(tape), parameters)?;
    Ok((y, running))
}

/// The normalisation by mean and variance, which `keep` keeps alive for the gradient. `own` tells
/// whether they are the batch's own, so that they depend on `x` too.
fn normalise<E: CudaElement, T: Tape<E, Cuda>>(
    norm: BatchNorm<E>,
    statistics: [Span<E>; 2],
    keep: impl Sized + 'static,
    own: bool,
    x: Erased<E, Cuda, T>,
    [weight, bias]: [Erased<E, Cuda>; 2],
) -> Result<Erased<E, Cuda, T>, Error> {
    let (x, mut tape) = x.split_tape();
    let (y, ys) = new_tensor("batch_norm", &x, x.shape().concrete())?;
    let (xs, ws) = (Span::tensor(&x)?, Span::tensor(&weight)?);
    norm.forward(statistics, [ws, Span::tensor(&bias)?], xs, ys).map_err(Error::device)?;

    let (gx, gy) = (gradient(&x), gradient(&y));
    let (gw, gb) = (gradient(&weight), gradient(&bias));
    tape.add_backward_op(move |grads| {
        // Until here they are where they were.
        let (_keep, _x, _weight) = (keep, x, weight);
        let (gx, gy) = (gx(grads)?, gy(grads)?);
        let parameters = [gw(grads)?, gb(grads)?];
        norm.backward(statistics, own, ws, [xs, gy], gx, parameters)
    });
    Ok(y.put_tape(tape))
}

/// A batch normalisation on a device.
struct BatchNorm<E> {
    op: BatchNormOp,
    eps: E,
    kernels: Kernels,
}

impl<E: CudaElement> BatchNorm<E> {
    fn new(op: BatchNormOp, eps: f64, device: &Cuda) -> Result<Self, Error> {
        let eps = E::from_f64(eps).unwrap_or_default();
        Ok(BatchNorm { op, eps, kernels: MODULE.load::<E>(device)? })
    }

    /// Those of the batch, and the running ones after it.
    #[allow(clippy::type_complexity)]
    fn batch_statistics(
        &self,
        x: &Erased<E, Cuda>,
        running: [Erased<E, Cuda>; 2],
        momentum: f64,
    ) -> Result<([CudaSlice<E>; 2], [Erased<E, Cuda>; 2]), Error> {
        let channels = self.op.channels;
        let buffer = || self.buffer().map_err(Error::device);
        let statistics = [buffer()?, buffer()?];
        let size = self.op.batch * self.op.inner;
        if size == 0 {
            // An empty batch has nothing to tell.
            return Ok((statistics, running));
        }
        let [mean, variance] = statistics.each_ref().map(|buffer| Span::of(buffer));
        let dims = running[0].shape().concrete();
        let (new_mean, new_means) = new_tensor("batch_norm", x, dims)?;
        let (new_variance, new_variances) = new_tensor("batch_norm", x, dims)?;
        let unbiased = if size > 1 { size as f64 / (size - 1) as f64 } else { 1.0 };
        let [momentum, unbiased] = [momentum, unbiased].map(|n| E::from_f64(n).unwrap_or_default());
        let old = [Span::tensor(&running[0])?, Span::tensor(&running[1])?];
        // SAFETY: the parameters and lengths of the kernels.
        unsafe {
            let parameters = (self.rows(), Span::tensor(x)?, mean, variance);
            self.kernels.rows("statistics", channels, parameters).map_err(Error::device)?;
            let sizes = (channels as u32, momentum, unbiased);
            let parameters = (
                sizes.0,
                sizes.1,
                sizes.2,
                mean,
                variance,
                old[0],
                old[1],
                new_means,
                new_variances,
            );
            self.kernels.each("update_running", channels, parameters).map_err(Error::device)?;
        }
        Ok((statistics, [new_mean, new_variance]))
    }

    fn forward(
        &self,
        [mean, variance]: [Span<E>; 2],
        [weight, bias]: [Span<E>; 2],
        x: Span<E>,
        y: Span<E>,
    ) -> Result<(), CudaError> {
        // SAFETY: the parameters and lengths of `batch_forward`.
        unsafe {
            let parameters = (self.sizes(), self.eps, mean, variance, weight, bias, x, y);
            self.kernels.each("batch_forward", self.len(), parameters)
        }
    }

    fn backward(
        &self,
        [mean, variance]: [Span<E>; 2],
        own: bool,
        weight: Span<E>,
        [x, gy]: [Span<E>; 2],
        gx: Span<E>,
        [gw, gb]: [Span<E>; 2],
    ) -> Result<(), CudaError> {
        // An empty batch has no statistics, and gradients of zeros.
        if self.len() == 0 {
            return Ok(());
        }
        let buffers = [self.buffer()?, self.buffer()?];
        let [totals, products] = buffers.each_ref().map(|buffer| Span::of(buffer));
        let size = if own { self.op.batch * self.op.inner } else { 0 };
        let size = E::from_usize(size).unwrap_or_default();
        let (s, eps) = (self.sizes(), self.eps);
        // SAFETY: the parameters and lengths of the kernels.
        unsafe {
            let parameters = (self.rows(), eps, mean, variance, x, gy, totals, products, gw, gb);
            self.kernels.rows("batch_sums", self.op.channels, parameters)?;
            let parameters = (s, size, eps, mean, variance, weight, totals, products, x, gy, gx);
            self.kernels.each("batch_backward", self.len(), parameters)
        }
    }

    /// For a number of each channel.
    fn buffer(&self) -> Result<CudaSlice<E>, CudaError> {
        self.kernels.buffer(self.op.channels)
    }

    fn len(&self) -> usize {
        self.op.batch * self.op.channels * self.op.inner
    }

    fn sizes(&self) -> Sizes {
        Sizes([self.len(), self.op.channels, self.op.inner].map(|n| n as u32))
    }

    /// The channels as rows.
    fn rows(&self) -> Rows {
        let BatchNormOp { batch, channels, inner } = self.op;
        Rows([channels, batch, inner, channels * inner, inner].map(|n| n as u32))
    }
}

/// The `Batch` of `norm.cu`.
#[repr(C)]
struct Sizes([u32; 3]);

// SAFETY: the numbers that the kernels declare, in their order.
unsafe impl DeviceRepr for Sizes {}

/// The `Rows` of `norm.cu`.
#[repr(C)]
struct Rows([u32; 5]);

// SAFETY: the numbers that the kernels declare, in their order.
unsafe impl DeviceRepr for Rows {}
