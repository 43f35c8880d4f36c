//! The linear layer on `Cpu` by the crate's own kernels.

use std::rc::Rc;

use dfdx::prelude::*;

use super::{LinearDevice, LinearOp};
use crate::error::Error;
use crate::kernels::linear;
use crate::ops::Erased;
use crate::ops::cpu::{Buffer, CpuElement, CpuFlow};

impl<E: CpuElement> LinearDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn linear<T: Tape<E, Self>>(
        op: LinearOp,
        x: CpuFlow<E, T>,
        weight: Erased<E, Self, T>,
        bias: Option<Erased<E, Self, T>>,
    ) -> Result<CpuFlow<E, T>, Error> {
        run(op, x, weight, bias)
    }
}

// Outside of the implementation, whose bound on `Cpu` would hide what its gradients are made of.
fn run<E: CpuElement, T: Tape<E, Cpu>>(
    op: LinearOp,
    x: CpuFlow<E, T>,
    weight: Erased<E, Cpu, T>,
    bias: Option<Erased<E, Cpu, T>>,
) -> Result<CpuFlow<E, T>, Error> {
    let (x, mut history) = x.split();
    let (weight, ws) = history.parameter(weight);
    let (bias, bs) = bias.map(|b| history.parameter(b)).unzip();
    let LinearOp { batch: n, in_features: i, out_features: o } = op;
    let mut y = Buffer::stale(n * o);
    linear::forward(n, i, o, &x.data, &ws, bs.as_deref(), &mut y);

    let (weight, bias) = (weight.ghost(), bias.map(|b| b.ghost()));
    let (node, xs) = (x.node(), x.data);
    Ok(history.record(node, [n, o, 1, 1], Rc::new(y), move |gy, to| {
        linear::backward_weight(n, i, o, &xs, &gy, to.grads.get_or_alloc_mut(&weight)?);
        if let Some(bias) = &bias {
            linear::backward_bias(n, o, &gy, to.grads.get_or_alloc_mut(bias)?);
        }
        to.add(node, xs.len(), |gx| linear::backward_input(n, i, o, &ws, &gy, gx))
    }))
}
