//! Fans and gains: what the deviation of a new weight depends on.

use crate::shape::{Gain, Init};

/// The fan in and the fan out of a weight, as PyTorch's `_calculate_fan_in_and_fan_out`; `None` for
/// less than two dimensions.
pub(super) fn of(shape: &[usize]) -> Option<[usize; 2]> {
    let [first, second, window @ ..] = shape else { return None };
    let window: usize = window.iter().product();
    Some([second * window, first * window])
}

/// Whether the initialisation asks for them.
pub(super) fn needed(init: Init) -> bool {
    match init {
        Init::PyTorch
        | Init::XavierUniform { .. }
        | Init::XavierNormal { .. }
        | Init::KaimingUniform { .. }
        | Init::KaimingNormal { .. } => true,
        Init::Constant(_)
        | Init::Uniform { .. }
        | Init::Normal { .. }
        | Init::TruncNormal { .. } => false,
    }
}

/// The factor of an activation, as PyTorch's
/// [`calculate_gain`](https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain).
///
/// ```
/// use shapewright::init::{Gain, gain};
///
/// assert_eq!(gain(Gain::Tanh), 5.0 / 3.0);
/// assert_eq!(gain(Gain::LeakyReLU { slope: 1.0 }), 1.0);
/// ```
#[must_use]
pub fn gain(of: Gain) -> f64 {
    match of {
        Gain::Linear | Gain::Sigmoid => 1.0,
        Gain::Tanh => 5.0 / 3.0,
        Gain::ReLU => std::f64::consts::SQRT_2,
        Gain::LeakyReLU { slope } => (2.0 / (1.0 + slope * slope)).sqrt(),
        Gain::Factor(factor) => factor,
    }
}
