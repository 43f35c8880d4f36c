//! What an optimiser does to gradients, beside dfdx's own updates.

mod cpu;
#[cfg(feature = "cuda")]
mod cuda;

use dfdx::prelude::*;

use crate::error::Error;

/// A device whose gradients can be measured, scaled and set: for clipping, and for the moments of
/// optimisers, which dfdx keeps in the form of gradients.
///
/// Each method takes the tensor that the gradient is of. If it has none, it is given one of zeros.
pub trait GradientDevice<E: Dtype>: Device<E> {
    /// The sum of the squares of its elements.
    ///
    /// # Errors
    ///
    /// If the device is out of memory; so do the other methods.
    fn sum_of_squares<S: Shape>(
        gradients: &mut Gradients<E, Self>,
        of: &Tensor<S, E, Self>,
    ) -> Result<f64, Error>;

    /// Multiplies it by `factor`.
    ///
    /// # Errors
    ///
    /// As [`sum_of_squares`](GradientDevice::sum_of_squares).
    fn scale<S: Shape>(
        gradients: &mut Gradients<E, Self>,
        of: &Tensor<S, E, Self>,
        factor: f64,
    ) -> Result<(), Error>;

    /// Its elements, in the order of the tensor's memory.
    ///
    /// # Errors
    ///
    /// As [`sum_of_squares`](GradientDevice::sum_of_squares).
    fn elements<S: Shape>(
        gradients: &mut Gradients<E, Self>,
        of: &Tensor<S, E, Self>,
    ) -> Result<Vec<E>, Error>;

    /// Sets its elements, in the order of the tensor's memory.
    ///
    /// # Errors
    ///
    /// As [`sum_of_squares`](GradientDevice::sum_of_squares).
    ///
    /// # Panics
    ///
    /// If there are not as many of them.
    fn set_elements<S: Shape>(
        gradients: &mut Gradients<E, Self>,
        of: &Tensor<S, E, Self>,
        elements: Vec<E>,
    ) -> Result<(), Error>;
}
