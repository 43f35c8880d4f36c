//! Pooling on any device.

use dfdx::prelude::*;
use shapewright_shape::PoolKind;

use crate::error::Error;
use crate::kernels::pool2d::Pool2dOp;
use crate::ops::device::{
    Pixels, Planes, Windows, areas, divide, filled, is_empty, largest, number, of_nothing, shape,
    sum, taps,
};
use crate::ops::erased::{Erased, reshape};

pub fn pool2d<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    kind: PoolKind,
    op: Pool2dOp,
    x: Erased<E, D, T>,
) -> Result<Erased<E, D, T>, Error> {
    let dims = [op.batch, op.channels, op.output[0], op.output[1]];
    if is_empty(&x) {
        return of_nothing(dims, x, []);
    }
    let windows =
        Windows::new(op.input, op.output, op.kernel, |axis, output, tap| op.tap(axis, output, tap));
    let y = match kind {
        PoolKind::Max => largest(x, &windows)?,
        PoolKind::Min => {
            let negated = x.try_negate().map_err(Error::device)?;
            largest(negated, &windows)?.try_negate().map_err(Error::device)?
        }
        PoolKind::Avg { count_include_pad } => {
            divide(sum(taps(x, windows)?)?, &sizes(&op, count_include_pad))?
        }
        PoolKind::Lp { p } => lp(taps(x, windows)?, p, &op)?,
    };
    reshape(y, shape(dims))
}

/// How many pixels each window has, with the padding or without it; never what lies beyond.
fn sizes(op: &Pool2dOp, count_include_pad: bool) -> Vec<f64> {
    let [rows, columns] = [0, 1].map(|axis| {
        let [before, after] = op.padding[axis];
        let counts = |output: usize, tap: usize| match count_include_pad {
            true => output * op.stride[axis] + tap < before + op.input[axis] + after,
            false => op.tap(axis, output, tap).is_some(),
        };
        let size = |output| (0..op.kernel[axis]).filter(|&tap| counts(output, tap)).count();
        (0..op.output[axis]).map(size).collect::<Vec<_>>()
    });
    areas(&rows, &columns)
}

/// `(Σ x^p)^(1/p)`. Where a window reaches beyond the image, its sum is scaled up to a whole one.
///
/// At 0 the root has no slope, and some powers have none: windows with that sum take no part in
/// the gradient.
fn lp<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    taps: Pixels<E, D, T>,
    p: f64,
    op: &Pool2dOp,
) -> Result<Planes<E, D, T>, Error> {
    let device = taps.device().clone();
    let whole = (op.kernel[0] * op.kernel[1]) as f64;
    let shares: Vec<_> = sizes(op, true).into_iter().map(|size| size / whole).collect();
    let zero = sum(power(taps.retaped::<NoneTape>(), p)?)?.try_eq(number::<E>(0.0));
    let zero = zero.map_err(Error::device)?;

    let zeros =
        zero.clone().try_broadcast_like::<_, Axis<2>>(taps.shape()).map_err(Error::device)?;
    let ones = filled(&device, taps.shape(), 1.0)?.put_tape(T::default());
    let taps = zeros.try_choose(ones, taps).map_err(Error::device)?;
    let y = root(divide(sum(power(taps, p)?)?, &shares)?, p)?;
    let zeros = filled(&device, y.shape(), 0.0)?.put_tape(T::default());
    zero.try_choose(zeros, y).map_err(Error::device)
}

/// `x^p`; negative numbers have whole powers only.
fn power<S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Tensor<S, E, D, T>,
    p: f64,
) -> Result<Tensor<S, E, D, T>, Error> {
    match p {
        1.0 => Ok(x),
        2.0 => x.try_square().map_err(Error::device),
        _ if p.fract() == 0.0 && p < 64.0 => x.try_powi(p as i32).map_err(Error::device),
        _ => x.try_powf(p).map_err(Error::device),
    }
}

/// `x^(1/p)`.
fn root<S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Tensor<S, E, D, T>,
    p: f64,
) -> Result<Tensor<S, E, D, T>, Error> {
    match p {
        1.0 => Ok(x),
        2.0 => x.try_sqrt().map_err(Error::device),
        _ => x.try_powf(p.recip()).map_err(Error::device),
    }
}
