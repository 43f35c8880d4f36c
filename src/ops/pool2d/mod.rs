//! Pooling of windows.

pub(super) mod cpu;
#[cfg(feature = "cuda")]
pub(super) mod cuda;
pub(super) mod device;

use dfdx::prelude::*;
use shapewright_shape::{Pool2d, PoolKind, Problem};

use super::device::composed;
use super::erased::check_numel;
use super::flow::{Flow, FlowDevice, Operand};
use super::window::{check_padded, distance};
use crate::error::{Dims, Error};
use crate::kernels::pool2d::{NO_PIXEL, Pool2dOp};

/// A device that can pool.
pub trait Pool2dDevice<E: Dtype>: FlowDevice<E> {
    /// The pooling that `op` describes, whose sizes are those of `x`. [`pool2d()`] has checked
    /// them.
    fn pool2d<T: Tape<E, Self>>(
        kind: PoolKind,
        op: Pool2dOp,
        x: Self::Flow<T>,
    ) -> Result<Self::Flow<T>, Error> {
        composed::<E, Self, T>(x, |x| device::pool2d(kind, op, x))
    }
}

/// One pixel for each window of each channel: its maximum, minimum, mean or power average, as
/// PyTorch's
/// [`max_pool2d`](https://pytorch.org/docs/stable/generated/torch.nn.functional.max_pool2d.html),
/// [`avg_pool2d`](https://pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool2d.html)
/// and [`lp_pool2d`](https://pytorch.org/docs/stable/generated/torch.nn.functional.lp_pool2d.html).
///
/// `y[n, c, i, j]` is taken over `x[n, c, i·s - p + k·d, j·s - p + l·d]` with stride `s`, padding
/// `p` and dilation `d`. Padding never wins a maximum; it counts as zeros in a mean, or not at all
/// without `count_include_pad`. The gradient of a maximum goes to the *first* of equal pixels, in
/// the order of rows, and a NaN wins over any number. The gradient of a power average of 0 is 0.
///
/// # Shapes
///
/// - `x`: `(batch, channels, height, width)`; a batch of 0 is fine
/// - output: `(batch, channels, height', width')`, where
///   `height' = floor((height + top + bottom - dilation·(kernel - 1) - 1) / stride) + 1`; with
///   `ceil_mode` rounded up, but the last window starts inside the image or its left padding
///
/// # Errors
///
/// Illegal options, a window larger than the padded image, padding of over half the window, and
/// sizes that no memory holds.
///
/// # Example
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops;
/// use shapewright_shape::Pool2d;
///
/// let dev = Cpu::default();
/// let x = ops::erase(dev.tensor([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]]]))?;
/// // The third row and column are left over.
/// let y = ops::pool2d(x.clone(), &Pool2d::max([2, 2]))?;
/// assert_eq!(y.as_vec(), [5.0]);
/// let y = ops::pool2d(x, &Pool2d { stride: [1, 1], ..Pool2d::avg([2, 2]) })?;
/// assert_eq!(y.as_vec(), [3.0, 4.0, 6.0, 7.0]);
/// # Ok::<_, shapewright::error::Error>(())
/// ```
pub fn pool2d<X: Operand>(x: X, pool: &Pool2d) -> Result<X, Error>
where
    X::D: Pool2dDevice<X::E>,
{
    X::from_flow(self::pool(name(pool.kind), x.into_flow()?, pool)?)
}

/// The pool that goes by this name.
pub(super) fn pool<E: Dtype, D: Pool2dDevice<E>, T: Tape<E, D>>(
    name: &'static str,
    x: Flow<E, D, T>,
    pool: &Pool2d,
) -> Result<Flow<E, D, T>, Error> {
    let op = describe(name, x.dims(), pool)?;
    Ok(Flow(D::pool2d(pool.kind, op, x.0)?))
}

const fn name(kind: PoolKind) -> &'static str {
    match kind {
        PoolKind::Max => "max_pool2d",
        PoolKind::Min => "min_pool2d",
        PoolKind::Avg { .. } => "avg_pool2d",
        PoolKind::Lp { .. } => "lp_pool2d",
    }
}

/// Checks the input against the options.
pub(super) fn describe(name: &'static str, input: Dims, pool: &Pool2d) -> Result<Pool2dOp, Error> {
    let [batch, channels, height, width] = input;
    let wrong = |problem| Error::options(name, input, problem);
    pool.check_options().map_err(wrong)?;
    if matches!(pool.kind, PoolKind::Avg { .. }) && pool.dilation != [1, 1] {
        return Err(Error::AverageDilation { op: name, input, dilation: pool.dilation });
    }
    let [h, w] = pool.place(height, width).map_err(wrong)?;
    let output = [h.output, w.output];
    check_padded(name, input, [h, w])?;
    // The multiplications of a pass must be countable, and a winner's place must fit its index.
    let taps = pool.kernel[0].checked_mul(pool.kernel[1]).ok_or(wrong(Problem::Overflow))?;
    let windows = h.output.checked_mul(w.output).ok_or(wrong(Problem::Overflow))?;
    check_numel(name, input, [batch, channels, windows, taps])?;
    match height.checked_mul(width) {
        Some(pixels) if pixels < NO_PIXEL as usize => {}
        _ => return Err(wrong(Problem::Overflow)),
    }
    Ok(Pool2dOp {
        batch,
        channels,
        input: [height, width],
        output,
        kernel: pool.kernel,
        stride: distance(pool.stride, output),
        dilation: distance(pool.dilation, pool.kernel),
        padding: [[h.pad_lo, h.pad_hi], [w.pad_lo, w.pad_hi]],
    })
}
