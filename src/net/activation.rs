//! Activations, which keep the shape.

/// `max(x, 0)`.
///
/// Keeps the shape.
/// As PyTorch's [`ReLU`](https://pytorch.org/docs/stable/generated/torch.nn.ReLU.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Layer: [8] -> [10] { Linear(10), ReLU } }
/// ```
#[non_exhaustive]
pub struct ReLU {}

/// `x` if positive, else `slope · x`.
///
/// Keeps the shape.
/// As PyTorch's [`LeakyReLU`](https://pytorch.org/docs/stable/generated/torch.nn.LeakyReLU.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Layer: [8] -> [10] { Linear(10), LeakyReLU } }
/// ```
#[non_exhaustive]
pub struct LeakyReLU {
    /// Factor of negative values (default 0.01); written without its name, too.
    pub slope: f64,
}

/// `x` if positive, else `alpha · (exp(x) - 1)`.
///
/// Keeps the shape.
/// As PyTorch's [`ELU`](https://pytorch.org/docs/stable/generated/torch.nn.ELU.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Layer: [8] -> [10] { Linear(10), ELU } }
/// ```
#[non_exhaustive]
pub struct ELU {
    /// Limit of negative values, negated (default 1); written without its name, too.
    pub alpha: f64,
}

/// `x · Φ(x)` with the normal distribution's Φ, exactly (by `erf`).
///
/// Keeps the shape.
/// As PyTorch's [`GELU`](https://pytorch.org/docs/stable/generated/torch.nn.GELU.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Layer: [8] -> [10] { Linear(10), GELU } }
/// ```
#[non_exhaustive]
pub struct GELU {}

/// `x · sigmoid(x)`.
///
/// Keeps the shape.
/// As PyTorch's [`SiLU`](https://pytorch.org/docs/stable/generated/torch.nn.SiLU.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Layer: [8] -> [10] { Linear(10), SiLU } }
/// ```
#[non_exhaustive]
pub struct SiLU {}

/// `1 / (1 + exp(-x))`.
///
/// Keeps the shape.
/// As PyTorch's [`Sigmoid`](https://pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Layer: [8] -> [10] { Linear(10), Sigmoid } }
/// ```
#[non_exhaustive]
pub struct Sigmoid {}

/// The hyperbolic tangent.
///
/// Keeps the shape.
/// As PyTorch's [`Tanh`](https://pytorch.org/docs/stable/generated/torch.nn.Tanh.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Layer: [8] -> [10] { Linear(10), Tanh } }
/// ```
#[non_exhaustive]
pub struct Tanh {}

/// `ln(1 + exp(x))`, and `x` above 20.
///
/// Keeps the shape.
/// As PyTorch's [`Softplus`](https://pytorch.org/docs/stable/generated/torch.nn.Softplus.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Layer: [8] -> [10] { Linear(10), Softplus } }
/// ```
#[non_exhaustive]
pub struct Softplus {}

/// `exp(x) / Σ exp(x)` along the channels or features: probabilities. Losses of cross-entropy take
/// what comes before it.
///
/// Keeps the shape.
/// As PyTorch's [`Softmax`](https://pytorch.org/docs/stable/generated/torch.nn.Softmax.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Layer: [8] -> [10] { Linear(10), Softmax } }
/// ```
#[non_exhaustive]
pub struct Softmax {}

/// The logarithm of [`Softmax`].
///
/// Keeps the shape.
/// As PyTorch's [`LogSoftmax`](https://pytorch.org/docs/stable/generated/torch.nn.LogSoftmax.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Layer: [8] -> [10] { Linear(10), LogSoftmax } }
/// ```
#[non_exhaustive]
pub struct LogSoftmax {}
