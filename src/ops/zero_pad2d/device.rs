//! Zeros around an image on any device.

use dfdx::prelude::*;

use crate::error::Error;
use crate::kernels::zero_pad2d::ZeroPad2dOp;
use crate::ops::device::{Windows, is_empty, of_nothing, shape, taps};
use crate::ops::erased::{Erased, reshape};

pub fn zero_pad2d<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    op: ZeroPad2dOp,
    x: Erased<E, D, T>,
) -> Result<Erased<E, D, T>, Error> {
    let [height, width] = op.output();
    let dims = [op.batch, op.channels, height, width];
    if is_empty(&x) {
        return of_nothing(dims, x, []);
    }
    let windows = Windows::new(op.input, op.output(), [1, 1], |axis, output, _| {
        output.checked_sub(op.padding[axis][0]).filter(|&at| at < op.input[axis])
    });
    reshape(taps(x, windows)?, shape(dims))
}
