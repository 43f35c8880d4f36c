//! Layers: parameters with a forward pass over erased tensors.
//!
//! The fields of a declared network are of the types here. Layers without parameters have no
//! type of their own; [`stateless`] runs them from their description.

mod data;
mod norm;
mod repeat;
mod weighted;

pub use data::ForwardData;
pub use norm::{BatchNorm, GroupNorm};
pub use repeat::Repeat;
pub use weighted::{Conv1d, Conv2d, ConvTranspose2d, Linear};

use dfdx::prelude::*;

use crate::network::WeightAt;
use crate::ops::{self, Backend, Flow};
use crate::shape::{self, StepKind};
use crate::{Error, FloatDtype};

/// Something that maps `(batch, channels, height, width)` to the like.
///
/// Every declared network is one, and so is each of its fields.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no forward pass: it does not implement `shapewright::layers::Layer`",
    label = "not a network or layer"
)]
pub trait Layer<E: FloatDtype, D: Backend<E>> {
    /// Evaluates.
    ///
    /// # Errors
    ///
    /// If the input is not of the shape the layer takes, or the device is out of memory.
    fn try_forward<T: Tape<E, D>>(&self, x: Flow<E, D, T>) -> Result<Flow<E, D, T>, Error>;

    /// Runs as in training. By default the same.
    ///
    /// # Errors
    ///
    /// As [`Layer::try_forward`].
    fn try_forward_mut<T: Tape<E, D>>(&mut self, x: Flow<E, D, T>) -> Result<Flow<E, D, T>, Error> {
        self.try_forward(x)
    }
}

/// The result of the step at `path`, which its error then names.
///
/// # Errors
///
/// That of the step.
pub fn at<T>(path: &'static str, result: Result<T, Error>) -> Result<T, Error> {
    result.map_err(|error| error.at(path))
}

/// Evaluates a layer without parameters. Those that have some change nothing.
///
/// # Errors
///
/// As [`Layer::try_forward`].
pub fn stateless<E: FloatDtype, D: Backend<E>, T: Tape<E, D>>(
    x: Flow<E, D, T>,
    layer: &shape::Layer,
) -> Result<Flow<E, D, T>, Error> {
    match layer {
        shape::Layer::Pool2d(pool) => ops::pool2d(x, pool),
        shape::Layer::Pool1d(pool) => ops::pool1d(x, pool),
        shape::Layer::AdaptivePool2d(pool) => ops::adaptive_pool2d(x, pool),
        shape::Layer::Flatten => ops::flatten(x),
        shape::Layer::Reshape(reshape) => ops::reshape(x, reshape),
        shape::Layer::Upsample(upsample) => ops::upsample(x, upsample),
        shape::Layer::ZeroPad2d(pad) => ops::zero_pad2d(x, pad),
        shape::Layer::Activation(kind) => ops::activation(x, *kind),
        shape::Layer::Dropout(_)
        | shape::Layer::Dropout2d(_)
        | shape::Layer::Conv2d(_)
        | shape::Layer::Conv1d(_)
        | shape::Layer::ConvTranspose2d(_)
        | shape::Layer::Linear(_)
        | shape::Layer::Norm(_) => Ok(x),
    }
}

/// [`stateless`] as in training, where dropout drops.
///
/// # Errors
///
/// As [`Layer::try_forward`].
pub fn stateless_mut<E: FloatDtype, D: Backend<E>, T: Tape<E, D>>(
    x: Flow<E, D, T>,
    layer: &shape::Layer,
) -> Result<Flow<E, D, T>, Error> {
    match layer {
        shape::Layer::Dropout(dropout) => ops::dropout(x, dropout),
        shape::Layer::Dropout2d(dropout) => ops::dropout2d(x, dropout),
        _ => stateless(x, layer),
    }
}

/// The layer at step `STEP` of the network `N`.
const fn layer_at<N: WeightAt<STEP>, const STEP: usize>() -> shape::Layer {
    match N::NETWORK.step(&N::NETWORK.path(STEP)) {
        Some(shape::Step { kind: StepKind::Layer(layer), .. }) => *layer,
        _ => panic!("there is no layer at this step"),
    }
}
