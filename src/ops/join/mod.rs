//! Branches that come together: their sum, or their channels side by side.

pub(super) mod cpu;
#[cfg(feature = "cuda")]
pub(super) mod cuda;
#[allow(dead_code, reason = "for other devices than `Cpu`")]
pub(super) mod device;

use dfdx::prelude::*;
use shapewright_shape::Problem;

use super::erased::check_numel;
use super::flow::{Flow, FlowDevice};
use super::kept::Kept;
use crate::error::{Dims, Error};

/// A device that can join branches.
pub trait JoinDevice<E: Dtype>: FlowDevice<E> {
    /// `x + other`. [`add()`] has checked that the shapes are the same.
    fn add<T: Tape<E, Self>>(x: Self::Flow<T>, other: Self::Kept) -> Result<Self::Flow<T>, Error>;

    /// The channels of `before` in order, and then those of `x`, together `dims`. [`concat()`]
    /// has checked that the shapes are the same otherwise.
    fn concat<T: Tape<E, Self>>(
        before: Vec<Self::Kept>,
        x: Self::Flow<T>,
        dims: Dims,
    ) -> Result<Self::Flow<T>, Error>;
}

/// The sum of two branches, `y = x + other`, as of a
/// [residual block](https://arxiv.org/abs/1512.03385). Both get the gradient of the sum.
///
/// # Shapes
///
/// All are `(batch, channels, height, width)`.
///
/// # Errors
///
/// Shapes that differ; nothing is broadcast.
///
/// # Example
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops::{self, Flow};
/// use shapewright_shape::Activation;
///
/// let dev = Cpu::default();
/// let x = Flow::enter(ops::erase(dev.tensor([[-1.0, 2.0]]))?)?;
/// let kept = x.keep();
/// let x = ops::activation(x, Activation::ReLU)?;
/// let y = ops::add(x, kept)?;
/// assert_eq!(y.leave()?.as_vec(), [-1.0, 4.0]);
/// # Ok::<_, shapewright::error::Error>(())
/// ```
pub fn add<E: Dtype, D: JoinDevice<E>, T: Tape<E, D>>(
    x: Flow<E, D, T>,
    other: Kept<E, D>,
) -> Result<Flow<E, D, T>, Error> {
    let (first, x_dims) = (other.dims(), x.dims());
    if first != x_dims {
        let same = "the shapes of what is added";
        return Err(Error::Branches { op: "add", first, other: x_dims, same });
    }
    Ok(Flow(D::add(x.0, other.0)?))
}

/// The sum of several branches, as [`add()`] twice and more.
///
/// # Errors
///
/// Shapes that differ.
pub fn sum<E: Dtype, D: JoinDevice<E>, T: Tape<E, D>>(
    before: Vec<Kept<E, D>>,
    x: Flow<E, D, T>,
) -> Result<Flow<E, D, T>, Error> {
    before.into_iter().try_fold(x, add)
}

/// The channels of several branches side by side, the flow's own last: as
/// [`torch.cat(…, dim=1)`](https://pytorch.org/docs/stable/generated/torch.cat.html).
///
/// # Shapes
///
/// - each branch: `(batch, its channels, height, width)`; a feature vector's channels are its
///   features
/// - output: `(batch, sum of the channels, height, width)`
///
/// # Errors
///
/// Batches, heights or widths that differ, and sizes that no memory holds.
///
/// # Example
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops::{self, Flow};
/// use shapewright_shape::Activation;
///
/// let dev = Cpu::default();
/// let x = Flow::enter(ops::erase(dev.tensor([[-1.0, 2.0], [3.0, -4.0]]))?)?;
/// let kept = x.keep();
/// let x = ops::activation(x, Activation::ReLU)?;
/// let y = ops::concat(vec![kept], x)?.leave()?;
/// assert_eq!(y.shape(), &(2, 4, 1, 1));
/// assert_eq!(y.as_vec(), [-1.0, 2.0, 0.0, 2.0, 3.0, -4.0, 3.0, 0.0]);
/// # Ok::<_, shapewright::error::Error>(())
/// ```
pub fn concat<E: Dtype, D: JoinDevice<E>, T: Tape<E, D>>(
    before: Vec<Kept<E, D>>,
    x: Flow<E, D, T>,
) -> Result<Flow<E, D, T>, Error> {
    let branches: Vec<Dims> = before.iter().map(Kept::dims).chain([x.dims()]).collect();
    let dims = side_by_side(&branches)?;
    let before = before.into_iter().map(|kept| kept.0).collect();
    Ok(Flow(D::concat(before, x.0, dims)?))
}

/// The shape of all `branches`, of which there is one at least, along the channels.
fn side_by_side(branches: &[Dims]) -> Result<Dims, Error> {
    let first @ [batch, _, height, width] = branches[0];
    let mut channels = 0usize;
    for &other in branches {
        let [b, c, h, w] = other;
        if [b, h, w] != [batch, height, width] {
            let same = "all but the channels";
            return Err(Error::Branches { op: "concat", first, other, same });
        }
        let overflow = || Error::options("concat", other, Problem::Overflow);
        channels = channels.checked_add(c).ok_or_else(overflow)?;
    }
    let dims = [batch, channels, height, width];
    check_numel("concat", first, dims)?;
    Ok(dims)
}
