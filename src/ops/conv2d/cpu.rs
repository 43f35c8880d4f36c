//! Convolution on `Cpu` by the crate's own kernels.

use dfdx::prelude::*;

use super::Conv2dDevice;
use crate::error::Error;
use crate::kernels::conv2d::{self, Conv2dOp};
use crate::ops::Erased;
use crate::ops::cpu::{
    Batch, CpuElement, CpuFlow, CpuOperations, Kernels, Parameter, TracedOp, weighted,
};

impl<E: CpuOperations> Conv2dDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn conv2d<T: Tape<E, Self>>(
        op: Conv2dOp,
        mut x: CpuFlow<E, T>,
        weight: Erased<E, Self, T>,
        bias: Option<Erased<E, Self, T>>,
    ) -> Result<CpuFlow<E, T>, Error> {
        let weight = x.parameter(weight);
        let bias = bias.map(|bias| x.parameter(bias));
        Ok(x.then(|x| E::conv2d(op, x, weight, bias)))
    }
}

pub fn conv2d<E: CpuElement>(
    op: Conv2dOp,
    x: Batch<E>,
    weight: Parameter<E>,
    bias: Option<Parameter<E>>,
) -> Batch<E> {
    let dims = [op.batch, op.out_channels, op.output[0], op.output[1]];
    let kernels = Kernels {
        forward: conv2d::forward,
        backward_input: conv2d::backward_input,
        backward_weight: conv2d::backward_weight,
        backward_bias: conv2d::backward_bias,
        traced: TracedOp::Conv2d,
    };
    weighted(op, dims, kernels, x, weight, bias)
}
