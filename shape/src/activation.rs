//! Activations: functions of each element, and the two softmaxes.

/// An activation. The parameters' defaults and the formulas are PyTorch's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activation {
    /// `max(x, 0)`.
    ReLU,
    /// `x` if positive, else `slope · x`.
    LeakyReLU {
        /// Factor of negative values (default 0.01).
        slope: f64,
    },
    /// `x` if positive, else `alpha · (exp(x) - 1)`.
    ELU {
        /// Limit of negative values, negated (default 1).
        alpha: f64,
    },
    /// `x · Φ(x)` with the normal distribution's Φ, exactly (by `erf`).
    GELU,
    /// `x · sigmoid(x)`.
    SiLU,
    /// `1 / (1 + exp(-x))`.
    Sigmoid,
    /// Hyperbolic tangent.
    Tanh,
    /// `ln(1 + exp(x))`; `x` above 20.
    Softplus,
    /// `exp(x) / sum(exp(x))` along the channels or features.
    Softmax,
    /// The logarithm of [`Activation::Softmax`].
    LogSoftmax,
}

impl Activation {
    /// The name in the DSL.
    pub const fn name(&self) -> &'static str {
        match self {
            Activation::ReLU => "ReLU",
            Activation::LeakyReLU { .. } => "LeakyReLU",
            Activation::ELU { .. } => "ELU",
            Activation::GELU => "GELU",
            Activation::SiLU => "SiLU",
            Activation::Sigmoid => "Sigmoid",
            Activation::Tanh => "Tanh",
            Activation::Softplus => "Softplus",
            Activation::Softmax => "Softmax",
            Activation::LogSoftmax => "LogSoftmax",
        }
    }
}
