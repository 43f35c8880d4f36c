//! Convolution on `Cpu` by the crate's own kernels.

use dfdx::prelude::*;

use super::Conv2dDevice;
use crate::error::Error;
use crate::kernels::conv2d::{self, Conv2dOp};
use crate::ops::Erased;
use crate::ops::cpu::{CpuElement, CpuFlow, Kernels, weighted};

impl<E: CpuElement> Conv2dDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn conv2d<T: Tape<E, Self>>(
        op: Conv2dOp,
        x: CpuFlow<E, T>,
        weight: Erased<E, Self, T>,
        bias: Option<Erased<E, Self, T>>,
    ) -> Result<CpuFlow<E, T>, Error> {
        let dims = [op.batch, op.out_channels, op.output[0], op.output[1]];
        let kernels = Kernels {
            forward: conv2d::forward,
            backward_input: conv2d::backward_input,
            backward_weight: conv2d::backward_weight,
            backward_bias: conv2d::backward_bias,
        };
        Ok(weighted(op, dims, kernels, x, weight, bias))
    }
}
