//! A scale and a shift of each channel: what a batch normalisation is once its statistics are kept.

use super::Element;
use super::parallel::pieces;

/// The sizes of what is scaled and shifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AffineOp {
    /// Images.
    pub batch: usize,
    /// Channels, each with a scale and a shift.
    pub channels: usize,
    /// Pixels of a plane; 1 for features.
    pub inner: usize,
}

/// `y = scale · x + shift`, and 0 where that is negative if `relu`; overwrites `y`.
pub fn forward<E: Element>(
    op: &AffineOp,
    [scale, shift]: [&[E]; 2],
    relu: bool,
    x: &[E],
    y: &mut [E],
) {
    let image = op.channels * op.inner;
    assert_eq!([x.len(), y.len()], [op.batch * image; 2]);
    assert_eq!([scale.len(), shift.len()], [op.channels; 2]);
    let least = if relu { E::zero() } else { E::neg_infinity() };
    // A NaN is not less, and stays.
    let value = |x: E, scale: E, shift: E| {
        let y = x * scale + shift;
        if y < least { least } else { y }
    };
    if op.inner == 1 {
        return pieces(y.len(), y, image, |n, y| {
            let x = &x[n * image..];
            for (((y, &x), &scale), &shift) in y.iter_mut().zip(x).zip(scale).zip(shift) {
                *y = value(x, scale, shift);
            }
        });
    }
    pieces(y.len(), y, op.inner, |i, y| {
        let (scale, shift) = (scale[i % op.channels], shift[i % op.channels]);
        y.iter_mut().zip(&x[i * op.inner..]).for_each(|(y, &x)| *y = value(x, scale, shift));
    });
}
