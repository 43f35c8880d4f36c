//! Images at another size.

pub(super) mod cpu;
#[cfg(feature = "cuda")]
pub(super) mod cuda;
pub(super) mod device;

use dfdx::prelude::*;
use shapewright_shape::{Shape as Image, Upsample, UpsampleMode};

use super::device::composed;
use super::erased::check_numel;
use super::flow::{Flow, FlowDevice, Operand};
use crate::error::{Dims, Error};
use crate::kernels::upsample2d::Upsample2dOp;

const OP: &str = "upsample";

/// A device that can upsample.
pub trait UpsampleDevice<E: Dtype>: FlowDevice<E> {
    /// The upsampling that `op` describes, whose sizes are those of `x`. [`upsample()`] has
    /// checked them.
    fn upsample<T: Tape<E, Self>>(
        mode: UpsampleMode,
        op: Upsample2dOp,
        x: Self::Flow<T>,
    ) -> Result<Self::Flow<T>, Error> {
        composed::<E, Self, T>(x, |x| device::upsample(mode, op, x))
    }
}

/// The image at another size, by the nearest pixel or between the four around, as PyTorch's
/// [`interpolate`](https://pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html).
///
/// Each [`UpsampleMode`] has its formula.
///
/// # Shapes
///
/// - `x`: `(batch, channels, height, width)`; a batch of 0 is fine
/// - output: `(batch, channels, height', width')`, where `height' = height · scale`, or the size
///   that is given
///
/// # Errors
///
/// An image without pixels, a scale or size of 0, and sizes that no memory holds.
///
/// # Example
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops;
/// use shapewright_shape::{Upsample, UpsampleMode};
///
/// let dev = Cpu::default();
/// let x = ops::erase(dev.tensor([[[[0.0, 2.0]]]]))?;
/// let nearest = Upsample::size(1, 4);
/// assert_eq!(ops::upsample(x.clone(), &nearest)?.as_vec(), [0.0, 0.0, 2.0, 2.0]);
/// let bilinear = UpsampleMode::Bilinear { align_corners: false };
/// let bilinear = Upsample { mode: bilinear, ..nearest };
/// assert_eq!(ops::upsample(x, &bilinear)?.as_vec(), [0.0, 0.5, 1.5, 2.0]);
/// # Ok::<_, shapewright::error::Error>(())
/// ```
pub fn upsample<X: Operand>(x: X, upsample: &Upsample) -> Result<X, Error>
where
    X::D: UpsampleDevice<X::E>,
{
    let x = x.into_flow()?;
    let op = describe(x.dims(), upsample)?;
    X::from_flow(Flow(X::D::upsample(upsample.mode, op, x.0)?))
}

/// Checks the input against the options.
pub(super) fn describe(input: Dims, upsample: &Upsample) -> Result<Upsample2dOp, Error> {
    let [batch, channels, height, width] = input;
    let image = Image::image(channels, height, width);
    let output = upsample.output(image).map_err(|problem| Error::options(OP, input, problem))?;
    let output = [output.dim(1), output.dim(2)];
    check_numel(OP, input, [batch, channels, output[0], output[1]])?;
    Ok(Upsample2dOp { batch, channels, input: [height, width], output })
}
