//! Convolution on `Cpu` by the crate's own kernels.

use dfdx::prelude::*;

use super::Conv2dDevice;
use crate::error::Error;
use crate::kernels::conv2d::{self, Conv2dOp};
use crate::ops::Erased;
use crate::ops::cpu::{CpuElement, build, read, record};

impl<E: CpuElement> Conv2dDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn conv2d<T: Tape<E, Self>>(
        op: Conv2dOp,
        x: Erased<E, Self, T>,
        weight: Erased<E, Self, T>,
        bias: Option<Erased<E, Self, T>>,
    ) -> Result<Erased<E, Self, T>, Error> {
        run(op, x, weight, bias)
    }
}

fn run<E: CpuElement, T: Tape<E, Cpu>>(
    op: Conv2dOp,
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
    let dims = [op.batch, op.out_channels, op.output[0], op.output[1]];
    let y = build(x.device(), dims, |y| {
        conv2d::forward(&op, &xs, &ws, bs.as_ref().map(|b| b.as_slice()), y)
    })?;

    let (x, weight, bias) = (x.ghost(), weight.ghost(), bias.map(|b| b.ghost()));
    record(&mut tape, &y, move |grads, gy| {
        conv2d::backward_input(&op, &ws, gy, grads.get_or_alloc_mut(&x)?);
        conv2d::backward_weight(&op, &xs, gy, grads.get_or_alloc_mut(&weight)?);
        if let Some(bias) = &bias {
            conv2d::backward_bias(&op, gy, grads.get_or_alloc_mut(bias)?);
        }
        Ok(())
    });
    Ok(y.put_tape(tape))
}
