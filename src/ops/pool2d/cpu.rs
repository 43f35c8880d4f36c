//! Pooling on `Cpu` by the crate's own kernels.

use dfdx::prelude::*;
use shapewright_shape::PoolKind;

use super::Pool2dDevice;
use crate::error::Error;
use crate::kernels::pool2d::{self, Pool2dOp};
use crate::ops::Erased;
use crate::ops::cpu::{CpuElement, build, read, record};

impl<E: CpuElement> Pool2dDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn pool2d<T: Tape<E, Self>>(
        kind: PoolKind,
        op: Pool2dOp,
        x: Erased<E, Self, T>,
    ) -> Result<Erased<E, Self, T>, Error> {
        match kind {
            PoolKind::Max => max(op, x),
            PoolKind::Avg { count_include_pad } => avg(op, count_include_pad, x),
        }
    }
}

fn max<E: CpuElement, T: Tape<E, Cpu>>(
    op: Pool2dOp,
    x: Erased<E, Cpu, T>,
) -> Result<Erased<E, Cpu, T>, Error> {
    let (x, mut tape) = x.split_tape();
    let xs = read(&x)?;
    let dims = output(&op);
    // The winners' places are all that the gradient needs, and nothing else does.
    let mut winners = vec![0; if T::OWNS_TAPE { dims.iter().product() } else { 0 }];
    let y = build(x.device(), dims, |y| {
        pool2d::max_forward(&op, &xs, y, T::OWNS_TAPE.then_some(winners.as_mut_slice()))
    })?;
    let x = x.ghost();
    record(&mut tape, &y, move |grads, gy| {
        pool2d::max_backward(&op, &winners, gy, grads.get_or_alloc_mut(&x)?);
        Ok(())
    });
    Ok(y.put_tape(tape))
}

fn avg<E: CpuElement, T: Tape<E, Cpu>>(
    op: Pool2dOp,
    count_include_pad: bool,
    x: Erased<E, Cpu, T>,
) -> Result<Erased<E, Cpu, T>, Error> {
    let (x, mut tape) = x.split_tape();
    let xs = read(&x)?;
    let y =
        build(x.device(), output(&op), |y| pool2d::avg_forward(&op, count_include_pad, &xs, y))?;
    let x = x.ghost();
    record(&mut tape, &y, move |grads, gy| {
        pool2d::avg_backward(&op, count_include_pad, gy, grads.get_or_alloc_mut(&x)?);
        Ok(())
    });
    Ok(y.put_tape(tape))
}

fn output(op: &Pool2dOp) -> [usize; 4] {
    [op.batch, op.channels, op.output[0], op.output[1]]
}
