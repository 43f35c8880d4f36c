//! The operations' traits: each runs what is compiled for the number type.

use dfdx::prelude::*;
use shapewright_shape::{Activation, AdaptiveKind, PoolKind, UpsampleMode};

use super::CudaOperations;
use super::flow::CudaFlow;
use crate::error::{Dims, Error};
use crate::kernels::adaptive_pool2d::AdaptivePool2dOp;
use crate::kernels::conv2d::Conv2dOp;
use crate::kernels::norm::{BatchNormOp, GroupNormOp};
use crate::kernels::pool2d::Pool2dOp;
use crate::kernels::upsample2d::Upsample2dOp;
use crate::kernels::zero_pad2d::ZeroPad2dOp;
use crate::ops::{
    ActivationDevice, AdaptivePool2dDevice, Conv2dDevice, ConvTranspose2dDevice, DropoutDevice,
    Erased, JoinDevice, LinearDevice, LinearOp, NormDevice, Pool2dDevice, UpsampleDevice,
    ZeroPad2dDevice,
};

/// Operations without parameters.
macro_rules! stateless {
    ($($Device:ident: $(fn $name:ident($($arg:ident: $ty:ty),*))*;)*) => {$(
        impl<E: CudaOperations> $Device<E> for Cuda
        where
            Cuda: Device<E>,
        {
            $(
                fn $name<T: Tape<E, Self>>(
                    $($arg: $ty,)*
                    x: CudaFlow<E, T>,
                ) -> Result<CudaFlow<E, T>, Error> {
                    x.then(|x| E::$name(x, $($arg),*))
                }
            )*
        }
    )*};
}

stateless! {
    ActivationDevice: fn activation(kind: Activation);
    AdaptivePool2dDevice: fn adaptive_pool2d(kind: AdaptiveKind, op: AdaptivePool2dOp);
    DropoutDevice: fn dropout(p: f64) fn dropout2d(p: f64);
    Pool2dDevice: fn pool2d(kind: PoolKind, op: Pool2dOp);
    UpsampleDevice: fn upsample(mode: UpsampleMode, op: Upsample2dOp);
    ZeroPad2dDevice: fn zero_pad2d(op: ZeroPad2dOp);
}

/// Operations with a weight and a bias.
macro_rules! weighted {
    ($($Device:ident: fn $name:ident($op:ty);)*) => {$(
        impl<E: CudaOperations> $Device<E> for Cuda
        where
            Cuda: Device<E>,
        {
            fn $name<T: Tape<E, Self>>(
                op: $op,
                mut x: CudaFlow<E, T>,
                weight: Erased<E, Self, T>,
                bias: Option<Erased<E, Self, T>>,
            ) -> Result<CudaFlow<E, T>, Error> {
                let weight = x.parameter(weight);
                let bias = bias.map(|bias| x.parameter(bias));
                x.then(|x| E::$name(x, op, weight, bias))
            }
        }
    )*};
}

weighted! {
    Conv2dDevice: fn conv2d(Conv2dOp);
    ConvTranspose2dDevice: fn conv_transpose2d(Conv2dOp);
    LinearDevice: fn linear(LinearOp);
}

impl<E: CudaOperations> NormDevice<E> for Cuda
where
    Cuda: Device<E>,
{
    fn batch_norm<T: Tape<E, Self>>(
        op: BatchNormOp,
        eps: f64,
        running: [Erased<E, Self>; 2],
        mut x: CudaFlow<E, T>,
        parameters: [Erased<E, Self, T>; 2],
    ) -> Result<CudaFlow<E, T>, Error> {
        let parameters = parameters.map(|parameter| x.parameter(parameter));
        x.then(|x| E::batch_norm(x, op, eps, running, parameters))
    }

    fn batch_norm_train<T: Tape<E, Self>>(
        op: BatchNormOp,
        eps: f64,
        momentum: f64,
        running: [Erased<E, Self>; 2],
        mut x: CudaFlow<E, T>,
        parameters: [Erased<E, Self, T>; 2],
    ) -> Result<(CudaFlow<E, T>, [Erased<E, Self>; 2]), Error> {
        let parameters = parameters.map(|parameter| x.parameter(parameter));
        x.then_with(|x| E::batch_norm_train(x, op, eps, momentum, running, parameters))
    }

    fn group_norm<T: Tape<E, Self>>(
        op: GroupNormOp,
        eps: f64,
        mut x: CudaFlow<E, T>,
        parameters: [Erased<E, Self, T>; 2],
    ) -> Result<CudaFlow<E, T>, Error> {
        let parameters = parameters.map(|parameter| x.parameter(parameter));
        x.then(|x| E::group_norm(x, op, eps, parameters))
    }
}

impl<E: CudaOperations> JoinDevice<E> for Cuda
where
    Cuda: Device<E>,
{
    fn add<T: Tape<E, Self>>(
        x: CudaFlow<E, T>,
        other: Erased<E, Self>,
    ) -> Result<CudaFlow<E, T>, Error> {
        x.then(|x| E::add_kept(x, other))
    }

    fn concat<T: Tape<E, Self>>(
        before: Vec<Erased<E, Self>>,
        x: CudaFlow<E, T>,
        dims: Dims,
    ) -> Result<CudaFlow<E, T>, Error> {
        x.then(|x| E::concat(x, before, dims))
    }
}
