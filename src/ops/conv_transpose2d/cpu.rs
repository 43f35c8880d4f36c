//! Transposed convolution on `Cpu` by the crate's own kernels.

use dfdx::prelude::*;

use super::ConvTranspose2dDevice;
use crate::error::Error;
use crate::kernels::conv_transpose2d;
use crate::kernels::conv2d::Conv2dOp;
use crate::ops::Erased;
use crate::ops::cpu::{
    Batch, CpuElement, CpuFlow, CpuOperations, Kernels, Parameter, TracedOp, weighted,
};

impl<E: CpuOperations> ConvTranspose2dDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn conv_transpose2d<T: Tape<E, Self>>(
        op: Conv2dOp,
        mut x: CpuFlow<E, T>,
        weight: Erased<E, Self, T>,
        bias: Option<Erased<E, Self, T>>,
    ) -> Result<CpuFlow<E, T>, Error> {
        let weight = x.parameter(weight);
        let bias = bias.map(|bias| x.parameter(bias));
        Ok(x.then(|x| E::conv_transpose2d(op, x, weight, bias)))
    }
}

pub fn conv_transpose2d<E: CpuElement>(
    op: Conv2dOp,
    x: Batch<E>,
    weight: Parameter<E>,
    bias: Option<Parameter<E>>,
) -> Batch<E> {
    let dims = [op.batch, op.in_channels, op.input[0], op.input[1]];
    let kernels = Kernels {
        forward: conv_transpose2d::forward,
        backward_input: conv_transpose2d::backward_input,
        backward_weight: conv_transpose2d::backward_weight,
        backward_bias: conv_transpose2d::backward_bias,
        traced: TracedOp::ConvTranspose2d,
    };
    weighted(op, dims, kernels, x, weight, bias)
}
