//! How parameters start, as data. The numbers are drawn where there are tensors.

/// How the numbers of a new weight are drawn, after
/// [torch.nn.init](https://pytorch.org/docs/stable/nn.init.html).
///
/// The constants are the words of the option `init`: `init = kaiming_normal` is
/// [`Init::KAIMING_NORMAL`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// As PyTorch's layers do by themselves: uniform within `1 / sqrt(fan_in)`.
    PyTorch,
    /// This number everywhere.
    Constant(f64),
    /// Uniform from `low` to `high`.
    Uniform {
        /// The smallest number.
        low: f64,
        /// The largest number.
        high: f64,
    },
    /// The normal distribution.
    Normal {
        /// Its mean.
        mean: f64,
        /// Its standard deviation.
        std: f64,
    },
    /// The normal distribution, what is not from `low` to `high` drawn again. The bounds are
    /// numbers, not multiples of `std`, as in
    /// [PyTorch](https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.trunc_normal_).
    TruncNormal {
        /// The mean before it is cut.
        mean: f64,
        /// The standard deviation before it is cut.
        std: f64,
        /// The smallest number, at most `mean`.
        low: f64,
        /// The largest number, at least `mean`.
        high: f64,
    },
    /// Uniform within `gain · sqrt(6 / (fan_in + fan_out))`
    /// ([Glorot and Bengio, 2010](https://proceedings.mlr.press/v9/glorot10a.html)).
    XavierUniform {
        /// For the activation behind the layer.
        gain: Gain,
    },
    /// Normal with mean 0 and standard deviation `gain · sqrt(2 / (fan_in + fan_out))`.
    XavierNormal {
        /// For the activation behind the layer.
        gain: Gain,
    },
    /// Uniform within `gain · sqrt(3 / fan)`
    /// ([He et al., 2015](https://arxiv.org/abs/1502.01852)).
    KaimingUniform {
        /// Which fan.
        fan: Fan,
        /// For the activation behind the layer.
        gain: Gain,
    },
    /// Normal with mean 0 and standard deviation `gain / sqrt(fan)`.
    KaimingNormal {
        /// Which fan.
        fan: Fan,
        /// For the activation behind the layer.
        gain: Gain,
    },
}

/// How many connections of a neuron an initialisation counts. Both are products of dimensions of
/// the weight, which has at least two, as in PyTorch; for a transposed convolution, whose weight has
/// its inputs first, each is thus the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fan {
    /// All dimensions but the first: the inputs of one output. Keeps the variance in `forward`.
    In,
    /// All dimensions but the second: the outputs of one input. Keeps the variance in `backward`.
    Out,
}

/// The factor that makes up for what an activation does to the variance, as PyTorch's
/// [`calculate_gain`](https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gain {
    /// 1, of no activation.
    Linear,
    /// 1.
    Sigmoid,
    /// 5/3.
    Tanh,
    /// `sqrt(2)`.
    ReLU,
    /// `sqrt(2 / (1 + slope²))`.
    LeakyReLU {
        /// Factor of negative values.
        slope: f64,
    },
    /// This factor, at least 0.
    Factor(f64),
}

impl Init {
    /// `zeros`.
    pub const ZEROS: Init = Init::Constant(0.0);
    /// `ones`.
    pub const ONES: Init = Init::Constant(1.0);
    /// `kaiming_uniform`, for ReLU, by the fan in.
    pub const KAIMING_UNIFORM: Init = Init::KaimingUniform { fan: Fan::In, gain: Gain::ReLU };
    /// `kaiming_normal`, for ReLU, by the fan in.
    pub const KAIMING_NORMAL: Init = Init::KaimingNormal { fan: Fan::In, gain: Gain::ReLU };
    /// `xavier_uniform`, with a gain of 1.
    pub const XAVIER_UNIFORM: Init = Init::XavierUniform { gain: Gain::Linear };
    /// `xavier_normal`, with a gain of 1.
    pub const XAVIER_NORMAL: Init = Init::XavierNormal { gain: Gain::Linear };

    /// The words of the option `init` of layers that multiply.
    pub const WORDS: [(&'static str, Init); 6] = [
        ("pytorch", Init::PyTorch),
        ("kaiming_uniform", Init::KAIMING_UNIFORM),
        ("kaiming_normal", Init::KAIMING_NORMAL),
        ("xavier_uniform", Init::XAVIER_UNIFORM),
        ("xavier_normal", Init::XAVIER_NORMAL),
        ("zeros", Init::ZEROS),
    ];

    /// Whether there is such a distribution: its numbers are finite, deviations and gains are not
    /// negative, and bounds are in order.
    pub const fn is_legal(&self) -> bool {
        match *self {
            Init::PyTorch => true,
            Init::Constant(value) => value.is_finite(),
            Init::Uniform { low, high } => low <= high && (high - low).is_finite(),
            Init::Normal { mean, std } => mean.is_finite() && is_factor(std),
            Init::TruncNormal { mean, std, low, high } => {
                low <= mean && mean <= high && (high - low).is_finite() && is_factor(std)
            }
            Init::XavierUniform { gain }
            | Init::XavierNormal { gain }
            | Init::KaimingUniform { gain, .. }
            | Init::KaimingNormal { gain, .. } => match gain {
                Gain::LeakyReLU { slope } => slope.is_finite(),
                Gain::Factor(factor) => is_factor(factor),
                _ => true,
            },
        }
    }
}

/// Written so that a NaN is none.
const fn is_factor(value: f64) -> bool {
    value >= 0.0 && value.is_finite()
}
