//! The operations, compiled in this crate for each element and with and without gradients.

use dfdx::prelude::*;
use shapewright_shape::{Activation, AdaptiveKind, PoolKind, UpsampleMode};

use super::CudaElement;
use super::flow::{Batch, each_tape};
use crate::error::{Dims, Error};
use crate::kernels::adaptive_pool2d::AdaptivePool2dOp;
use crate::kernels::conv2d::Conv2dOp;
use crate::kernels::norm::{BatchNormOp, GroupNormOp};
use crate::kernels::pool2d::Pool2dOp;
use crate::kernels::upsample2d::Upsample2dOp;
use crate::kernels::zero_pad2d::ZeroPad2dOp;
use crate::ops::{Erased, LinearOp};
use crate::ops::{activation, adaptive_pool2d, conv_transpose2d, conv2d, dropout, join, linear};
use crate::ops::{norm, pool2d, upsample, zero_pad2d};

macro_rules! operations {
    ($($operations:tt)*) => {
        declare! { $($operations)* }
        implement! { f32: $($operations)* }
        implement! { f64: $($operations)* }
    };
}

macro_rules! declare {
    ($(fn $name:ident($($arg:ident: $ty:ty),* $(,)?) = $function:path;)*) => {
        /// A number that the operations are compiled for.
        pub trait CudaOperations: CudaElement {
            $(
                #[doc(hidden)]
                fn $name(x: Batch<Self>, $($arg: $ty),*) -> Result<Batch<Self>, Error>;
            )*

            #[doc(hidden)]
            #[allow(clippy::type_complexity)]
            fn batch_norm_train(
                x: Batch<Self>,
                op: BatchNormOp,
                eps: f64,
                momentum: f64,
                running: [Erased<Self, Cuda>; 2],
                parameters: [Erased<Self, Cuda>; 2],
            ) -> Result<(Batch<Self>, [Erased<Self, Cuda>; 2]), Error>;
        }
    };
}

macro_rules! implement {
    (
        $e:ty:
        $(fn $name:ident($($arg:ident: $ty:ty),* $(,)?) = $function:path;)*
    ) => {
        impl CudaOperations for $e {
            $(
                fn $name(x: Batch<Self>, $($arg: $ty),*) -> Result<Batch<Self>, Error> {
                    Ok(each_tape!(x, x => $function(x, $($arg),*)?))
                }
            )*

            fn batch_norm_train(
                x: Batch<Self>,
                op: BatchNormOp,
                eps: f64,
                momentum: f64,
                running: [Erased<Self, Cuda>; 2],
                parameters: [Erased<Self, Cuda>; 2],
            ) -> Result<(Batch<Self>, [Erased<Self, Cuda>; 2]), Error> {
                let new;
                let y = each_tape!(x, x => {
                    let y = norm::cuda::batch_norm_train(x, op, eps, momentum, running, parameters)?;
                    new = y.1;
                    y.0
                });
                Ok((y, new))
            }
        }
    };
}

operations! {
    fn activation(kind: Activation) = activation::cuda::activation;
    fn adaptive_pool2d(kind: AdaptiveKind, op: AdaptivePool2dOp) = adaptive_pool2d::cuda::adaptive_pool2d;
    fn add_kept(other: Erased<Self, Cuda>) = join::cuda::add;
    fn batch_norm(
        op: BatchNormOp,
        eps: f64,
        running: [Erased<Self, Cuda>; 2],
        parameters: [Erased<Self, Cuda>; 2],
    ) = norm::cuda::batch_norm;
    fn concat(before: Vec<Erased<Self, Cuda>>, dims: Dims) = join::cuda::concat;
    fn conv2d(
        op: Conv2dOp,
        weight: Erased<Self, Cuda>,
        bias: Option<Erased<Self, Cuda>>,
    ) = conv2d::cuda::conv2d;
    fn conv_transpose2d(
        op: Conv2dOp,
        weight: Erased<Self, Cuda>,
        bias: Option<Erased<Self, Cuda>>,
    ) = conv_transpose2d::cuda::conv_transpose2d;
    fn dropout(p: f64) = dropout::cuda::dropout;
    fn dropout2d(p: f64) = dropout::cuda::dropout2d;
    fn group_norm(
        op: GroupNormOp,
        eps: f64,
        parameters: [Erased<Self, Cuda>; 2],
    ) = norm::cuda::group_norm;
    fn linear(
        op: LinearOp,
        weight: Erased<Self, Cuda>,
        bias: Option<Erased<Self, Cuda>>,
    ) = linear::cuda::linear;
    fn pool2d(kind: PoolKind, op: Pool2dOp) = pool2d::cuda::pool2d;
    fn upsample(mode: UpsampleMode, op: Upsample2dOp) = upsample::cuda::upsample;
    fn zero_pad2d(op: ZeroPad2dOp) = zero_pad2d::cuda::zero_pad2d;
}
