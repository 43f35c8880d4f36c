//! Operations with a weight and a bias: the same way onto the tape for each.

use std::rc::Rc;

use super::{Batch, Buffer, CpuElement, Parameter, TracedOp, Weights};
use crate::error::Dims;

/// The kernels of an operation described by `O`. Those of the parameters' gradients add to what is
/// there.
pub struct Kernels<O, E> {
    /// From `x`, weight and bias to `y`.
    pub forward: Forward<O, E>,
    /// From the weight and `gy` to `gx`.
    pub backward_input: fn(&O, &[E], &[E], &mut [E]),
    /// From `x` and `gy` to the weight's gradient.
    pub backward_weight: fn(&O, &[E], &[E], &mut [E]),
    /// From `gy` to the bias's gradient.
    pub backward_bias: fn(&O, &[E], &mut [E]),
    /// Its description.
    pub traced: fn(O, Weights<E>) -> TracedOp<E>,
}

type Forward<O, E> = fn(&O, &[E], &[E], Option<&[E]>, &mut [E]);

/// Runs the operation, whose result has the shape `dims`.
pub fn weighted<O: Copy + 'static, E: CpuElement>(
    op: O,
    dims: Dims,
    kernels: Kernels<O, E>,
    x: Batch<E>,
    weight: Parameter<E>,
    bias: Option<Parameter<E>>,
) -> Batch<E> {
    let (x, mut history) = x.split();
    history.note(&[x.node()], dims, || (kernels.traced)(op, Weights::of(&weight, bias.as_ref())));
    let mut y = Buffer::stale(dims.iter().product());
    let bs = bias.as_ref().map(Parameter::data);
    (kernels.forward)(&op, &x.data, weight.data(), bs, &mut y);

    // Nobody needs the bias itself again.
    let bias = bias.map(|bias| bias.gradient);
    let (node, xs) = (x.node(), x.data);
    history.record(node, dims, Rc::new(y), move |gy, to| {
        (kernels.backward_weight)(&op, &xs, &gy, (weight.gradient)(to.grads)?);
        if let Some(bias) = &bias {
            (kernels.backward_bias)(&op, &gy, bias(to.grads)?);
        }
        to.set(node, xs.len(), |gx| (kernels.backward_input)(&op, weight.data(), &gy, gx))
    })
}
