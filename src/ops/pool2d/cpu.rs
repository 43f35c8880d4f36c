//! Pooling on `Cpu` by the crate's own kernels.

use std::rc::Rc;

use dfdx::prelude::*;
use shapewright_shape::PoolKind;

use super::Pool2dDevice;
use crate::error::Error;
use crate::kernels::pool2d::{self, Pool2dOp};
use crate::ops::cpu::{Batch, Buffer, CpuElement, CpuFlow, CpuOperations, TracedOp};

impl<E: CpuOperations> Pool2dDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn pool2d<T: Tape<E, Self>>(
        kind: PoolKind,
        op: Pool2dOp,
        x: CpuFlow<E, T>,
    ) -> Result<CpuFlow<E, T>, Error> {
        Ok(x.then(|x| E::pool2d(kind, op, x)))
    }
}

pub fn pool2d<E: CpuElement>(kind: PoolKind, op: Pool2dOp, mut x: Batch<E>) -> Batch<E> {
    x.note(output(&op), || TracedOp::Pool2d(kind, op));
    match kind {
        PoolKind::Max => extremum(pool2d::max_forward, op, x),
        PoolKind::Min => extremum(pool2d::min_forward, op, x),
        PoolKind::Avg { count_include_pad } => avg(op, count_include_pad, x),
        PoolKind::Lp { p } => lp(op, p, x),
    }
}

/// The kernel of the max or of the min pool.
type Forward<E> = fn(&Pool2dOp, &[E], &mut [E], Option<&mut [u32]>);

fn extremum<E: CpuElement>(forward: Forward<E>, op: Pool2dOp, x: Batch<E>) -> Batch<E> {
    let (x, history) = x.split();
    let dims = output(&op);
    let mut y = Buffer::stale(dims.iter().product());
    // The winners' places are all that the gradient needs, and nothing else does.
    let mut winners = vec![0; if history.records() { y.len() } else { 0 }];
    forward(&op, &x.data, &mut y, history.records().then_some(winners.as_mut_slice()));
    let (node, len) = (x.node(), x.data.len());
    history.record(node, dims, Rc::new(y), move |gy, to| {
        to.set(node, len, |gx| pool2d::max_backward(&op, &winners, &gy, gx))
    })
}

fn avg<E: CpuElement>(op: Pool2dOp, count_include_pad: bool, x: Batch<E>) -> Batch<E> {
    let (x, history) = x.split();
    let dims = output(&op);
    let mut y = Buffer::stale(dims.iter().product());
    pool2d::avg_forward(&op, count_include_pad, &x.data, &mut y);
    let (node, len) = (x.node(), x.data.len());
    history.record(node, dims, Rc::new(y), move |gy, to| {
        to.set(node, len, |gx| pool2d::avg_backward(&op, count_include_pad, &gy, gx))
    })
}

fn lp<E: CpuElement>(op: Pool2dOp, p: f64, x: Batch<E>) -> Batch<E> {
    let (x, history) = x.split();
    let (node, xs) = (x.node(), x.data);
    let dims = output(&op);
    let mut y = Buffer::stale(dims.iter().product());
    pool2d::lp_forward(&op, p, &xs, &mut y);
    let y = Rc::new(y);
    let ys = y.clone();
    history.record(node, dims, y, move |gy, to| {
        to.set(node, xs.len(), |gx| pool2d::lp_backward(&op, p, [&xs, &ys, &gy], gx))
    })
}

fn output(op: &Pool2dOp) -> [usize; 4] {
    [op.batch, op.channels, op.output[0], op.output[1]]
}
