//! The linear layer on `Cuda` by cuBLAS.

use std::sync::Arc;

use cudarc::driver::CudaDevice;
use dfdx::prelude::*;

use super::{LinearOp, OP};
use crate::error::Error;
use crate::ops::Erased;
use crate::ops::cuda::{
    Bias, CudaElement, Matrices, Product, Span, Weighted, device_of, gemm, weighted,
};

pub fn linear<E: CudaElement, T: Tape<E, Cuda>>(
    x: Erased<E, Cuda, T>,
    op: LinearOp,
    weight: Erased<E, Cuda>,
    bias: Option<Erased<E, Cuda>>,
) -> Result<Erased<E, Cuda, T>, Error> {
    let dims = [op.batch, op.out_features, 1, 1];
    let device = device_of(x.device())?;
    let linear = Dense { op, device, bias: Bias::load::<E>(x.device())? };
    weighted(OP, linear, dims, x, weight, bias)
}

struct Dense {
    op: LinearOp,
    device: Arc<CudaDevice>,
    bias: Bias,
}

impl Dense {
    /// `c = a · b` of matrices `m × k` and `k × n`, or with `add` `c += a · b`. Without images
    /// there is nothing to compute, and nothing to add.
    fn product<E: CudaElement>(
        &self,
        [m, k, n]: [usize; 3],
        a: Matrices<E>,
        b: Matrices<E>,
        c: Span<E>,
        add: bool,
    ) -> Result<(), CudaError> {
        match self.op.batch {
            0 => Ok(()),
            _ => gemm(&self.device, Product { count: 1, m, k, n }, a, b, c, add),
        }
    }
}

impl<E: CudaElement> Weighted<E> for Dense {
    fn forward(&self, x: Span<E>, w: Span<E>, b: Span<E>, y: Span<E>) -> Result<(), CudaError> {
        let LinearOp { batch, in_features, out_features } = self.op;
        let sizes = [batch, in_features, out_features];
        self.product(sizes, Matrices::plain(x), Matrices::transposed(w), y, false)?;
        match b.is(Span::NONE) {
            true => Ok(()),
            false => self.bias.add([batch, out_features, 1], b, y),
        }
    }

    fn backward_input(&self, w: Span<E>, gy: Span<E>, gx: Span<E>) -> Result<(), CudaError> {
        let LinearOp { batch, in_features, out_features } = self.op;
        let sizes = [batch, out_features, in_features];
        self.product(sizes, Matrices::plain(gy), Matrices::plain(w), gx, true)
    }

    fn backward_weight(&self, x: Span<E>, gy: Span<E>, gw: Span<E>) -> Result<(), CudaError> {
        let LinearOp { batch, in_features, out_features } = self.op;
        let sizes = [out_features, batch, in_features];
        self.product(sizes, Matrices::transposed(gy), Matrices::plain(x), gw, true)
    }

    fn backward_bias(&self, gy: Span<E>, gb: Span<E>) -> Result<(), CudaError> {
        self.bias.add_sums([self.op.batch, self.op.out_features, 1], gy, gb)
    }
}
