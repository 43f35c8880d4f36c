//! Activations on `Cpu` by the crate's own kernels.

use std::rc::Rc;

use dfdx::prelude::*;
use shapewright_shape::Activation;

use super::ActivationDevice;
use crate::error::Error;
use crate::kernels::activation;
use crate::ops::cpu::{Batch, Buffer, CpuElement, CpuFlow, CpuOperations, TracedOp};

impl<E: CpuOperations> ActivationDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn activation<T: Tape<E, Self>>(
        kind: Activation,
        x: CpuFlow<E, T>,
    ) -> Result<CpuFlow<E, T>, Error> {
        Ok(x.then(|x| E::activation(kind, x)))
    }
}

pub fn activation<E: CpuElement>(kind: Activation, mut x: Batch<E>) -> Batch<E> {
    x.note(x.dims(), || TracedOp::Activation(kind));
    match kind {
        Activation::ReLU => relu(x),
        _ => any(kind, x),
    }
}

/// In place, forward and backward: of what went in, only the sign is needed again, and the
/// result has it.
fn relu<E: CpuElement>(x: Batch<E>) -> Batch<E> {
    let (x, history) = x.split();
    let (node, dims) = (x.node(), x.dims);
    let y = match Rc::try_unwrap(x.data) {
        Ok(mut y) => {
            activation::relu_in_place(&mut y);
            y
        }
        // Somebody needs the input.
        Err(x) => {
            let mut y = Buffer::stale(x.len());
            activation::forward(Activation::ReLU, [1, 1, x.len()], &x, &mut y);
            y
        }
    };
    let y = Rc::new(y);
    let ys = y.clone();
    history.record(node, dims, y, move |mut g, to| {
        activation::relu_backward_in_place(&ys, &mut g);
        to.give(node, g)
    })
}

fn any<E: CpuElement>(kind: Activation, x: Batch<E>) -> Batch<E> {
    let (x, history) = x.split();
    let (node, xs, dims) = (x.node(), x.data, x.dims);
    let [batch, channels, height, width] = dims;
    let shape = [batch, channels, height * width];
    let mut y = Buffer::stale(xs.len());
    activation::forward(kind, shape, &xs, &mut y);
    let y = Rc::new(y);
    let ys = y.clone();
    history.record(node, dims, y, move |mut g, to| {
        activation::backward_in_place(kind, shape, &xs, &ys, &mut g);
        to.give(node, g)
    })
}
