//! Steps that become one.
//!
//! - A batch normalisation in evaluation is a scale and a shift of each channel. Behind a layer with
//!   a weight they go into its weight and bias
//!   ([Jacob et al., 2018](https://arxiv.org/abs/1712.05877), section 3.2).
//! - The sum at the end of a residual block is taken when the last layer stores its results, in the
//!   memory of what is added.
//! - ReLU is taken there, too.

use super::graph::Graph;
use crate::kernels::norm::{BatchNormOp, Statistics};
use crate::ops::cpu::{CpuElement, TracedOp, Weights};
use shapewright_shape::Activation;

/// In place of as many steps as possible, fewer.
pub fn fuse<E: CpuElement>(graph: &mut Graph<E>) {
    fold_batch_norms(graph);
    store_sums(graph);
    store_relus(graph);
}

/// What a batch normalisation does to each channel: `scale · x + shift`.
pub fn scale_and_shift<E: CpuElement>(
    op: &BatchNormOp,
    eps: f64,
    running: &Statistics<E>,
    parameters: &Weights<E>,
) -> [Vec<E>; 2] {
    let number = |x: E| x.to_f64().unwrap_or(f64::NAN);
    let channel = |c: usize| {
        let scale = number(parameters.weight[c]) / (number(running.variance[c]) + eps).sqrt();
        let bias = parameters.bias.as_ref().map_or(0.0, |bias| number(bias[c]));
        [scale, bias - scale * number(running.mean[c])].map(E::cast)
    };
    let both: Vec<[E; 2]> = (0..op.channels).map(channel).collect();
    [0, 1].map(|i| both.iter().map(|both| both[i]).collect())
}

fn fold_batch_norms<E: CpuElement>(graph: &mut Graph<E>) {
    for i in (0..graph.steps.len()).rev() {
        let TracedOp::BatchNorm { op, eps, running, parameters } = &graph.steps[i].op else {
            continue;
        };
        let x = graph.steps[i].inputs[0];
        let Some(maker) = graph.maker(x).filter(|_| graph.uses(x) == 1) else { continue };
        let [scale, shift] = scale_and_shift(op, *eps, running, parameters);
        if fold(&mut graph.steps[maker].op, &scale, &shift) {
            let (output, dims) = (graph.steps[i].output, graph.steps[i].dims);
            let maker = &mut graph.steps[maker];
            (maker.output, maker.dims) = (output, dims);
            graph.steps.remove(i);
        }
    }
}

/// Whether the operation has a weight and a bias to take them.
fn fold<E: CpuElement>(op: &mut TracedOp<E>, scale: &[E], shift: &[E]) -> bool {
    let outputs = scale.len();
    let weights = match op {
        TracedOp::Conv2d(_, weights) | TracedOp::Linear(_, weights) => {
            let each = weights.weight.len() / outputs;
            for (weight, &scale) in weights.weight.chunks_exact_mut(each).zip(scale) {
                weight.iter_mut().for_each(|weight| *weight *= scale);
            }
            weights
        }
        // The weight is `(in_channels, out_channels / groups, …)`, and the outputs of the
        // transposed convolution are the inputs of the one that describes it.
        TracedOp::ConvTranspose2d(op, weights) => {
            let taps = op.kernel[0] * op.kernel[1];
            let (inputs, outputs) = (op.out_channels / op.groups, op.in_channels / op.groups);
            for (i, weight) in weights.weight.chunks_exact_mut(taps).enumerate() {
                let (input, output) = (i / outputs, i % outputs);
                let scale = scale[input / inputs * outputs + output];
                weight.iter_mut().for_each(|weight| *weight *= scale);
            }
            weights
        }
        _ => return false,
    };
    let bias = weights.bias.get_or_insert_with(|| vec![E::zero(); outputs]);
    for ((bias, &scale), &shift) in bias.iter_mut().zip(scale).zip(shift) {
        *bias = *bias * scale + shift;
    }
    true
}

/// Sums of two values of which one is the result of a convolution: it adds the other itself.
fn store_sums<E: CpuElement>(graph: &mut Graph<E>) {
    for i in (0..graph.steps.len()).rev() {
        let step = &graph.steps[i];
        let (TracedOp::Add, &[a, b]) = (&step.op, &step.inputs[..]) else { continue };
        // The other one must be there when the convolution runs, and be needed by nobody later.
        let fits = |x: usize, other: usize| {
            let maker = graph.maker(x).filter(|_| graph.uses(x) == 1)?;
            let there = other != 0 && graph.maker(other)? < maker;
            let last = |step: usize| graph.steps[step].reads().any(|read| read == other);
            let free =
                graph.output != other && !(maker..graph.steps.len()).any(|s| s != i && last(s));
            let conv = &graph.steps[maker];
            let takes = matches!(conv.op, TracedOp::Conv2d(..)) && conv.residual.is_none();
            (a != b && there && free && takes).then_some((maker, other))
        };
        if let Some((maker, other)) = fits(a, b).or_else(|| fits(b, a)) {
            let output = step.output;
            let conv = &mut graph.steps[maker];
            (conv.residual, conv.output) = (Some(other), output);
            graph.steps.remove(i);
        }
    }
}

/// ReLU behind steps that can take it of their results.
fn store_relus<E: CpuElement>(graph: &mut Graph<E>) {
    for i in (0..graph.steps.len()).rev() {
        let TracedOp::Activation(Activation::ReLU) = graph.steps[i].op else { continue };
        let x = graph.steps[i].inputs[0];
        let Some(maker) = graph.maker(x).filter(|_| graph.uses(x) == 1) else { continue };
        let takes = matches!(
            graph.steps[maker].op,
            TracedOp::Conv2d(..)
                | TracedOp::ConvTranspose2d(..)
                | TracedOp::Linear(..)
                | TracedOp::BatchNorm { .. }
                | TracedOp::Add
        );
        if takes {
            let output = graph.steps[i].output;
            let maker = &mut graph.steps[maker];
            maker.output = output;
            maker.relu = true;
            graph.steps.remove(i);
        }
    }
}
