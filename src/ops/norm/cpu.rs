//! Normalisation on `Cpu` by the crate's own kernels.

use std::rc::Rc;

use dfdx::prelude::*;

use super::NormDevice;
use crate::error::Error;
use crate::kernels::norm::{self, BatchNormOp, GroupNormOp, Statistics};
use crate::ops::Erased;
use crate::ops::cpu::{Buffer, CpuElement, CpuFlow};

impl<E: CpuElement> NormDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn batch_norm<T: Tape<E, Self>>(
        op: BatchNormOp,
        eps: f64,
        running: Statistics<E>,
        x: CpuFlow<E, T>,
        parameters: [Erased<E, Self, T>; 2],
    ) -> Result<CpuFlow<E, T>, Error> {
        let forward = |parameters: [&[E]; 2], x: &[E], y: &mut [E]| {
            norm::batch_forward(&op, eps, &running, parameters, x, y);
            running
        };
        Ok(run(x, parameters, forward, move |running, weight, both, gx, parameters| {
            norm::batch_backward_eval(&op, eps, &running, weight, both, gx, parameters);
        }))
    }

    fn batch_norm_train<T: Tape<E, Self>>(
        op: BatchNormOp,
        eps: f64,
        momentum: f64,
        running: &mut Statistics<E>,
        x: CpuFlow<E, T>,
        parameters: [Erased<E, Self, T>; 2],
    ) -> Result<CpuFlow<E, T>, Error> {
        let forward = |parameters: [&[E]; 2], x: &[E], y: &mut [E]| {
            let statistics = norm::batch_statistics(&op, x);
            norm::batch_forward(&op, eps, &statistics, parameters, x, y);
            // An empty batch has nothing to tell.
            if !x.is_empty() {
                norm::update_running(&op, momentum, &statistics, running);
            }
            statistics
        };
        Ok(run(x, parameters, forward, move |statistics, weight, both, gx, parameters| {
            norm::batch_backward(&op, eps, &statistics, weight, both, gx, parameters);
        }))
    }

    fn group_norm<T: Tape<E, Self>>(
        op: GroupNormOp,
        eps: f64,
        x: CpuFlow<E, T>,
        parameters: [Erased<E, Self, T>; 2],
    ) -> Result<CpuFlow<E, T>, Error> {
        let forward = |parameters: [&[E]; 2], x: &[E], y: &mut [E]| {
            norm::group_forward(&op, eps, parameters, x, y);
        };
        Ok(run(x, parameters, forward, move |(), weight, both, gx, parameters| {
            norm::group_backward(&op, eps, weight, both, gx, parameters);
        }))
    }
}

/// `forward([weight, bias], x, y)` tells what `backward(…, weight, [x, gy], gx, [gw, gb])` needs.
///
/// Outside of the implementation, whose bound on `Cpu` would hide what its gradients are made of.
fn run<E: CpuElement, T: Tape<E, Cpu>, S: 'static>(
    x: CpuFlow<E, T>,
    [weight, bias]: [Erased<E, Cpu, T>; 2],
    forward: impl FnOnce([&[E]; 2], &[E], &mut [E]) -> S,
    backward: impl FnOnce(S, &[E], [&[E]; 2], &mut [E], [&mut [E]; 2]) + 'static,
) -> CpuFlow<E, T> {
    let (x, mut history) = x.split();
    let (weight, ws) = history.parameter(weight);
    let (bias, bs) = history.parameter(bias);
    let (node, dims, xs) = (x.node(), x.dims, x.data);
    let mut y = Buffer::stale(xs.len());
    let kept = forward([&ws, &bs], &xs, &mut y);

    let parameters = [weight.ghost(), bias.ghost()];
    history.record(node, dims, Rc::new(y), move |gy, to| {
        // Only one of the tape's gradients can be borrowed at a time.
        let (mut gw, mut gb) = (Buffer::zeros(ws.len()), Buffer::zeros(ws.len()));
        to.add(node, xs.len(), |gx| backward(kept, &ws, [&xs, &gy], gx, [&mut gw, &mut gb]))?;
        for (parameter, new) in parameters.iter().zip([gw, gb]) {
            let sum: &mut Vec<E> = to.grads.get_or_alloc_mut(parameter)?;
            sum.iter_mut().zip(&*new).for_each(|(sum, &new)| *sum += new);
        }
        Ok(())
    })
}
