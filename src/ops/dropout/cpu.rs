//! Dropout on `Cpu`.

use std::rc::Rc;

use dfdx::prelude::*;

use super::DropoutDevice;
use crate::error::{Dims, Error};
use crate::kernels::dropout;
use crate::ops::cpu::{Batch, Buffer, CpuElement, CpuFlow, CpuOperations};
use crate::ops::random;

impl<E: CpuOperations> DropoutDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn dropout<T: Tape<E, Self>>(p: f64, x: CpuFlow<E, T>) -> Result<CpuFlow<E, T>, Error> {
        Ok(x.then(|x| E::dropout(p, x)))
    }

    fn dropout2d<T: Tape<E, Self>>(p: f64, x: CpuFlow<E, T>) -> Result<CpuFlow<E, T>, Error> {
        Ok(x.then(|x| E::dropout2d(p, x)))
    }
}

pub fn dropout<E: CpuElement>(p: f64, x: Batch<E>) -> Batch<E> {
    drop(p, x, |[batch, c, h, w]| batch * c * h * w, dropout::apply)
}

pub fn dropout2d<E: CpuElement>(p: f64, x: Batch<E>) -> Batch<E> {
    drop(p, x, |[batch, c, ..]| batch * c, dropout::apply_to_planes)
}

/// Draws for so many pieces, and applies that to the batch and to its gradient.
fn drop<E: CpuElement>(
    p: f64,
    x: Batch<E>,
    pieces: fn(Dims) -> usize,
    apply: fn(&[bool], f64, &mut [E]),
) -> Batch<E> {
    let (x, history) = x.split();
    let (node, dims) = (x.node(), x.dims);
    let mut y = Rc::try_unwrap(x.data).unwrap_or_else(|x| {
        let mut y = Buffer::stale(x.len());
        y.copy_from_slice(&x);
        y
    });
    let kept = dropout::draw(pieces(dims), p, random::draw(history.device()));
    apply(&kept, p, &mut y);
    history.record(node, dims, Rc::new(y), move |mut g, to| {
        apply(&kept, p, &mut g);
        to.give(node, g)
    })
}
