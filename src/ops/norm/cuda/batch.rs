//! Normalisation of each channel over the batch.

use cudarc::driver::CudaSlice;
use dfdx::prelude::*;

use super::{MODULE, Norm, Rows, Sizes, normalise};
use crate::error::Error;
use crate::kernels::norm::BatchNormOp;
use crate::ops::Erased;
use crate::ops::cuda::{CudaElement, Kernels, Span, new_tensor};

const OP: &str = "batch_norm";

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
    let norm = Normalised { norm, statistics, _keep: running, own: false };
    normalise(OP, norm, x, parameters)
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
    let norm = Normalised { norm, statistics: spans, _keep: statistics, own: true };
    Ok((normalise(OP, norm, x.put_tape(tape), parameters)?, running))
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
        let (new_mean, new_means) = new_tensor(OP, x, dims)?;
        let (new_variance, new_variances) = new_tensor(OP, x, dims)?;
        let unbiased = if size > 1 { size as f64 / (size - 1) as f64 } else { 1.0 };
        let [momentum, unbiased] = [momentum, unbiased].map(|n| E::from_f64(n).unwrap_or_default());
        let old = [Span::tensor(&running[0])?, Span::tensor(&running[1])?];
        // SAFETY: the parameters and lengths of the kernels.
        unsafe {
            let parameters = (self.rows(), Span::tensor(x)?, mean, variance);
            self.kernels.rows("statistics", channels, parameters).map_err(Error::device)?;
            let (n, [a, b]) = (channels as u32, old);
            let parameters =
                (n, momentum, unbiased, mean, variance, a, b, new_means, new_variances);
            self.kernels.each("update_running", channels, parameters).map_err(Error::device)?;
        }
        Ok((statistics, [new_mean, new_variance]))
    }

    /// For a number of each channel.
    fn buffer(&self) -> Result<CudaSlice<E>, CudaError> {
        self.kernels.buffer(self.op.channels)
    }

    fn len(&self) -> usize {
        self.op.batch * self.op.channels * self.op.inner
    }

    fn sizes(&self) -> Sizes {
        Sizes::new(self.op.batch, self.op.channels, self.op.inner)
    }

    /// The channels as rows.
    fn rows(&self) -> Rows {
        Rows::channels(self.op.batch, self.op.channels, self.op.inner)
    }
}

/// The normalisation by mean and variance.
struct Normalised<E, K> {
    norm: BatchNorm<E>,
    statistics: [Span<E>; 2],
    /// Whose elements the statistics are.
    _keep: K,
    /// Whether they are the batch's own, so that they depend on `x` too.
    own: bool,
}

impl<E: CudaElement, K> Norm<E> for Normalised<E, K> {
    fn forward(
        &self,
        [weight, bias]: [Span<E>; 2],
        x: Span<E>,
        y: Span<E>,
    ) -> Result<(), CudaError> {
        let (norm, [mean, variance]) = (&self.norm, self.statistics);
        // SAFETY: the parameters and lengths of `batch_forward`.
        unsafe {
            let parameters = (norm.sizes(), norm.eps, mean, variance, weight, bias, x, y);
            norm.kernels.each("batch_forward", norm.len(), parameters)
        }
    }

    fn backward(
        &self,
        weight: Span<E>,
        [x, gy]: [Span<E>; 2],
        gx: Span<E>,
        [gw, gb]: [Span<E>; 2],
    ) -> Result<(), CudaError> {
        let (norm, [mean, variance]) = (&self.norm, self.statistics);
        // An empty batch has no statistics, and gradients of zeros.
        if norm.len() == 0 {
            return Ok(());
        }
        let buffers = [norm.buffer()?, norm.buffer()?];
        let [totals, products] = buffers.each_ref().map(|buffer| Span::of(buffer));
        let size = if self.own { norm.op.batch * norm.op.inner } else { 0 };
        let size = E::from_usize(size).unwrap_or_default();
        let (s, eps) = (norm.sizes(), norm.eps);
        // SAFETY: the parameters and lengths of the kernels.
        unsafe {
            let parameters = (norm.rows(), eps, mean, variance, x, gy, totals, products, gw, gb);
            norm.kernels.rows("batch_sums", norm.op.channels, parameters)?;
            let parameters = (s, size, eps, mean, variance, weight, totals, products, x, gy, gx);
            norm.kernels.each("batch_backward", norm.len(), parameters)
        }
    }
}
