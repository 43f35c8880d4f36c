//! Activations on any device.
//!
//! Where a function has two branches, the one that is not taken is computed of 0: its slope may
//! be infinite elsewhere, which times a gradient of 0 would be NaN.

use dfdx::prelude::*;
use shapewright_shape::Activation;

use crate::error::Error;
use crate::kernels::activation::SOFTPLUS_LINEAR;
use crate::ops::device::{filled, is_empty, number, of_nothing};
use crate::ops::erased::Erased;

pub fn activation<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    kind: Activation,
    x: Erased<E, D, T>,
) -> Result<Erased<E, D, T>, Error> {
    if is_empty(&x) {
        return of_nothing(x.shape().concrete(), x, []);
    }
    match kind {
        Activation::ReLU => relu(x),
        Activation::LeakyReLU { slope } => leaky_relu(x, slope),
        Activation::ELU { alpha } => elu(x, alpha),
        Activation::GELU => gelu(x),
        Activation::SiLU => {
            let sigmoid = x.with_empty_tape().try_sigmoid().map_err(Error::device)?;
            x.try_mul(sigmoid).map_err(Error::device)
        }
        Activation::Sigmoid => x.try_sigmoid().map_err(Error::device),
        Activation::Tanh => x.try_tanh().map_err(Error::device),
        Activation::Softplus => softplus(x),
        Activation::Softmax => softmax(x, false),
        Activation::LogSoftmax => softmax(x, true),
    }
}

/// Not dfdx's, for which a NaN is 0.
fn relu<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Erased<E, D, T>,
) -> Result<Erased<E, D, T>, Error> {
    let zero = x.try_le(number::<E>(0.0)).map_err(Error::device)?;
    unless(zero, x)
}

fn leaky_relu<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Erased<E, D, T>,
    slope: f64,
) -> Result<Erased<E, D, T>, Error> {
    let positive = x.try_gt(number::<E>(0.0)).map_err(Error::device)?;
    let leak = x.with_empty_tape().try_mul(number::<E>(slope)).map_err(Error::device)?;
    positive.try_choose(x, leak).map_err(Error::device)
}

/// dfdx has no `exp_m1`. Near 0, `exp(x) - 1` is less exact in relation to itself, but not in
/// relation to 1.
fn elu<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Erased<E, D, T>,
    alpha: f64,
) -> Result<Erased<E, D, T>, Error> {
    let positive = !x.try_le(number::<E>(0.0)).map_err(Error::device)?;
    let negative = unless(positive.clone(), x.with_empty_tape())?;
    let exp = negative.try_exp().map_err(Error::device)?;
    let curve = exp.try_sub(E::ONE).map_err(Error::device)?;
    let curve = curve.try_mul(number::<E>(alpha)).map_err(Error::device)?;
    positive.try_choose(x, curve).map_err(Error::device)
}

/// The slope is `Φ(x) + x·φ(x)`, but that of dfdx's GELU is `Φ(x) + √2·x·φ(x)`. What is missing is
/// the slope of `(√2 - 1)·φ(x)`, which is added, and its value taken off again.
fn gelu<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Erased<E, D, T>,
) -> Result<Erased<E, D, T>, Error> {
    if !T::OWNS_TAPE {
        return x.try_accurate_gelu().map_err(Error::device);
    }
    let squares = x.with_empty_tape().try_square().map_err(Error::device)?;
    let exponent = squares.try_mul(number::<E>(-0.5)).map_err(Error::device)?;
    let exp = exponent.try_exp().map_err(Error::device)?;
    let density = (2.0 * std::f64::consts::PI).sqrt().recip();
    let factor = number::<E>((std::f64::consts::SQRT_2 - 1.0) * density);
    let value = exp.retaped::<NoneTape>().try_mul(factor).map_err(Error::device)?;
    let missing = exp.try_mul(factor).map_err(Error::device)?;
    let missing = missing.try_sub(value).map_err(Error::device)?;
    x.try_accurate_gelu().map_err(Error::device)?.try_add(missing).map_err(Error::device)
}

/// dfdx has no `ln_1p`; for that see [`elu`].
fn softplus<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Erased<E, D, T>,
) -> Result<Erased<E, D, T>, Error> {
    let linear = x.try_gt(number::<E>(SOFTPLUS_LINEAR)).map_err(Error::device)?;
    let exp = unless(linear.clone(), x.with_empty_tape())?.try_exp().map_err(Error::device)?;
    let curve = exp.try_add(E::ONE).map_err(Error::device)?.try_ln().map_err(Error::device)?;
    linear.try_choose(x, curve).map_err(Error::device)
}

/// Softmax along the channels, or its logarithm. The maximum, which is no part of the gradient, is
/// taken off first, so that no exponential overflows.
fn softmax<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Erased<E, D, T>,
    log: bool,
) -> Result<Erased<E, D, T>, Error> {
    let max = x.retaped::<NoneTape>().try_max::<_, Axis<1>>().map_err(Error::device)?;
    let max = max.try_broadcast_like::<_, Axis<1>>(x.shape()).map_err(Error::device)?;
    let x = x.try_sub(max).map_err(Error::device)?;
    if log {
        let sum = sum(x.with_empty_tape().try_exp().map_err(Error::device)?)?;
        return x.try_sub(sum.try_ln().map_err(Error::device)?).map_err(Error::device);
    }
    let exp = x.try_exp().map_err(Error::device)?;
    let sum = sum(exp.with_empty_tape())?;
    exp.try_div(sum).map_err(Error::device)
}

/// The sum of the channels, in each of them.
fn sum<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Erased<E, D, T>,
) -> Result<Erased<E, D, T>, Error> {
    let shape = *x.shape();
    let sum = x.try_sum::<_, Axis<1>>().map_err(Error::device)?;
    sum.try_broadcast_like::<_, Axis<1>>(&shape).map_err(Error::device)
}

/// 0 where `zero` is true, else `x`.
fn unless<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    zero: Tensor<(usize, usize, usize, usize), bool, D>,
    x: Erased<E, D, T>,
) -> Result<Erased<E, D, T>, Error> {
    let zeros = filled(x.device(), x.shape(), 0.0)?.put_tape(T::default());
    zero.try_choose(zeros, x).map_err(Error::device)
}
