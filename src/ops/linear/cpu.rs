//! The linear layer on `Cpu` by the crate's own kernels.

use dfdx::prelude::*;

use super::{LinearDevice, LinearOp};
use crate::error::Error;
use crate::kernels::linear;
use crate::ops::Erased;
use crate::ops::cpu::{
    Batch, CpuElement, CpuFlow, CpuOperations, Kernels, Parameter, TracedOp, weighted,
};

impl<E: CpuOperations> LinearDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn linear<T: Tape<E, Self>>(
        op: LinearOp,
        mut x: CpuFlow<E, T>,
        weight: Erased<E, Self, T>,
        bias: Option<Erased<E, Self, T>>,
    ) -> Result<CpuFlow<E, T>, Error> {
        let weight = x.parameter(weight);
        let bias = bias.map(|bias| x.parameter(bias));
        Ok(x.then(|x| E::linear(op, x, weight, bias)))
    }
}

pub fn linear<E: CpuElement>(
    op: LinearOp,
    x: Batch<E>,
    weight: Parameter<E>,
    bias: Option<Parameter<E>>,
) -> Batch<E> {
    let dims = [op.batch, op.out_features, 1, 1];
    let kernels = Kernels {
        forward: |op: &LinearOp, x, w, b, y| {
            linear::forward(op.batch, op.in_features, op.out_features, x, w, b, y);
        },
        backward_input: |op, w, gy, gx| {
            linear::backward_input(op.batch, op.in_features, op.out_features, w, gy, gx);
        },
        backward_weight: |op, x, gy, gw| {
            linear::backward_weight(op.batch, op.in_features, op.out_features, x, gy, gw);
        },
        backward_bias: |op, gy, gb| linear::backward_bias(op.batch, op.out_features, gy, gb),
        traced: TracedOp::Linear,
    };
    weighted(op, dims, kernels, x, weight, bias)
}
