//! What an optimiser does to parameters and gradients.

pub(super) mod cpu;
#[cfg(feature = "cuda")]
mod cuda;
mod update;

use dfdx::prelude::*;

use crate::error::Error;

pub use update::Update;

/// A device that optimisers work on: it updates parameters, and gradients can be measured, scaled
/// and set there, for clipping and for the moments of optimisers, which have the form of gradients.
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

    /// Updates a parameter and its moments by its gradient.
    ///
    /// # Errors
    ///
    /// As [`sum_of_squares`](GradientDevice::sum_of_squares).
    ///
    /// # Panics
    ///
    /// If there are not as many moments as the update has.
    fn update<S: Shape>(
        update: &Update,
        parameter: &mut Tensor<S, E, Self>,
        moments: &mut [Gradients<E, Self>],
        gradients: &mut Gradients<E, Self>,
    ) -> Result<(), Error> {
        update.by_dfdx(parameter, moments, gradients)
    }
}
