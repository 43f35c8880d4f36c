//! Activations, and softmax along the channels.

pub(super) mod cpu;
#[cfg(feature = "cuda")]
pub(super) mod cuda;
pub(super) mod device;

use dfdx::prelude::*;
use shapewright_shape::Activation;

use super::device::composed;
use super::flow::{Flow, FlowDevice, Operand};
use crate::error::Error;

/// A device that can run activations.
pub trait ActivationDevice<E: Dtype>: FlowDevice<E> {
    /// The activation of `x`.
    fn activation<T: Tape<E, Self>>(
        kind: Activation,
        x: Self::Flow<T>,
    ) -> Result<Self::Flow<T>, Error> {
        composed::<E, Self, T>(x, |x| device::activation(kind, x))
    }
}

/// A function of each element, or a softmax along the channels (the features of a feature
/// vector). Each [`Activation`] has its formula; they are those of
/// [PyTorch](https://pytorch.org/docs/stable/nn.functional.html#non-linear-activation-functions).
///
/// # Shapes
///
/// The output's is the input's, `(batch, channels, height, width)`.
///
/// # Errors
///
/// Sizes that no memory holds.
///
/// # Example
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops;
/// use shapewright_shape::Activation;
///
/// let dev = Cpu::default();
/// let x = ops::erase(dev.tensor([[-2.0, 3.0]]))?;
/// assert_eq!(ops::activation(x.clone(), Activation::ReLU)?.as_vec(), [0.0, 3.0]);
/// assert_eq!(ops::activation(x, Activation::LeakyReLU { slope: 0.5 })?.as_vec(), [-1.0, 3.0]);
/// # Ok::<_, shapewright::error::Error>(())
/// ```
pub fn activation<X: Operand>(x: X, kind: Activation) -> Result<X, Error>
where
    X::D: ActivationDevice<X::E>,
{
    let x = x.into_flow()?;
    X::from_flow(Flow(X::D::activation(kind, x.0)?))
}
