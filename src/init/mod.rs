//! How parameters start: the functions of
//! [torch.nn.init](https://pytorch.org/docs/stable/nn.init.html), for any dfdx tensor.
//!
//! A layer of [`net!`](crate::net!) has the option `init`; its words and constants are those of
//! [`Init`]:
//!
//! ```
//! use shapewright::prelude::*;
//!
//! const HEAD: Init = Init::Normal { mean: 0.0, std: 0.01 };
//!
//! net! {
//!     struct Net: [1, 8, 8] -> [10] {
//!         conv: Conv2d(4, kernel = 3, init = kaiming_normal), ReLU, Flatten,
//!         fc: Linear(10, init = HEAD),
//!     }
//! }
//! ```
//!
//! A network that is there gets other numbers by the functions here, for one weight or for all:
//!
//! ```
//! use shapewright::init;
//! use shapewright::prelude::*;
//!
//! net! {
//!     struct Net: [1, 8, 8] -> [10] { conv: Conv2d(4, kernel = 3), ReLU, Flatten, fc: Linear(10) }
//! }
//!
//! let dev = AutoDevice::seed_from_u64(1);
//! let mut net = dev.build_module::<Net, f32>();
//! init::normal(&mut net.fc.weight, 0.0, 0.01)?;
//! // Every weight, of two dimensions or more, but no bias.
//! init::each(&mut net, |_, shape| (shape.len() > 1).then_some(Init::KAIMING_NORMAL))?;
//! # Ok::<(), shapewright::Error>(())
//! ```
//!
//! # Biases
//!
//! `init` is about the weight, as a call of torch.nn.init is. The bias starts as PyTorch's does
//! whatever the weight: uniform within `1 / sqrt(fan_in)`. [`zeros`] empties one.
//!
//! # Reproducible
//!
//! The numbers come from the device's generator, which draws on the host on every device: the same
//! seed, `Cpu::seed_from_u64(1)` or `Cuda::seed_from_u64(1)`, gives the same weights. Those of `f32`
//! are those of `f64` rounded, except for [`Init::PyTorch`], of which both draw their own.

mod distribution;
mod fan;
mod visit;

pub use crate::shape::{Fan, Gain, Init};
pub use fan::gain;
pub use visit::each;

use dfdx::prelude::*;

use crate::{Error, FloatDtype};
use distribution::Distribution;

/// Draws a tensor anew.
///
/// # Errors
///
/// An [`Init`] by the fan and a tensor of less than two dimensions; numbers that make no distribution
/// ([`Init::is_legal`]); a device that is out of memory.
///
/// # Example
///
/// ```
/// use shapewright::init;
/// use shapewright::prelude::*;
///
/// let dev = Cpu::default();
/// let mut weight: Tensor<Rank2<10, 120>, f32, _> = dev.zeros();
/// let init = Init::KaimingUniform { fan: Fan::Out, gain: Gain::LeakyReLU { slope: 0.2 } };
/// init::fill(&mut weight, init)?;
///
/// let mut bias: Tensor<Rank1<10>, f32, _> = dev.zeros();
/// let error = init::fill(&mut bias, init).unwrap_err().to_string();
/// assert!(error.contains("the tensor is (10)"));
/// # Ok::<(), shapewright::Error>(())
/// ```
pub fn fill<S: Shape, E: FloatDtype, D: Device<E>>(
    tensor: &mut Tensor<S, E, D>,
    init: Init,
) -> Result<(), Error> {
    let shape: Vec<usize> = tensor.shape().concrete().into();
    let fans = match fan::needed(init) {
        true => fan::of(&shape).ok_or_else(|| Error::Fan { init, shape: shape.clone() })?,
        false => [1; 2],
    };
    if !init.is_legal() {
        return Err(Error::Init { init, shape });
    }
    if shape.contains(&0) {
        return Ok(());
    }
    draw(tensor, init, fans).map_err(Error::device)
}

/// The same with what has been checked. `fans` are the fan in and the fan out.
pub(crate) fn draw<S: Shape, E: FloatDtype, D: Device<E>>(
    tensor: &mut Tensor<S, E, D>,
    init: Init,
    fans: [usize; 2],
) -> Result<(), D::Err> {
    tensor.try_fill_with_distr(Distribution::of(init, fans))
}

/// The fan in and the fan out of a weight that has both.
pub(crate) fn fans<W: ConstShape>() -> [usize; 2] {
    fan::of(W::default().concrete().as_ref()).unwrap_or([1; 2])
}

macro_rules! functions {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: f64),*) $init:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        ///
        /// As [`fill`].
        pub fn $name<S: Shape, E: FloatDtype, D: Device<E>>(
            tensor: &mut Tensor<S, E, D>,
            $($arg: f64,)*
        ) -> Result<(), Error> {
            fill(tensor, $init)
        }
    )*};
}

functions! {
    /// Uniform within `sqrt(6 / fan_in)`, for layers before a ReLU: PyTorch's `kaiming_uniform_`
    /// with `nonlinearity="relu"`. For other fans and activations see [`Init::KaimingUniform`].
    kaiming_uniform() Init::KAIMING_UNIFORM;
    /// Normal with mean 0 and standard deviation `sqrt(2 / fan_in)`, for layers before a ReLU:
    /// PyTorch's `kaiming_normal_` with `nonlinearity="relu"`. For other fans and activations see
    /// [`Init::KaimingNormal`].
    kaiming_normal() Init::KAIMING_NORMAL;
    /// Uniform within `sqrt(6 / (fan_in + fan_out))`: PyTorch's `xavier_uniform_`. For another gain
    /// see [`Init::XavierUniform`].
    xavier_uniform() Init::XAVIER_UNIFORM;
    /// Normal with mean 0 and standard deviation `sqrt(2 / (fan_in + fan_out))`: PyTorch's
    /// `xavier_normal_`. For another gain see [`Init::XavierNormal`].
    xavier_normal() Init::XAVIER_NORMAL;
    /// Uniform from `low` to `high`: PyTorch's `uniform_`.
    uniform(low: f64, high: f64) Init::Uniform { low, high };
    /// Normal with this mean and standard deviation: PyTorch's `normal_`.
    normal(mean: f64, std: f64) Init::Normal { mean, std };
    /// [`normal`], what is not from `low` to `high` drawn again: PyTorch's `trunc_normal_`, whose
    /// bounds are -2 and 2 if none are given.
    trunc_normal(mean: f64, std: f64, low: f64, high: f64)
        Init::TruncNormal { mean, std, low, high };
    /// The same number everywhere: PyTorch's `constant_`.
    constant(value: f64) Init::Constant(value);
    /// Zeros: PyTorch's `zeros_`.
    zeros() Init::ZEROS;
    /// Ones: PyTorch's `ones_`.
    ones() Init::ONES;
}
