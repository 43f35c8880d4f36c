//! What is taken of the pixels of a window.

use dfdx::prelude::*;

use super::{Pixels, Windows, gather, number};
use crate::error::Error;
use crate::ops::erased::{Erased, reshape};

/// A number for each output of each plane.
pub type Planes<E, D, T> = Tensor<(usize, usize), E, D, T>;

/// The pixels of each window, `(planes, outputs, taps)`, with zeros outside of the image.
pub fn taps<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Erased<E, D, T>,
    windows: Windows,
) -> Result<Pixels<E, D, T>, Error> {
    let x = planes(x)?;
    let shape = (x.shape().0, windows.table.len() / windows.taps, windows.taps);
    reshape(gather(x, windows.table, 0.0)?, shape)
}

/// The sum of each window.
pub fn sum<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    taps: Pixels<E, D, T>,
) -> Result<Planes<E, D, T>, Error> {
    taps.try_sum::<_, Axis<2>>().map_err(Error::device)
}

/// `y` divided by a number for each output.
pub fn divide<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    y: Planes<E, D, T>,
    divisors: &[f64],
) -> Result<Planes<E, D, T>, Error> {
    let divisors = divisors.iter().map(|&divisor| number(divisor)).collect();
    let outputs = (y.shape().1,);
    let divisors: Tensor<_, E, D> =
        y.device().try_tensor_from_vec(divisors, outputs).map_err(Error::device)?;
    let divisors = divisors.try_broadcast_like::<_, Axis<0>>(y.shape()).map_err(Error::device)?;
    y.try_div(divisors).map_err(Error::device)
}

/// The largest pixel of each window: the first of equal ones, but of NaNs, which win over any
/// number, the last. A window without pixels gives -∞.
///
/// As in a tournament the winners of each round meet in the next one, neighbours each time, so
/// that there are few rounds and the earlier pixel is always the first of two.
pub fn largest<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Erased<E, D, T>,
    windows: &Windows,
) -> Result<Planes<E, D, T>, Error> {
    let (mut x, mut candidates) = (planes(x)?, windows.candidates());
    let outputs = candidates[0].len();
    while let [_, _, ..] = &candidates[..] {
        let earlier: Vec<_> = candidates.iter().step_by(2).flatten().copied().collect();
        let mut later: Vec<_> = candidates.iter().skip(1).step_by(2).flatten().copied().collect();
        // Whoever is left over meets itself.
        later.extend_from_slice(&earlier[later.len()..]);
        let earlier = gather(x.with_empty_tape(), earlier, f64::NEG_INFINITY)?;
        x = larger(gather(x, later, f64::NEG_INFINITY)?, earlier)?;
        let round = |i| (i * outputs..(i + 1) * outputs).collect();
        candidates = (0..candidates.len().div_ceil(2)).map(round).collect();
    }
    let planes = x.shape().0;
    reshape(gather(x, candidates.concat(), f64::NEG_INFINITY)?, (planes, outputs))
}

/// Where `later` is larger or NaN that, else `earlier`.
fn larger<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    later: Pixels<E, D, T>,
    earlier: Pixels<E, D, T>,
) -> Result<Pixels<E, D, T>, Error> {
    let device = earlier.device().clone();
    let larger = later.try_gt(&earlier).map_err(Error::device)?;
    let nan = later.try_ne(&later).map_err(Error::device)?;
    let wins = device.or(&larger, &nan).map_err(Error::device)?;
    wins.try_choose(later, earlier).map_err(Error::device)
}

/// Each channel of each image by itself.
fn planes<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Erased<E, D, T>,
) -> Result<Pixels<E, D, T>, Error> {
    let (batch, channels, height, width) = *x.shape();
    reshape(x, (batch * channels, height * width, 1))
}
