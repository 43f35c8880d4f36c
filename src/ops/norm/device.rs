//! Normalisation on any device.

use dfdx::prelude::*;

use crate::error::Error;
use crate::kernels::norm::{BatchNormOp, GroupNormOp};
use crate::ops::device::{is_empty, number, of_nothing};
use crate::ops::erased::{Erased, reshape};

/// `(batch, channels, pixels)`.
type Channels<E, D, T> = Tensor<(usize, usize, usize), E, D, T>;

/// A number for each channel.
type Vector<E, D, T = NoneTape> = Tensor<(usize,), E, D, T>;

pub fn batch_norm<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    op: BatchNormOp,
    eps: f64,
    running: [Erased<E, D>; 2],
    x: Erased<E, D, T>,
    parameters: [Erased<E, D, T>; 2],
) -> Result<Erased<E, D, T>, Error> {
    let dims = *x.shape();
    if is_empty(&x) {
        return of_nothing(dims.concrete(), x, parameters);
    }
    let [mean, variance] = vectors(running, op.channels)?;
    let [weight, bias] = vectors(parameters, op.channels)?;
    let x = reshape(x, (op.batch, op.channels, op.inner))?;
    let mean = along_channels(mean, &x)?;
    let centred = x.try_sub(mean).map_err(Error::device)?;
    let scale = weight.try_mul(inverse_deviation(variance, eps)?).map_err(Error::device)?;
    reshape(scaled(centred, scale, bias)?, dims)
}

#[allow(clippy::type_complexity)]
pub fn batch_norm_train<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    op: BatchNormOp,
    eps: f64,
    momentum: f64,
    running: [Erased<E, D>; 2],
    x: Erased<E, D, T>,
    parameters: [Erased<E, D, T>; 2],
) -> Result<(Erased<E, D, T>, [Erased<E, D>; 2]), Error> {
    let dims = *x.shape();
    if is_empty(&x) {
        return Ok((of_nothing(dims.concrete(), x, parameters)?, running));
    }
    let [weight, bias] = vectors(parameters, op.channels)?;
    let x = reshape(x, (op.batch, op.channels, op.inner))?;
    let Centred { x, mean, variance } = centred(x)?;
    let running = update_running(&op, momentum, [mean, variance.retaped()], running)?;
    let scale = inverse_deviation(variance, eps)?.try_mul(weight).map_err(Error::device)?;
    Ok((reshape(scaled(x, scale, bias)?, dims)?, running))
}

pub fn group_norm<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    op: GroupNormOp,
    eps: f64,
    x: Erased<E, D, T>,
    parameters: [Erased<E, D, T>; 2],
) -> Result<Erased<E, D, T>, Error> {
    let dims = *x.shape();
    if is_empty(&x) {
        return of_nothing(dims.concrete(), x, parameters);
    }
    let [weight, bias] = vectors(parameters, op.channels)?;
    // Each group of each image as a channel of one image.
    let groups = op.batch * op.groups;
    let x = reshape(x, (1, groups, op.channels / op.groups * op.inner))?;
    let Centred { x, variance, .. } = centred(x)?;
    let scale = along_channels(inverse_deviation(variance, eps)?, &x)?;
    let x = reshape(x.try_mul(scale).map_err(Error::device)?, (op.batch, op.channels, op.inner))?;
    reshape(scaled(x, weight, bias)?, dims)
}

struct Centred<E: Dtype, D: Device<E>, T> {
    /// Without the mean of each channel.
    x: Channels<E, D, T>,
    mean: Vector<E, D>,
    /// Biased.
    variance: Vector<E, D, T>,
}

fn centred<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Channels<E, D, T>,
) -> Result<Centred<E, D, T>, Error> {
    let mean = self::mean(x.with_empty_tape())?;
    let value = mean.retaped();
    let mean = along_channels(mean, &x)?;
    let x = x.try_sub(mean).map_err(Error::device)?;
    let squares = x.with_empty_tape().try_square().map_err(Error::device)?;
    Ok(Centred { x, mean: value, variance: self::mean(squares)? })
}

/// The mean of each channel.
fn mean<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Channels<E, D, T>,
) -> Result<Vector<E, D, T>, Error> {
    x.try_mean::<_, Axes2<0, 2>>().map_err(Error::device)
}

/// `(1 - momentum) · running + momentum · batch`, where the batch's variance counts unbiased.
fn update_running<E: Dtype, D: Device<E>>(
    op: &BatchNormOp,
    momentum: f64,
    [mean, variance]: [Vector<E, D>; 2],
    running: [Erased<E, D>; 2],
) -> Result<[Erased<E, D>; 2], Error> {
    let (new, size) = (number::<E>(momentum), op.batch * op.inner);
    let unbiased = if size > 1 { size as f64 / (size - 1) as f64 } else { 1.0 };
    let update = |running: Erased<E, D>, batch: Vector<E, D>| {
        let batch = reshape(batch, *running.shape())?.try_mul(new).map_err(Error::device)?;
        running.try_mul(E::ONE - new).map_err(Error::device)?.try_add(batch).map_err(Error::device)
    };
    let variance = variance.try_mul(number::<E>(unbiased)).map_err(Error::device)?;
    let [old_mean, old_variance] = running;
    Ok([update(old_mean, mean)?, update(old_variance, variance)?])
}

/// `1 / sqrt(variance + eps)`.
fn inverse_deviation<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    variance: Vector<E, D, T>,
    eps: f64,
) -> Result<Vector<E, D, T>, Error> {
    let variance = variance.try_add(number::<E>(eps)).map_err(Error::device)?;
    variance.try_sqrt().map_err(Error::device)?.try_recip().map_err(Error::device)
}

/// `x · weight + bias` in each channel.
fn scaled<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Channels<E, D, T>,
    weight: Vector<E, D, T>,
    bias: Vector<E, D, T>,
) -> Result<Channels<E, D, T>, Error> {
    let (weight, bias) = (along_channels(weight, &x)?, along_channels(bias, &x)?);
    x.try_mul(weight).map_err(Error::device)?.try_add(bias).map_err(Error::device)
}

/// Each number for a whole channel of `x`.
fn along_channels<E: Dtype, D: Device<E>, T: Tape<E, D>, U>(
    v: Vector<E, D, T>,
    x: &Channels<E, D, U>,
) -> Result<Channels<E, D, T>, Error> {
    v.try_broadcast_like::<_, Axes2<0, 2>>(x.shape()).map_err(Error::device)
}

/// Parameters or statistics, `(1, channels, 1, 1)`.
fn vectors<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    [a, b]: [Erased<E, D, T>; 2],
    channels: usize,
) -> Result<[Vector<E, D, T>; 2], Error> {
    Ok([reshape(a, (channels,))?, reshape(b, (channels,))?])
}
