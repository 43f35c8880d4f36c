//! Operations with a weight and a bias: the same way onto the tape for each.

use std::rc::Rc;

use dfdx::prelude::*;

use super::{Buffer, CpuElement, CpuFlow};
use crate::error::Dims;
use crate::ops::Erased;

/// The kernels of an operation described by `O`. Those of the gradients add to what is there.
pub struct Kernels<O, E> {
    /// From `x`, weight and bias to `y`.
    pub forward: Forward<O, E>,
    /// From the weight and `gy` to `gx`.
    pub backward_input: fn(&O, &[E], &[E], &mut [E]),
    /// From `x` and `gy` to the weight's gradient.
    pub backward_weight: fn(&O, &[E], &[E], &mut [E]),
    /// From `gy` to the bias's gradient.
    pub backward_bias: fn(&O, &[E], &mut [E]),
}

type Forward<O, E> = fn(&O, &[E], &[E], Option<&[E]>, &mut [E]);

/// Runs the operation, whose result has the shape `dims`.
pub fn weighted<O: 'static, E: CpuElement, T: Tape<E, Cpu>>(
    op: O,
    dims: Dims,
    kernels: Kernels<O, E>,
    x: CpuFlow<E, T>,
    weight: Erased<E, Cpu, T>,
    bias: Option<Erased<E, Cpu, T>>,
) -> CpuFlow<E, T> {
    let (x, mut history) = x.split();
    let (weight, ws) = history.parameter(weight);
    let (bias, bs) = bias.map(|b| history.parameter(b)).unzip();
    let mut y = Buffer::stale(dims.iter().product());
    (kernels.forward)(&op, &x.data, &ws, bs.as_deref(), &mut y);

    let (weight, bias) = (weight.ghost(), bias.map(|b| b.ghost()));
    let (node, xs) = (x.node(), x.data);
    history.record(node, dims, Rc::new(y), move |gy, to| {
        (kernels.backward_weight)(&op, &xs, &gy, to.grads.get_or_alloc_mut(&weight)?);
        if let Some(bias) = &bias {
            (kernels.backward_bias)(&op, &gy, to.grads.get_or_alloc_mut(bias)?);
        }
        to.add(node, xs.len(), |gx| (kernels.backward_input)(&op, &ws, &gy, gx))
    })
}
