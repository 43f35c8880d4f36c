//! Normalisation on `Cpu` by the crate's own kernels.

use std::rc::Rc;

use dfdx::prelude::*;

use super::NormDevice;
use crate::error::Error;
use crate::kernels::norm::{self, BatchNormOp, GroupNormOp, Statistics};
use crate::ops::Erased;
use crate::ops::cpu::{
    Batch, Buffer, CpuElement, CpuFlow, CpuOperations, Parameter, TracedOp, Weights,
};

impl<E: CpuOperations> NormDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn batch_norm<T: Tape<E, Self>>(
        op: BatchNormOp,
        eps: f64,
        running: [Erased<E, Self>; 2],
        mut x: CpuFlow<E, T>,
        parameters: [Erased<E, Self, T>; 2],
    ) -> Result<CpuFlow<E, T>, Error> {
        let running = statistics(&running);
        let parameters = parameters.map(|parameter| x.parameter(parameter));
        Ok(x.then(|x| E::batch_norm(op, eps, running, x, parameters)))
    }

    fn batch_norm_train<T: Tape<E, Self>>(
        op: BatchNormOp,
        eps: f64,
        momentum: f64,
        running: [Erased<E, Self>; 2],
        mut x: CpuFlow<E, T>,
        parameters: [Erased<E, Self, T>; 2],
    ) -> Result<(CpuFlow<E, T>, [Erased<E, Self>; 2]), Error> {
        let mut new = statistics(&running);
        let parameters = parameters.map(|parameter| x.parameter(parameter));
        let y = x.then(|x| E::batch_norm_train(op, eps, momentum, &mut new, x, parameters));
        let [mean, variance] = running;
        Ok((y, [with_elements(mean, new.mean)?, with_elements(variance, new.variance)?]))
    }

    fn group_norm<T: Tape<E, Self>>(
        op: GroupNormOp,
        eps: f64,
        mut x: CpuFlow<E, T>,
        parameters: [Erased<E, Self, T>; 2],
    ) -> Result<CpuFlow<E, T>, Error> {
        let parameters = parameters.map(|parameter| x.parameter(parameter));
        Ok(x.then(|x| E::group_norm(op, eps, x, parameters)))
    }
}

fn statistics<E: CpuElement>([mean, variance]: &[Erased<E, Cpu>; 2]) -> Statistics<E> {
    Statistics { mean: mean.as_vec(), variance: variance.as_vec() }
}

/// A tensor of the same shape.
fn with_elements<E: CpuElement>(
    t: Erased<E, Cpu>,
    elements: Vec<E>,
) -> Result<Erased<E, Cpu>, Error> {
    Ok(t.device().try_tensor_from_vec(elements, *t.shape())?)
}

pub fn batch_norm<E: CpuElement>(
    op: BatchNormOp,
    eps: f64,
    running: Statistics<E>,
    mut x: Batch<E>,
    parameters: [Parameter<E>; 2],
) -> Batch<E> {
    x.note(x.dims(), || {
        let (parameters, running) = (Weights::both(&parameters), running.clone());
        TracedOp::BatchNorm { op, eps, running, parameters }
    });
    let forward = |parameters: [&[E]; 2], x: &[E], y: &mut [E]| {
        norm::batch_forward(&op, eps, &running, parameters, x, y);
        running
    };
    run(x, parameters, forward, move |running, weight, x, g, parameters| {
        norm::batch_backward_eval_in_place(&op, eps, &running, weight, x, g, parameters);
    })
}

pub fn batch_norm_train<E: CpuElement>(
    op: BatchNormOp,
    eps: f64,
    momentum: f64,
    running: &mut Statistics<E>,
    x: Batch<E>,
    parameters: [Parameter<E>; 2],
) -> Batch<E> {
    let forward = |parameters: [&[E]; 2], x: &[E], y: &mut [E]| {
        let statistics = norm::batch_forward_train(&op, eps, parameters, x, y);
        // An empty batch has nothing to tell.
        if !x.is_empty() {
            norm::update_running(&op, momentum, &statistics, running);
        }
        statistics
    };
    run(x, parameters, forward, move |statistics, weight, x, g, parameters| {
        norm::batch_backward_in_place(&op, eps, &statistics, weight, x, g, parameters);
    })
}

pub fn group_norm<E: CpuElement>(
    op: GroupNormOp,
    eps: f64,
    mut x: Batch<E>,
    parameters: [Parameter<E>; 2],
) -> Batch<E> {
    x.note(x.dims(), || TracedOp::GroupNorm { op, eps, parameters: Weights::both(&parameters) });
    let forward = |parameters: [&[E]; 2], x: &[E], y: &mut [E]| {
        norm::group_forward(&op, eps, parameters, x, y);
    };
    run(x, parameters, forward, move |(), weight, x, g, parameters| {
        norm::group_backward_in_place(&op, eps, weight, x, g, parameters);
    })
}

/// `forward([weight, bias], x, y)` tells what `backward(…, weight, x, g, [gw, gb])` needs, which
/// makes the gradient of `y` in `g` that of `x`.
fn run<E: CpuElement, S: 'static>(
    x: Batch<E>,
    [weight, bias]: [Parameter<E>; 2],
    forward: impl FnOnce([&[E]; 2], &[E], &mut [E]) -> S,
    backward: impl FnOnce(S, &[E], &[E], &mut [E], [&mut [E]; 2]) + 'static,
) -> Batch<E> {
    let (x, history) = x.split();
    let (node, dims, xs) = (x.node(), x.dims, x.data);
    let mut y = Buffer::stale(xs.len());
    let kept = forward([weight.data(), bias.data()], &xs, &mut y);

    // Nobody needs the bias itself again.
    let bias = bias.gradient;
    history.record(node, dims, Rc::new(y), move |mut g, to| {
        // Only one of the tape's gradients can be borrowed at a time.
        let ws = weight.data();
        let (mut gw, mut gb) = (Buffer::zeros(ws.len()), Buffer::zeros(ws.len()));
        backward(kept, ws, &xs, &mut g, [&mut gw, &mut gb]);
        for (parameter, new) in [&weight.gradient, &bias].into_iter().zip([gw, gb]) {
            let sum = parameter(to.grads)?;
            sum.iter_mut().zip(&*new).for_each(|(sum, &new)| *sum += new);
        }
        to.give(node, g)
    })
}
