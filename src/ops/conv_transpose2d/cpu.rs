//! Transposed convolution on `Cpu` by the crate's own kernels.

use std::rc::Rc;

use dfdx::prelude::*;

use super::ConvTranspose2dDevice;
use crate::error::Error;
use crate::kernels::conv_transpose2d;
use crate::kernels::conv2d::Conv2dOp;
use crate::ops::Erased;
use crate::ops::cpu::{Buffer, CpuElement, CpuFlow};

impl<E: CpuElement> ConvTranspose2dDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn conv_transpose2d<T: Tape<E, Self>>(
        op: Conv2dOp,
        x: CpuFlow<E, T>,
        weight: Erased<E, Self, T>,
        bias: Option<Erased<E, Self, T>>,
    ) -> Result<CpuFlow<E, T>, Error> {
        run(op, x, weight, bias)
    }
}

// Outside of the implementation, whose bound on `Cpu` would hide what its gradients are made of.
fn run<E: CpuElement, T: Tape<E, Cpu>>(
    op: Conv2dOp,
    x: CpuFlow<E, T>,
    weight: Erased<E, Cpu, T>,
    bias: Option<Erased<E, Cpu, T>>,
) -> Result<CpuFlow<E, T>, Error> {
    let (x, mut history) = x.split();
    let (weight, ws) = history.parameter(weight);
    let (bias, bs) = bias.map(|b| history.parameter(b)).unzip();
    let dims = [op.batch, op.in_channels, op.input[0], op.input[1]];
    let mut y = Buffer::stale(dims.iter().product());
    conv_transpose2d::forward(&op, &x.data, &ws, bs.as_deref(), &mut y);

    let (weight, bias) = (weight.ghost(), bias.map(|b| b.ghost()));
    let (node, xs) = (x.node(), x.data);
    Ok(history.record(node, dims, Rc::new(y), move |gy, to| {
        conv_transpose2d::backward_weight(&op, &xs, &gy, to.grads.get_or_alloc_mut(&weight)?);
        if let Some(bias) = &bias {
            conv_transpose2d::backward_bias(&op, &gy, to.grads.get_or_alloc_mut(bias)?);
        }
        to.add(node, xs.len(), |gx| conv_transpose2d::backward_input(&op, &ws, &gy, gx))
    }))
}
