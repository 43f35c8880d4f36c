//! Zeros around an image.

pub(super) mod cpu;
#[cfg(feature = "cuda")]
pub(super) mod cuda;
pub(super) mod device;

use dfdx::prelude::*;
use shapewright_shape::{Shape as Image, ZeroPad2d};

use super::device::composed;
use super::erased::check_numel;
use super::flow::{Flow, FlowDevice, Operand};
use crate::error::{Dims, Error};
use crate::kernels::zero_pad2d::ZeroPad2dOp;

const OP: &str = "zero_pad2d";

/// A device that can pad with zeros.
pub trait ZeroPad2dDevice<E: Dtype>: FlowDevice<E> {
    /// The padding that `op` describes, whose sizes are those of `x`. [`zero_pad2d()`] has checked
    /// them.
    fn zero_pad2d<T: Tape<E, Self>>(
        op: ZeroPad2dOp,
        x: Self::Flow<T>,
    ) -> Result<Self::Flow<T>, Error> {
        composed::<E, Self, T>(x, |x| device::zero_pad2d(op, x))
    }
}

/// Rows and columns of zeros around the image, as PyTorch's
/// [`ZeroPad2d`](https://pytorch.org/docs/stable/generated/torch.nn.ZeroPad2d.html).
///
/// # Shapes
///
/// - `x`: `(batch, channels, height, width)`; a batch of 0 is fine
/// - output: `(batch, channels, top + height + bottom, left + width + right)`
///
/// # Errors
///
/// An image without pixels, and sizes that no memory holds.
///
/// # Example
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops;
/// use shapewright_shape::ZeroPad2d;
///
/// let dev = Cpu::default();
/// let x = ops::erase(dev.tensor([[[[1.0, 2.0]]]]))?;
/// let y = ops::zero_pad2d(x, &ZeroPad2d { padding: [[1, 0], [0, 1]] })?;
/// assert_eq!(y.as_vec(), [0.0, 0.0, 0.0, 1.0, 2.0, 0.0]);
/// # Ok::<_, shapewright::error::Error>(())
/// ```
pub fn zero_pad2d<X: Operand>(x: X, pad: &ZeroPad2d) -> Result<X, Error>
where
    X::D: ZeroPad2dDevice<X::E>,
{
    let x = x.into_flow()?;
    let op = describe(x.dims(), pad)?;
    X::from_flow(Flow(X::D::zero_pad2d(op, x.0)?))
}

/// Checks the input against the options.
pub(super) fn describe(input: Dims, pad: &ZeroPad2d) -> Result<ZeroPad2dOp, Error> {
    let [batch, channels, height, width] = input;
    let image = Image::image(channels, height, width);
    let output = pad.output(image).map_err(|problem| Error::options(OP, input, problem))?;
    check_numel(OP, input, [batch, channels, output.dim(1), output.dim(2)])?;
    Ok(ZeroPad2dOp { batch, channels, input: [height, width], padding: pad.padding })
}
