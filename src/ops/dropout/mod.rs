//! Dropout.

pub(super) mod cpu;
#[cfg(feature = "cuda")]
pub(super) mod cuda;
pub(super) mod device;

use dfdx::prelude::*;
use shapewright_shape::{Dropout, Layer};

use super::device::composed;
use super::flow::{Flow, FlowDevice, Operand};
use crate::error::Error;

const OP: &str = "dropout";

/// A device that can drop.
pub trait DropoutDevice<E: Dtype>: FlowDevice<E> {
    /// The dropout of `x`. [`dropout()`] has checked the probability.
    fn dropout<T: Tape<E, Self>>(p: f64, x: Self::Flow<T>) -> Result<Self::Flow<T>, Error> {
        composed::<E, Self, T>(x, |x| device::dropout(p, x))
    }

    /// The same with whole channels.
    fn dropout2d<T: Tape<E, Self>>(p: f64, x: Self::Flow<T>) -> Result<Self::Flow<T>, Error> {
        composed::<E, Self, T>(x, |x| device::dropout2d(p, x))
    }
}

/// Inverted dropout, for training only: each element becomes 0 with probability `p`, and the
/// others are divided by `1 - p`, as PyTorch's
/// [`dropout`](https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html).
///
/// Which elements become 0 follows from the device's random numbers, so a device of the same seed
/// drops the same ones, or from those of [`seeded`](super::seeded). The gradient passes where the
/// element did.
///
/// # Errors
///
/// A probability that is not in `0..1`, and sizes that no memory holds.
///
/// # Example
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops;
/// use shapewright_shape::Dropout;
///
/// let dev = Cpu::seed_from_u64(1);
/// let x = ops::erase::<_, f32, _, _>(dev.ones::<Rank2<1, 1000>>())?;
/// let y = ops::dropout(x, &Dropout { p: 0.25 })?.as_vec();
/// assert!(y.iter().all(|&v| v == 0.0 || v == 1.0 / 0.75));
/// # Ok::<_, shapewright::error::Error>(())
/// ```
pub fn dropout<X: Operand>(x: X, dropout: &Dropout) -> Result<X, Error>
where
    X::D: DropoutDevice<X::E>,
{
    let x = x.into_flow()?;
    let wrong = |problem| Error::options(OP, x.dims(), problem);
    Layer::Dropout(*dropout).check_options().map_err(wrong)?;
    X::from_flow(Flow(X::D::dropout(dropout.p, x.0)?))
}

/// [`dropout()`] of whole channels: each plane of each image becomes 0 with probability `p`, as
/// PyTorch's
/// [`dropout2d`](https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout2d.html).
///
/// # Errors
///
/// As [`dropout()`].
///
/// # Example
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops;
/// use shapewright_shape::Dropout;
///
/// let dev = Cpu::seed_from_u64(1);
/// let x = ops::erase::<_, f32, _, _>(dev.ones::<Rank4<1, 100, 2, 2>>())?;
/// let y = ops::dropout2d(x, &Dropout { p: 0.5 })?.as_vec();
/// assert!(y.chunks(4).all(|plane| plane == [0.0; 4] || plane == [2.0; 4]));
/// # Ok::<_, shapewright::error::Error>(())
/// ```
pub fn dropout2d<X: Operand>(x: X, dropout: &Dropout) -> Result<X, Error>
where
    X::D: DropoutDevice<X::E>,
{
    let x = x.into_flow()?;
    let wrong = |problem| Error::options("dropout2d", x.dims(), problem);
    Layer::Dropout2d(*dropout).check_options().map_err(wrong)?;
    X::from_flow(Flow(X::D::dropout2d(dropout.p, x.0)?))
}
