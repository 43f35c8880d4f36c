//! Transposed convolution on any device: what each pixel paints is a product of matrices, and
//! what falls onto each pixel of the output is gathered and added up.

use dfdx::prelude::*;

use crate::error::Error;
use crate::kernels::conv2d::Conv2dOp;
use crate::ops::conv2d::device::windows;
use crate::ops::device::{
    add_bias, channels_first, channels_last, gather, is_empty, matmul, of_nothing,
};
use crate::ops::erased::{Erased, reshape};

pub fn conv_transpose2d<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    op: Conv2dOp,
    x: Erased<E, D, T>,
    weight: Erased<E, D, T>,
    bias: Option<Erased<E, D, T>>,
) -> Result<Erased<E, D, T>, Error> {
    // The input and output of the convolution that is transposed change places.
    let dims = [op.batch, op.in_channels, op.input[0], op.input[1]];
    if is_empty(&x) {
        return of_nothing(dims, x, [weight].into_iter().chain(bias));
    }
    let (inputs, outputs) = (op.out_channels / op.groups, op.in_channels / op.groups);
    let (images, pixels) = (op.groups * op.batch, op.output[0] * op.output[1]);
    let windows = windows(&op);
    let x = reshape(channels_last(x, op.groups)?, (op.groups, op.batch * pixels, inputs))?;

    let weight = reshape(weight, (op.groups, inputs, outputs, windows.taps))?;
    let weight = weight.try_permute::<_, Axes4<0, 1, 3, 2>>().map_err(Error::device)?;
    let weight = reshape(weight, (op.groups, inputs, windows.taps * outputs))?;
    let painted = reshape(matmul(x, weight)?, (images, pixels * windows.taps, outputs))?;

    let windows = windows.transposed();
    let painted = gather(painted, windows.table, 0.0)?;
    let painted = reshape(painted, (images, op.input[0] * op.input[1], windows.taps, outputs))?;
    let y = painted.try_sum::<_, Axis<2>>().map_err(Error::device)?;
    add_bias(channels_first(y, op.groups, dims)?, bias)
}
