//! Branches on `Cpu` by the crate's own kernels.

use std::rc::Rc;

use dfdx::prelude::*;

use super::JoinDevice;
use crate::error::{Dims, Error};
use crate::kernels::join::{self, ConcatOp};
use crate::ops::cpu::{Batch, Buffer, CpuElement, CpuFlow, CpuKept, CpuOperations, TracedOp};

impl<E: CpuOperations> JoinDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn add<T: Tape<E, Self>>(x: CpuFlow<E, T>, other: CpuKept<E>) -> Result<CpuFlow<E, T>, Error> {
        Ok(x.then(|x| E::add_kept(x, other)))
    }

    fn concat<T: Tape<E, Self>>(
        before: Vec<CpuKept<E>>,
        x: CpuFlow<E, T>,
        dims: Dims,
    ) -> Result<CpuFlow<E, T>, Error> {
        Ok(x.then(|x| E::concat(before, x, dims)))
    }
}

pub fn add<E: CpuElement>(x: Batch<E>, other: CpuKept<E>) -> Batch<E> {
    let (x, mut history) = x.split();
    let other = history.value_of(other);
    let (nodes, dims) = ([x.node(), other.node()], x.dims);
    history.note(&nodes, dims, || TracedOp::Add);
    let y = sum(x.data, other.data);
    history.record(nodes[0], dims, Rc::new(y), move |gy, to| to.give_both(nodes, gy))
}

pub fn concat<E: CpuElement>(before: Vec<CpuKept<E>>, x: Batch<E>, dims: Dims) -> Batch<E> {
    let (x, mut history) = x.split();
    let node = x.node();
    let mut parts: Vec<_> = before.into_iter().map(|kept| history.value_of(kept)).collect();
    parts.push(x);

    let [batch, _, height, width] = dims;
    let sizes = parts.iter().map(|part| part.dims[1] * height * width).collect();
    let op = ConcatOp { batch, parts: sizes };
    let slices: Vec<&[E]> = parts.iter().map(|part| &**part.data).collect();
    let mut y = Buffer::stale(dims.iter().product());
    join::concat(&op, &slices, &mut y);

    let nodes: Vec<_> = parts.iter().map(|part| part.node()).collect();
    history.note(&nodes, dims, || TracedOp::Concat(op.parts.clone()));
    history.record(node, dims, Rc::new(y), move |gy, to| {
        nodes
            .iter()
            .enumerate()
            .try_for_each(|(i, &node)| to.set(node, op.len(i), |gx| join::part(&op, i, &gy, gx)))
    })
}

/// In the memory of either, unless somebody needs both again.
fn sum<E: CpuElement>(a: Rc<Buffer<E>>, b: Rc<Buffer<E>>) -> Buffer<E> {
    let (a, b) = match (Rc::try_unwrap(a), b) {
        (Ok(mut a), b) => {
            join::add_in_place(&b, &mut a);
            return a;
        }
        (Err(a), b) => (a, Rc::try_unwrap(b)),
    };
    match b {
        Ok(mut b) => {
            join::add_in_place(&a, &mut b);
            b
        }
        Err(b) => {
            let mut y = Buffer::stale(a.len());
            join::add(&a, &b, &mut y);
            y
        }
    }
}
