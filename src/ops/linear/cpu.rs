//! The fully connected layer on `Cpu` by the crate's own kernels.

use dfdx::prelude::*;

use super::{LinearDevice, LinearOp};
use crate::error::Error;
use crate::kernels::linear;
use crate::ops::Erased;
use crate::ops::cpu::{CpuElement, build, read, record};

impl<E: CpuElement> LinearDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn linear<T: Tape<E, Self>>(
        op: LinearOp,
        x: Erased<E, Self, T>,
        weight: Erased<E, Self, T>,
        bias: Option<Erased<E, Self, T>>,
    ) -> Result<Erased<E, Self, T>, Error> {
        run(op, x, weight, bias)
    }
}

fn run<E: CpuElement, T: Tape<E, Cpu>>(
    op: LinearOp,
    x: Erased<E, Cpu, T>,
    weight: Erased<E, Cpu, T>,
    bias: Option<Erased<E, Cpu, T>>,
) -> Result<Erased<E, Cpu, T>, Error> {
    let (x, tape) = x.split_tape();
    let (weight, weight_tape) = weight.split_tape();
    let (bias, bias_tape) = bias.map(|b| b.split_tape()).unzip();
    let mut tape = tape.merge(weight_tape).merge(bias_tape.unwrap_or_default());

    let (xs, ws) = (read(&x)?, read(&weight)?);
    let bs = bias.as_ref().map(read).transpose()?;
    let LinearOp { batch: n, in_features: i, out_features: o } = op;
    let y = build(x.device(), [n, o, 1, 1], |y| {
        linear::forward(n, i, o, &xs, &ws, bs.as_ref().map(|b| b.as_slice()), y)
    })?;

    let (x, weight, bias) = (x.ghost(), weight.ghost(), bias.map(|b| b.ghost()));
    record(&mut tape, &y, move |grads, gy| {
        linear::backward_input(n, i, o, &ws, gy, grads.get_or_alloc_mut(&x)?);
        linear::backward_weight(n, i, o, &xs, gy, grads.get_or_alloc_mut(&weight)?);
        if let Some(bias) = &bias {
            linear::backward_bias(n, o, gy, grads.get_or_alloc_mut(bias)?);
        }
        Ok(())
    });
    Ok(y.put_tape(tape))
}
