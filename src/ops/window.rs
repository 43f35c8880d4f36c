//! What convolutions and pools share: sizes that their kernels can count on.

use shapewright_shape::{Placement, Problem, Shape};

use crate::error::{Dims, Error};

/// The most pixels of a padded image with all its channels: 64 GiB of `f32`.
const MOST: usize = 1 << 34;

/// `Err` if an image with its padding is larger than a kernel could copy, or count.
pub(super) fn check_padded(
    op: &'static str,
    input: Dims,
    placements: [Placement; 2],
) -> Result<(), Error> {
    let padded = |size: usize, p: Placement| size.checked_add(p.pad_lo)?.checked_add(p.pad_hi);
    let [_, channels, height, width] = input;
    let pixels = padded(height, placements[0])
        .zip(padded(width, placements[1]))
        .and_then(|(h, w)| h.checked_mul(w)?.checked_mul(channels.max(1)));
    match pixels {
        Some(pixels) if pixels <= MOST => Ok(()),
        _ => Err(Error::options(op, input, Problem::Overflow)),
    }
}

/// `Err` if an input is no sequence, or none that a layer takes.
pub(super) fn check_sequence(
    op: &'static str,
    input: Dims,
    output: impl FnOnce(Shape) -> Result<Shape, Problem>,
) -> Result<(), Error> {
    let [_, channels, height, length] = input;
    let sequence = match height {
        1 => Shape::sequence(channels, length),
        _ => Shape::image(channels, height, length),
    };
    output(sequence).map_err(|problem| Error::options(op, input, problem))?;
    Ok(())
}

/// The distance between windows or taps, which may be absurd if there is only one of them.
pub(super) fn distance(distance: [usize; 2], count: [usize; 2]) -> [usize; 2] {
    [0, 1].map(|axis| if count[axis] == 1 { 1 } else { distance[axis] })
}
