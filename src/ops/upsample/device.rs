//! Upsampling on any device.

use dfdx::prelude::*;
use shapewright_shape::UpsampleMode;

use crate::error::Error;
use crate::kernels::upsample2d::{Upsample2dOp, places, sources};
use crate::ops::device::{Windows, is_empty, number, of_nothing, shape, sum, taps};
use crate::ops::erased::{Erased, reshape};

pub fn upsample<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    mode: UpsampleMode,
    op: Upsample2dOp,
    x: Erased<E, D, T>,
) -> Result<Erased<E, D, T>, Error> {
    let dims = [op.batch, op.channels, op.output[0], op.output[1]];
    if is_empty(&x) {
        return of_nothing(dims, x, []);
    }
    match mode {
        UpsampleMode::Nearest => {
            let sources = [0, 1].map(|axis| sources(&op, axis));
            let pixel = |axis: usize, output: usize, _| Some(sources[axis][output]);
            reshape(taps(x, Windows::new(op.input, op.output, [1, 1], pixel))?, shape(dims))
        }
        UpsampleMode::Bilinear { align_corners } => {
            reshape(bilinear(&op, align_corners, x)?, shape(dims))
        }
    }
}

/// The sum of the four pixels around, each times what it counts.
fn bilinear<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    op: &Upsample2dOp,
    align_corners: bool,
    x: Erased<E, D, T>,
) -> Result<Tensor<(usize, usize), E, D, T>, Error> {
    let places = [0, 1].map(|axis| places::<f64>(op, axis, align_corners));
    let pixel = |axis: usize, output: usize, tap: usize| Some(places[axis][output].pixels[tap]);
    let pixels = taps(x, Windows::new(op.input, op.output, [2, 2], pixel))?;

    let (_, outputs, taps) = *pixels.shape();
    let mut weights = Vec::with_capacity(outputs * taps);
    for row in &places[0] {
        for column in &places[1] {
            let products = row.weights.iter().flat_map(|y| column.weights.map(|x| y * x));
            weights.extend(products.map(number::<E>));
        }
    }
    let device = pixels.device();
    let weights: Tensor<_, E, D> =
        device.try_tensor_from_vec(weights, (outputs, taps)).map_err(Error::device)?;
    let weights =
        weights.try_broadcast_like::<_, Axis<0>>(pixels.shape()).map_err(Error::device)?;
    sum(pixels.try_mul(weights).map_err(Error::device)?)
}
