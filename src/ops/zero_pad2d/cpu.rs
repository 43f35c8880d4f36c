//! Zeros around an image on `Cpu` by the crate's own kernels.

use std::rc::Rc;

use dfdx::prelude::*;

use super::ZeroPad2dDevice;
use crate::error::Error;
use crate::kernels::zero_pad2d::{self, ZeroPad2dOp};
use crate::ops::cpu::{Batch, Buffer, CpuElement, CpuFlow, CpuOperations, TracedOp};

impl<E: CpuOperations> ZeroPad2dDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn zero_pad2d<T: Tape<E, Self>>(
        op: ZeroPad2dOp,
        x: CpuFlow<E, T>,
    ) -> Result<CpuFlow<E, T>, Error> {
        Ok(x.then(|x| E::zero_pad2d(op, x)))
    }
}

pub fn zero_pad2d<E: CpuElement>(op: ZeroPad2dOp, mut x: Batch<E>) -> Batch<E> {
    let [height, width] = op.output();
    let dims = [op.batch, op.channels, height, width];
    x.note(dims, || TracedOp::ZeroPad2d(op));
    let (x, history) = x.split();
    let mut y = Buffer::stale(dims.iter().product());
    zero_pad2d::forward(&op, &x.data, &mut y);
    let (node, len) = (x.node(), x.data.len());
    history.record(node, dims, Rc::new(y), move |gy, to| {
        to.set(node, len, |gx| zero_pad2d::backward(&op, &gy, gx))
    })
}
