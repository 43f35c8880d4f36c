//! Dropout on `Cpu`.

use std::rc::Rc;

use dfdx::prelude::*;

use super::DropoutDevice;
use crate::error::Error;
use crate::kernels::dropout;
use crate::ops::cpu::{Buffer, CpuElement, CpuFlow};

impl<E: CpuElement> DropoutDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn dropout<T: Tape<E, Self>>(p: f64, x: CpuFlow<E, T>) -> Result<CpuFlow<E, T>, Error> {
        let (x, history) = x.split();
        let (node, dims) = (x.node(), x.dims);
        let mut y = Rc::try_unwrap(x.data).unwrap_or_else(|x| {
            let mut y = Buffer::stale(x.len());
            y.copy_from_slice(&x);
            y
        });
        let kept = dropout::draw(y.len(), p, history.device().random_u64());
        dropout::apply(&kept, p, &mut y);
        Ok(history.record(node, dims, Rc::new(y), move |mut g, to| {
            dropout::apply(&kept, p, &mut g);
            to.give(node, g)
        }))
    }
}
