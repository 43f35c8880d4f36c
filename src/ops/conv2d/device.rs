//! Convolution on any device: the pixels under the kernel, gathered, times the weight.

use dfdx::prelude::*;

use crate::error::Error;
use crate::kernels::conv2d::Conv2dOp;
use crate::ops::device::{
    Windows, add_bias, channels_first, channels_last, gather, is_empty, matmul, of_nothing,
};
use crate::ops::erased::{Erased, reshape};

pub fn conv2d<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    op: Conv2dOp,
    x: Erased<E, D, T>,
    weight: Erased<E, D, T>,
    bias: Option<Erased<E, D, T>>,
) -> Result<Erased<E, D, T>, Error> {
    let dims = [op.batch, op.out_channels, op.output[0], op.output[1]];
    if is_empty(&x) {
        return of_nothing(dims, x, [weight].into_iter().chain(bias));
    }
    let (inputs, outputs) = (op.in_channels / op.groups, op.out_channels / op.groups);
    let Windows { table, taps, .. } = windows(&op);
    let pixels = gather(channels_last(x, op.groups)?, table, 0.0)?;
    let pixels =
        reshape(pixels, (op.groups, op.batch * op.output[0] * op.output[1], taps * inputs))?;

    let weight = reshape(weight, (op.groups, outputs, inputs, taps))?;
    let weight = weight.try_permute::<_, Axes4<0, 3, 2, 1>>().map_err(Error::device)?;
    let weight = reshape(weight, (op.groups, taps * inputs, outputs))?;
    add_bias(channels_first(matmul(pixels, weight)?, op.groups, dims)?, bias)
}

/// What each output reads.
pub fn windows(op: &Conv2dOp) -> Windows {
    Windows::new(op.input, op.output, op.kernel, |axis, output, tap| {
        let at = output * op.stride[axis] + tap * op.dilation[axis];
        at.checked_sub(op.padding[axis]).filter(|&at| at < op.input[axis])
    })
}
