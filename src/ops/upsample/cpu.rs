//! Upsampling on `Cpu` by the crate's own kernels.

use std::rc::Rc;

use dfdx::prelude::*;
use shapewright_shape::UpsampleMode;

use super::UpsampleDevice;
use crate::error::Error;
use crate::kernels::upsample2d::{self, Upsample2dOp};
use crate::ops::cpu::{Batch, Buffer, CpuElement, CpuFlow, CpuOperations, TracedOp};

impl<E: CpuOperations> UpsampleDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn upsample<T: Tape<E, Self>>(
        mode: UpsampleMode,
        op: Upsample2dOp,
        x: CpuFlow<E, T>,
    ) -> Result<CpuFlow<E, T>, Error> {
        Ok(x.then(|x| E::upsample(mode, op, x)))
    }
}

pub fn upsample<E: CpuElement>(mode: UpsampleMode, op: Upsample2dOp, mut x: Batch<E>) -> Batch<E> {
    let dims = [op.batch, op.channels, op.output[0], op.output[1]];
    x.note(dims, || TracedOp::Upsample(mode, op));
    let (x, history) = x.split();
    let mut y = Buffer::stale(dims.iter().product());
    match mode {
        UpsampleMode::Nearest => upsample2d::nearest_forward(&op, &x.data, &mut y),
        UpsampleMode::Bilinear { align_corners } => {
            upsample2d::bilinear_forward(&op, align_corners, &x.data, &mut y)
        }
    }
    let (node, len) = (x.node(), x.data.len());
    history.record(node, dims, Rc::new(y), move |gy, to| {
        to.set(node, len, |gx| match mode {
            UpsampleMode::Nearest => upsample2d::nearest_backward(&op, &gy, gx),
            UpsampleMode::Bilinear { align_corners } => {
                upsample2d::bilinear_backward(&op, align_corners, &gy, gx)
            }
        })
    })
}
