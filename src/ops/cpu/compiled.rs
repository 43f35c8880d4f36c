//! The operations, compiled in this crate once for each element.
//!
//! A generic function is compiled in the crates that call it, and these have dozens of kernels
//! for each instruction set inside.

use dfdx::prelude::*;
use shapewright_shape::{Activation, AdaptiveKind, PoolKind, UpsampleMode};

use super::backward::run;
use super::{Batch, Buffer, CpuElement, CpuKept, History, Parameter, Trace};
use crate::error::Dims;
use crate::frozen::Program;
use crate::kernels::adaptive_pool2d::AdaptivePool2dOp;
use crate::kernels::conv2d::Conv2dOp;
use crate::kernels::norm::{BatchNormOp, GroupNormOp, Statistics};
use crate::kernels::pool2d::Pool2dOp;
use crate::kernels::upsample2d::Upsample2dOp;
use crate::kernels::zero_pad2d::ZeroPad2dOp;
use crate::ops::{LinearOp, Update};
use crate::ops::{
    activation, adaptive_pool2d, conv_transpose2d, conv2d, dropout, gradient, join, linear, norm,
    pool2d, upsample, zero_pad2d,
};

macro_rules! operations {
    ($($operations:tt)*) => {
        declare! { $($operations)* }
        implement! { f32: $($operations)* }
        implement! { f64: $($operations)* }
    };
}

macro_rules! declare {
    ($(fn $name:ident($($arg:ident: $ty:ty),* $(,)?) -> $out:ty = $function:path;)*) => {
        /// A number that the operations are compiled for.
        pub trait CpuOperations: CpuElement {
            $(
                #[doc(hidden)]
                fn $name($($arg: $ty),*) -> $out;
            )*
        }
    };
}

macro_rules! implement {
    (
        $e:ty:
        $(fn $name:ident($($arg:ident: $ty:ty),* $(,)?) -> $out:ty = $function:path;)*
    ) => {
        impl CpuOperations for $e {
            $(
                fn $name($($arg: $ty),*) -> $out {
                    $function($($arg),*)
                }
            )*
        }
    };
}

operations! {
    fn activation(kind: Activation, x: Batch<Self>) -> Batch<Self> = activation::cpu::activation;
    fn adaptive_pool2d(
        kind: AdaptiveKind,
        op: AdaptivePool2dOp,
        x: Batch<Self>,
    ) -> Batch<Self> = adaptive_pool2d::cpu::adaptive_pool2d;
    fn add_kept(x: Batch<Self>, other: CpuKept<Self>) -> Batch<Self> = join::cpu::add;
    fn backward(
        history: History<Self>,
        node: usize,
        gy: Buffer<Self>,
        grads: &mut Gradients<Self, Cpu>,
    ) -> Result<(), CpuError> = run;
    fn batch_norm(
        op: BatchNormOp,
        eps: f64,
        running: Statistics<Self>,
        x: Batch<Self>,
        parameters: [Parameter<Self>; 2],
    ) -> Batch<Self> = norm::cpu::batch_norm;
    fn batch_norm_train(
        op: BatchNormOp,
        eps: f64,
        momentum: f64,
        running: &mut Statistics<Self>,
        x: Batch<Self>,
        parameters: [Parameter<Self>; 2],
    ) -> Batch<Self> = norm::cpu::batch_norm_train;
    fn concat(
        before: Vec<CpuKept<Self>>,
        x: Batch<Self>,
        dims: Dims,
    ) -> Batch<Self> = join::cpu::concat;
    fn conv2d(
        op: Conv2dOp,
        x: Batch<Self>,
        weight: Parameter<Self>,
        bias: Option<Parameter<Self>>,
    ) -> Batch<Self> = conv2d::cpu::conv2d;
    fn conv_transpose2d(
        op: Conv2dOp,
        x: Batch<Self>,
        weight: Parameter<Self>,
        bias: Option<Parameter<Self>>,
    ) -> Batch<Self> = conv_transpose2d::cpu::conv_transpose2d;
    fn dropout(p: f64, x: Batch<Self>) -> Batch<Self> = dropout::cpu::dropout;
    fn dropout2d(p: f64, x: Batch<Self>) -> Batch<Self> = dropout::cpu::dropout2d;
    fn freeze(
        input: Dims,
        trace: Trace<Self>,
        output: usize,
    ) -> Option<Program<Self>> = Program::new;
    fn group_norm(
        op: GroupNormOp,
        eps: f64,
        x: Batch<Self>,
        parameters: [Parameter<Self>; 2],
    ) -> Batch<Self> = norm::cpu::group_norm;
    fn linear(
        op: LinearOp,
        x: Batch<Self>,
        weight: Parameter<Self>,
        bias: Option<Parameter<Self>>,
    ) -> Batch<Self> = linear::cpu::linear;
    fn pool2d(kind: PoolKind, op: Pool2dOp, x: Batch<Self>) -> Batch<Self> = pool2d::cpu::pool2d;
    fn prepare_frozen(program: &Program<Self>, batch: usize) -> () = Program::prepare;
    fn run_frozen(
        program: &Program<Self>,
        batch: usize,
        x: &[Self],
        y: &mut [Self],
    ) -> () = Program::run;
    fn update(
        update: &Update,
        parameter: &mut [Self],
        moments: Vec<&mut [Self]>,
        gradient: &[Self],
    ) -> () = gradient::cpu::update;
    fn upsample(
        mode: UpsampleMode,
        op: Upsample2dOp,
        x: Batch<Self>,
    ) -> Batch<Self> = upsample::cpu::upsample;
    fn zero_pad2d(op: ZeroPad2dOp, x: Batch<Self>) -> Batch<Self> = zero_pad2d::cpu::zero_pad2d;
}
