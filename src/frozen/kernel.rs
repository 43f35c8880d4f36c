//! A step made ready for batches of one size.

use shapewright_shape::{Activation, AdaptiveKind, PoolKind, UpsampleMode};

use super::fuse::scale_and_shift;
use super::graph::Step;
use crate::kernels::adaptive_pool2d::AdaptivePlan;
use crate::kernels::affine::{self, AffineOp};
use crate::kernels::conv2d::{Conv2dOp, End, Prepared};
use crate::kernels::join::{self, ConcatOp};
use crate::kernels::pool2d::{AvgPlan, LpPlan, MaxPlan};
use crate::kernels::upsample2d::{BilinearPlan, NearestPlan};
use crate::kernels::{activation, conv_transpose2d, linear, norm, zero_pad2d};
use crate::ops::cpu::{CpuElement, TracedOp};

/// What runs: from the inputs to the output, which it overwrites.
pub type Kernel<E> = Box<dyn Fn(&dyn Inputs<E>, &mut [E]) + Send + Sync>;

/// The inputs of a step, by their number.
pub trait Inputs<E> {
    fn get(&self, input: usize) -> &[E];
}

/// For `batch` inputs at a time. `in_place` says that the first input, or what is to be added, lies
/// in the output already.
pub fn kernel<E: CpuElement>(step: &Step<E>, batch: usize, in_place: bool) -> Kernel<E> {
    let relu = step.relu;
    let (channels, pixels) = (step.dims[1], step.dims[2] * step.dims[3]);
    match &step.op {
        TracedOp::Activation(Activation::ReLU) if in_place => {
            Box::new(|_, y| activation::relu_in_place(y))
        }
        TracedOp::Activation(kind) => {
            let (kind, shape) = (*kind, [batch, channels, pixels]);
            Box::new(move |x, y| activation::forward(kind, shape, x.get(0), y))
        }
        TracedOp::Add if in_place => Box::new(move |x, y| {
            join::add_in_place(x.get(1), y);
            finish(relu, y);
        }),
        TracedOp::Add => Box::new(move |x, y| {
            join::add(x.get(0), x.get(1), y);
            finish(relu, y);
        }),
        TracedOp::AdaptivePool2d(kind, op) => {
            let (kind, mut op) = (*kind, *op);
            op.batch *= batch;
            let plan = AdaptivePlan::new(&op);
            match kind {
                AdaptiveKind::Avg => Box::new(move |x, y| plan.avg(x.get(0), y)),
                AdaptiveKind::Max => Box::new(move |x, y| plan.max(x.get(0), y, None)),
            }
        }
        TracedOp::BatchNorm { op, eps, running, parameters } => {
            let [scale, shift] = scale_and_shift(op, *eps, running, parameters);
            let op = AffineOp { batch: batch * op.batch, channels: op.channels, inner: op.inner };
            Box::new(move |x, y| affine::forward(&op, [&scale, &shift], relu, x.get(0), y))
        }
        TracedOp::Concat(parts) => {
            let op = ConcatOp { batch, parts: parts.clone() };
            Box::new(move |x, y| (0..op.parts.len()).for_each(|i| join::put(&op, i, x.get(i), y)))
        }
        TracedOp::Conv2d(op, weights) => {
            let batch = op.batch * batch;
            let prepared = step.prepared.get_or_init(|| {
                let clamp = relu.then(|| [E::zero(), E::infinity()]);
                let end = End { add: step.residual.is_some(), clamp };
                let op = Conv2dOp { batch, ..*op };
                Prepared::new(&op, &weights.weight, weights.bias.as_deref(), end)
            });
            let prepared = prepared.for_batch(batch);
            Box::new(move |x, y| prepared.run(x.get(0), y))
        }
        TracedOp::ConvTranspose2d(op, weights) => {
            let (mut op, weights) = (*op, weights.clone());
            op.batch *= batch;
            Box::new(move |x, y| {
                let bias = weights.bias.as_deref();
                conv_transpose2d::forward(&op, x.get(0), &weights.weight, bias, y);
                finish(relu, y);
            })
        }
        TracedOp::GroupNorm { op, eps, parameters } => {
            let (mut op, eps, parameters) = (*op, *eps, parameters.clone());
            op.batch *= batch;
            let bias = parameters.bias.unwrap_or_else(|| vec![E::zero(); op.channels]);
            let weight = parameters.weight;
            Box::new(move |x, y| norm::group_forward(&op, eps, [&weight, &bias], x.get(0), y))
        }
        TracedOp::Linear(op, weights) => {
            let batch = op.batch * batch;
            let prepare = || {
                let (weight, bias) = (&weights.weight, weights.bias.as_deref());
                linear::Prepared::new(op.in_features, op.out_features, weight, bias)
            };
            let prepared = step.linear.get_or_init(|| prepare().into()).clone();
            Box::new(move |x, y| {
                prepared.run(batch, x.get(0), y);
                finish(relu, y);
            })
        }
        TracedOp::Pool2d(kind, op) => {
            let (kind, mut op) = (*kind, *op);
            op.batch *= batch;
            match kind {
                PoolKind::Max => {
                    let plan = MaxPlan::new(&op);
                    Box::new(move |x, y| plan.forward(x.get(0), y, None))
                }
                PoolKind::Min => {
                    let plan = MaxPlan::new(&op);
                    Box::new(move |x, y| plan.forward_min(x.get(0), y, None))
                }
                PoolKind::Avg { count_include_pad } => {
                    let plan = AvgPlan::new(&op, count_include_pad);
                    Box::new(move |x, y| plan.forward(x.get(0), y))
                }
                PoolKind::Lp { p } => {
                    let plan = LpPlan::new(&op, p);
                    Box::new(move |x, y| plan.forward(x.get(0), y))
                }
            }
        }
        TracedOp::Upsample(mode, op) => {
            let (mode, mut op) = (*mode, *op);
            op.batch *= batch;
            match mode {
                UpsampleMode::Nearest => {
                    let plan = NearestPlan::new(&op);
                    Box::new(move |x, y| plan.forward(x.get(0), y))
                }
                UpsampleMode::Bilinear { align_corners } => {
                    let plan = BilinearPlan::new(&op, align_corners);
                    Box::new(move |x, y| plan.forward(x.get(0), y))
                }
            }
        }
        TracedOp::ZeroPad2d(op) => {
            let mut op = *op;
            op.batch *= batch;
            Box::new(move |x, y| zero_pad2d::forward(&op, x.get(0), y))
        }
    }
}

fn finish<E: CpuElement>(relu: bool, y: &mut [E]) {
    if relu {
        activation::relu_in_place(y);
    }
}
