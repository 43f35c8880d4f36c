//! Adaptive and global pooling.

pub(super) mod cpu;
#[cfg(feature = "cuda")]
pub(super) mod cuda;
pub(super) mod device;

use dfdx::prelude::*;
use shapewright_shape::{AdaptiveKind, AdaptivePool2d, Problem, Shape as Image};

use super::device::composed;
use super::erased::check_numel;
use super::flow::{Flow, FlowDevice, Operand};
use crate::error::{Dims, Error};
use crate::kernels::adaptive_pool2d::AdaptivePool2dOp;

/// A device that can pool to a given size.
pub trait AdaptivePool2dDevice<E: Dtype>: FlowDevice<E> {
    /// The pooling that `op` describes, whose sizes are those of `x`. [`adaptive_pool2d()`] has
    /// checked them.
    fn adaptive_pool2d<T: Tape<E, Self>>(
        kind: AdaptiveKind,
        op: AdaptivePool2dOp,
        x: Self::Flow<T>,
    ) -> Result<Self::Flow<T>, Error> {
        composed::<E, Self, T>(x, |x| device::adaptive_pool2d(kind, op, x))
    }
}

/// The mean or the maximum of each bin of each channel, as PyTorch's
/// [`adaptive_avg_pool2d`](https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool2d.html)
/// and [`adaptive_max_pool2d`](https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_max_pool2d.html).
///
/// Bin `i` of an axis are the pixels from `floor(i · input / output)` up to
/// `ceil((i + 1) · input / output)`, without that one. The gradient of a maximum goes to the
/// *first* of equal pixels, in the order of rows, and a NaN wins over any number.
///
/// # Shapes
///
/// - `x`: `(batch, channels, height, width)`; a batch of 0 is fine
/// - output: `(batch, channels, height', width')` as the options say; 1 by 1 for a global pool
///
/// # Errors
///
/// An image or an output without pixels, and sizes that no memory holds.
///
/// # Example
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops;
/// use shapewright_shape::{AdaptiveKind, AdaptivePool2d};
///
/// let dev = Cpu::default();
/// let x = ops::erase(dev.tensor([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]]))?;
/// let halves = AdaptivePool2d { kind: AdaptiveKind::Avg, output: Some([1, 2]) };
/// // The bins share the column in the middle.
/// assert_eq!(ops::adaptive_pool2d(x.clone(), &halves)?.as_vec(), [3.0, 4.0]);
/// let global = AdaptivePool2d { kind: AdaptiveKind::Max, output: None };
/// assert_eq!(ops::adaptive_pool2d(x, &global)?.as_vec(), [6.0]);
/// # Ok::<_, shapewright::error::Error>(())
/// ```
pub fn adaptive_pool2d<X: Operand>(x: X, pool: &AdaptivePool2d) -> Result<X, Error>
where
    X::D: AdaptivePool2dDevice<X::E>,
{
    let x = x.into_flow()?;
    let op = describe(x.dims(), pool)?;
    X::from_flow(Flow(X::D::adaptive_pool2d(pool.kind, op, x.0)?))
}

const fn name(kind: AdaptiveKind) -> &'static str {
    match kind {
        AdaptiveKind::Avg => "adaptive_avg_pool2d",
        AdaptiveKind::Max => "adaptive_max_pool2d",
    }
}

/// Checks the input against the options.
pub(super) fn describe(input: Dims, pool: &AdaptivePool2d) -> Result<AdaptivePool2dOp, Error> {
    let [batch, channels, height, width] = input;
    let op = name(pool.kind);
    let wrong = |problem| Error::options(op, input, problem);
    pool.output(Image::image(channels, height, width)).map_err(wrong)?;
    let [h, w] = pool.size();
    check_numel(op, input, [batch, channels, h, w])?;
    // A winner's place must fit its index.
    match height.checked_mul(width) {
        Some(pixels) if pixels <= u32::MAX as usize => {}
        _ => return Err(wrong(Problem::Overflow)),
    }
    Ok(AdaptivePool2dOp { batch, channels, input: [height, width], output: [h, w] })
}
