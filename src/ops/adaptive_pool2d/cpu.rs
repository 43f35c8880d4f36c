//! Adaptive pooling on `Cpu` by the crate's own kernels.

use std::rc::Rc;

use dfdx::prelude::*;
use shapewright_shape::AdaptiveKind;

use super::AdaptivePool2dDevice;
use crate::error::Error;
use crate::kernels::adaptive_pool2d::{self, AdaptivePool2dOp};
use crate::ops::cpu::{Batch, Buffer, CpuElement, CpuFlow, CpuOperations, TracedOp};

impl<E: CpuOperations> AdaptivePool2dDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn adaptive_pool2d<T: Tape<E, Self>>(
        kind: AdaptiveKind,
        op: AdaptivePool2dOp,
        x: CpuFlow<E, T>,
    ) -> Result<CpuFlow<E, T>, Error> {
        Ok(x.then(|x| E::adaptive_pool2d(kind, op, x)))
    }
}

pub fn adaptive_pool2d<E: CpuElement>(
    kind: AdaptiveKind,
    op: AdaptivePool2dOp,
    mut x: Batch<E>,
) -> Batch<E> {
    let dims = [op.batch, op.channels, op.output[0], op.output[1]];
    x.note(dims, || TracedOp::AdaptivePool2d(kind, op));
    let (x, history) = x.split();
    let mut y = Buffer::stale(dims.iter().product());
    let (node, len) = (x.node(), x.data.len());
    if kind == AdaptiveKind::Avg {
        adaptive_pool2d::avg_forward(&op, &x.data, &mut y);
        return history.record(node, dims, Rc::new(y), move |gy, to| {
            to.set(node, len, |gx| adaptive_pool2d::avg_backward(&op, &gy, gx))
        });
    }
    // The winners' places are all that the gradient needs, and nothing else does.
    let mut winners = vec![0; if history.records() { y.len() } else { 0 }];
    let places = history.records().then_some(winners.as_mut_slice());
    adaptive_pool2d::max_forward(&op, &x.data, &mut y, places);
    history.record(node, dims, Rc::new(y), move |gy, to| {
        to.set(node, len, |gx| adaptive_pool2d::max_backward(&op, &winners, &gy, gx))
    })
}
