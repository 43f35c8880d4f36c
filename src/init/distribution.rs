//! The numbers of an [`Init`].

use rand::Rng;
use rand_distr::{StandardNormal, Uniform};

use super::{Fan, Init, gain};
use crate::FloatDtype;

/// An [`Init`] for a weight of known fans. But for PyTorch's own, numbers are drawn in `f64` and
/// rounded, so that networks of either type start alike.
pub(super) enum Distribution<E: FloatDtype> {
    PyTorch(Uniform<E>),
    Constant(f64),
    Uniform { low: f64, width: f64 },
    Normal { mean: f64, std: f64 },
    Truncated { mean: f64, std: f64, low: f64, high: f64 },
}

impl<E: FloatDtype> Distribution<E> {
    /// `fans` are the fan in and the fan out.
    pub(super) fn of(init: Init, fans: [usize; 2]) -> Self {
        let mean = (fans[0] + fans[1]) as f64 / 2.0;
        match init {
            Init::PyTorch => Self::pytorch(fans[0]),
            Init::Constant(value) => Self::Constant(value),
            Init::Uniform { low, high } => Self::Uniform { low, width: high - low },
            Init::Normal { mean, std } => Self::Normal { mean, std },
            Init::TruncNormal { mean, std, low, high } => Self::Truncated { mean, std, low, high },
            Init::XavierUniform { gain: of } => Self::within(gain(of) * (3.0 / mean).sqrt()),
            Init::XavierNormal { gain: of } => Self::around_zero(gain(of) / mean.sqrt()),
            Init::KaimingUniform { fan, gain: of } => {
                Self::within(gain(of) * (3.0 / pick(fan, fans)).sqrt())
            }
            Init::KaimingNormal { fan, gain: of } => {
                Self::around_zero(gain(of) / pick(fan, fans).sqrt())
            }
        }
    }

    /// PyTorch's [`reset_parameters`](https://pytorch.org/docs/stable/generated/torch.nn.Linear.html),
    /// for weights and biases.
    fn pytorch(fan_in: usize) -> Self {
        let bound = E::ONE / E::from_usize(fan_in).unwrap_or(E::ONE).sqrt();
        Self::PyTorch(Uniform::new_inclusive(-bound, bound))
    }

    fn within(bound: f64) -> Self {
        Self::Uniform { low: -bound, width: 2.0 * bound }
    }

    fn around_zero(std: f64) -> Self {
        Self::Normal { mean: 0.0, std }
    }
}

fn pick(fan: Fan, [fan_in, fan_out]: [usize; 2]) -> f64 {
    match fan {
        Fan::In => fan_in as f64,
        Fan::Out => fan_out as f64,
    }
}

impl<E: FloatDtype> rand_distr::Distribution<E> for Distribution<E> {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> E {
        let value = match *self {
            Self::PyTorch(ref uniform) => return uniform.sample(rng),
            Self::Constant(value) => value,
            Self::Uniform { low, width } => low + width * rng.r#gen::<f64>(),
            Self::Normal { mean, std } => mean + std * rng.sample::<f64, _>(StandardNormal),
            Self::Truncated { mean, std, low, high } => truncated(rng, mean, std, low, high),
        };
        // Every `f64` is an `f32`, if a rounded one.
        E::from_f64(value).unwrap_or(E::nan())
    }
}

/// Draws until a number is within the bounds, between which the mean is: of the normal
/// distribution, or, where that would rarely meet them, uniformly between them. About every second
/// draw is good at worst.
fn truncated<R: Rng + ?Sized>(rng: &mut R, mean: f64, std: f64, low: f64, high: f64) -> f64 {
    let narrow = high - low < 2.5 * std;
    loop {
        let value = match narrow {
            true => low + (high - low) * rng.r#gen::<f64>(),
            false => mean + std * rng.sample::<f64, _>(StandardNormal),
        };
        let deviation = (value - mean) / std;
        let good = !narrow || rng.r#gen::<f64>() < (-deviation * deviation / 2.0).exp();
        if good && (low..=high).contains(&value) {
            return value;
        }
    }
}
