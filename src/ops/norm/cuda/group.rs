//! Normalisation of groups of the channels of each image.

use cudarc::driver::CudaSlice;
use dfdx::prelude::*;

use super::{MODULE, Norm, Rows, Sizes, normalise};
use crate::error::Error;
use crate::kernels::norm::GroupNormOp;
use crate::ops::Erased;
use crate::ops::cuda::{CudaElement, Kernels, Span};
use crate::ops::device::number;

pub fn group_norm<E: CudaElement, T: Tape<E, Cuda>>(
    x: Erased<E, Cuda, T>,
    op: GroupNormOp,
    eps: f64,
    parameters: [Erased<E, Cuda>; 2],
) -> Result<Erased<E, Cuda, T>, Error> {
    let kernels = MODULE.load::<E>(x.device())?;
    let statistics = two(&kernels, op.batch * op.groups).map_err(Error::device)?;
    let norm = GroupNorm { op, eps: number(eps), statistics, kernels };
    normalise("group_norm", norm, x, parameters)
}

struct GroupNorm<E> {
    op: GroupNormOp,
    eps: E,
    kernels: Kernels,
    /// Mean and variance of each group of each image.
    statistics: [CudaSlice<E>; 2],
}

/// Two numbers for each group.
fn two<E: CudaElement>(kernels: &Kernels, groups: usize) -> Result<[CudaSlice<E>; 2], CudaError> {
    Ok([kernels.buffer(groups)?, kernels.buffer(groups)?])
}

impl<E: CudaElement> Norm<E> for GroupNorm<E> {
    fn forward(
        &self,
        [weight, bias]: [Span<E>; 2],
        x: Span<E>,
        y: Span<E>,
    ) -> Result<(), CudaError> {
        let [mean, variance] = self.statistics();
        let (s, own) = (self.sizes(), self.own() as u32);
        // SAFETY: the parameters and lengths of the kernels.
        unsafe {
            self.kernels.rows("statistics", self.groups(), (self.rows(), x, mean, variance))?;
            let parameters = (s, own, self.eps, mean, variance, weight, bias, x, y);
            self.kernels.each("group_forward", self.len(), parameters)
        }
    }

    fn backward(
        &self,
        weight: Span<E>,
        [x, gy]: [Span<E>; 2],
        gx: Span<E>,
        [gw, gb]: [Span<E>; 2],
    ) -> Result<(), CudaError> {
        let [mean, variance] = self.statistics();
        let buffers: [CudaSlice<E>; 2] = two(&self.kernels, self.groups())?;
        let [means, products] = buffers.each_ref().map(|buffer| Span::of(buffer));
        let GroupNormOp { batch, channels, inner, .. } = self.op;
        let (eps, own) = (self.eps, self.own() as u32);
        // SAFETY: the parameters and lengths of the kernels.
        unsafe {
            let s = self.sizes();
            let parameters = (self.rows(), s, eps, mean, variance, weight, x, gy, means, products);
            self.kernels.rows("group_means", self.groups(), parameters)?;
            let s = self.sizes();
            let parameters = (s, own, eps, mean, variance, weight, means, products, x, gy, gx);
            self.kernels.each("group_backward", self.len(), parameters)?;
            let rows = Rows::channels(batch, channels, inner);
            let parameters = (rows, own, eps, mean, variance, x, gy, gw, gb);
            self.kernels.rows("group_parameters", channels, parameters)
        }
    }
}

impl<E: CudaElement> GroupNorm<E> {
    fn statistics(&self) -> [Span<E>; 2] {
        self.statistics.each_ref().map(|buffer| Span::of(buffer))
    }

    /// The groups of all images.
    fn groups(&self) -> usize {
        self.op.batch * self.op.groups
    }

    /// The elements of a group.
    fn own(&self) -> usize {
        self.op.channels / self.op.groups * self.op.inner
    }

    fn len(&self) -> usize {
        self.groups() * self.own()
    }

    fn sizes(&self) -> Sizes {
        Sizes::new(self.op.batch, self.op.channels, self.op.inner)
    }

    /// The groups as rows.
    fn rows(&self) -> Rows {
        Rows::whole(self.groups(), self.own())
    }
}
