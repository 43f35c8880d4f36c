//! Dropout on any device: the mask is drawn here, as for `Cpu`.

use dfdx::prelude::*;

use crate::error::Error;
use crate::kernels::dropout::draw;
use crate::ops::device::{is_empty, number, of_nothing};
use crate::ops::erased::Erased;
use crate::ops::random;

pub fn dropout<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    p: f64,
    x: Erased<E, D, T>,
) -> Result<Erased<E, D, T>, Error> {
    let shape = *x.shape();
    let mask = mask(p, x.device(), shape)?;
    apply(x, mask)
}

pub fn dropout2d<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    p: f64,
    x: Erased<E, D, T>,
) -> Result<Erased<E, D, T>, Error> {
    let (batch, channels, ..) = *x.shape();
    let mask = mask(p, x.device(), (batch, channels))?;
    let mask = mask.try_broadcast_like::<_, Axes2<2, 3>>(x.shape()).map_err(Error::device)?;
    apply(x, mask)
}

/// 0 for what is dropped, for the rest what it grows by.
fn mask<S: Shape, E: Dtype, D: Device<E>>(
    p: f64,
    device: &D,
    shape: S,
) -> Result<Tensor<S, E, D>, Error> {
    let scale = number((1.0 - p).recip());
    let kept = draw(shape.num_elements(), p, random::draw(device));
    let mask: Vec<E> =
        kept.into_iter().map(|kept| if kept { scale } else { E::default() }).collect();
    device.try_tensor_from_vec(mask, shape).map_err(Error::device)
}

fn apply<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Erased<E, D, T>,
    mask: Erased<E, D>,
) -> Result<Erased<E, D, T>, Error> {
    if is_empty(&x) {
        return of_nothing(x.shape().concrete(), x, []);
    }
    x.try_mul(mask).map_err(Error::device)
}
