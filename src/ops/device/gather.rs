//! Pixels by their numbers.

use dfdx::prelude::*;

use super::{filled, shape};
use crate::error::{Dims, Error};
use crate::ops::erased::{Erased, reshape};

/// Images as `(images, pixels, channels)`: the channels of a pixel move together.
pub type Pixels<E, D, T> = Tensor<(usize, usize, usize), E, D, T>;

/// dfdx's kernels on Cuda count in 32 bits.
const MOST: usize = u32::MAX as usize;

/// The pixels of each image that `table` names, in its order. The number after the last pixel
/// names one that is `nothing` in all channels, and takes up no gradient.
pub fn gather<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Pixels<E, D, T>,
    table: Vec<usize>,
    nothing: f64,
) -> Result<Pixels<E, D, T>, Error> {
    let (images, pixels, channels) = *x.shape();
    if table.iter().copied().eq(0..pixels) {
        return Ok(x);
    }
    let len = images.checked_mul(channels).and_then(|n| n.checked_mul(table.len()));
    if len.is_none_or(|len| len > MOST) {
        let each = format!("{images} images of {channels} channels");
        let count = table.len();
        return Err(Error::device(format!("{count} pixels of {each} are more than it counts")));
    }
    let device = x.device().clone();
    let x = match table.contains(&pixels) {
        true => {
            let column = filled(&device, &(images, 1, channels), nothing)?;
            (x, column).try_concat_along(Axis::<1>).map_err(Error::device)?
        }
        false => x,
    };
    // One table for all images: its distance from one to the next is 0.
    let shape = (images, table.len());
    let table = device.try_tensor_from_vec(table, (shape.1,)).map_err(Error::device)?;
    let table = table.try_broadcast_like::<_, Axis<0>>(&shape).map_err(Error::device)?;
    x.try_gather(table).map_err(Error::device)
}

/// `(batch, groups · channels, height, width)` as `(groups · batch, pixels, channels)`.
pub fn channels_last<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Erased<E, D, T>,
    groups: usize,
) -> Result<Pixels<E, D, T>, Error> {
    let (batch, channels, height, width) = *x.shape();
    let (channels, pixels) = (channels / groups, height * width);
    let x = reshape(x, (batch, groups, channels, pixels))?;
    let x = x.try_permute::<_, Axes4<1, 0, 3, 2>>().map_err(Error::device)?;
    reshape(x, (groups * batch, pixels, channels))
}

/// Back again, to an image of the sizes `dims`. `x` may be of any shape that has its elements in
/// that order.
pub fn channels_first<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Pixels<E, D, T>,
    groups: usize,
    dims: Dims,
) -> Result<Erased<E, D, T>, Error> {
    let [batch, channels, height, width] = dims;
    let x = reshape(x, (groups, batch, height * width, channels / groups))?;
    let x = x.try_permute::<_, Axes4<1, 0, 3, 2>>().map_err(Error::device)?;
    reshape(x, shape(dims))
}
