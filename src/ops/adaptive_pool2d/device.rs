//! Adaptive pooling on any device.

use dfdx::prelude::*;
use shapewright_shape::AdaptiveKind;

use crate::error::Error;
use crate::kernels::adaptive_pool2d::AdaptivePool2dOp;
use crate::ops::device::{Windows, areas, divide, is_empty, largest, of_nothing, shape, sum, taps};
use crate::ops::erased::{Erased, reshape};

pub fn adaptive_pool2d<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    kind: AdaptiveKind,
    op: AdaptivePool2dOp,
    x: Erased<E, D, T>,
) -> Result<Erased<E, D, T>, Error> {
    let dims = [op.batch, op.channels, op.output[0], op.output[1]];
    if is_empty(&x) {
        return of_nothing(dims, x, []);
    }
    let bins = [op.bins(0), op.bins(1)];
    let sizes = [0, 1].map(|axis| bins[axis].iter().map(ExactSizeIterator::len).collect());
    let [rows, columns]: [Vec<usize>; 2] = sizes;
    // Windows as large as the largest bin; what is more than their own is outside.
    let most = [&rows, &columns].map(|sizes| sizes.iter().copied().max().unwrap_or(0));
    let windows = Windows::new(op.input, op.output, most, |axis, output, tap| {
        bins[axis][output].clone().nth(tap)
    });
    let y = match kind {
        AdaptiveKind::Avg => divide(sum(taps(x, windows)?)?, &areas(&rows, &columns))?,
        AdaptiveKind::Max => largest(x, &windows)?,
    };
    reshape(y, shape(dims))
}
