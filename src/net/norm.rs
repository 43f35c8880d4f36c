//! Normalisations.

use super::values::Init;

/// Brings each channel of a batch of images to mean 0 and variance 1, then scales and shifts it.
///
/// `[C, H, W]` stays so. Parameters: a weight `[C]` and a bias `[C]`; running statistics for
/// evaluation. ([Ioffe and Szegedy, 2015](https://arxiv.org/abs/1502.03167); as PyTorch's
/// [`BatchNorm2d`](https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html).)
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Block: [3, 8, 8] -> [8, 6, 6] { Conv2d(8, kernel = 3, bias = false), BatchNorm2d } }
/// ```
#[non_exhaustive]
pub struct BatchNorm2d {
    /// Added to the variance (default 1e-5).
    pub eps: f64,
    /// The part of a batch in the running statistics, from 0 to 1 (default 0.1).
    pub momentum: f64,
    /// What the weight starts as, ones or zeros (default ones).
    pub init: Init,
}

/// [`BatchNorm2d`] of features `[F]` or of sequences `[C, L]`.
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Head: [100] -> [10] { Linear(10, bias = false), BatchNorm1d } }
/// ```
#[non_exhaustive]
pub struct BatchNorm1d {
    /// Added to the variance (default 1e-5).
    pub eps: f64,
    /// The part of a batch in the running statistics, from 0 to 1 (default 0.1).
    pub momentum: f64,
    /// What the weight starts as, ones or zeros (default ones).
    pub init: Init,
}

/// Brings all that arrives of one input to mean 0 and variance 1, then scales and shifts each
/// element.
///
/// Keeps the shape, which is also that of its parameters, a weight and a bias. In a network with const
/// parameters, where only the compiler knows what a network before it gives, a checkpoint tells the
/// number of dimensions: `=> [_, _, _]`.
/// ([Ba et al., 2016](https://arxiv.org/abs/1607.06450); as PyTorch's
/// [`LayerNorm`](https://pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html).)
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Head: [100] -> [10] { LayerNorm, Linear(10) } }
/// ```
#[non_exhaustive]
pub struct LayerNorm {
    /// Added to the variance (default 1e-5).
    pub eps: f64,
    /// What the weight starts as, ones or zeros (default ones).
    pub init: Init,
}

/// Brings each group of channels of one input to mean 0 and variance 1, then scales and shifts each
/// channel: `GroupNorm(8)` of 8 groups.
///
/// Keeps the shape. Parameters: a weight `[C]` and a bias `[C]`. The groups divide the channels.
/// ([Wu and He, 2018](https://arxiv.org/abs/1803.08494); as PyTorch's
/// [`GroupNorm`](https://pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html).)
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Norm: [8, 4, 4] -> [8, 4, 4] { GroupNorm(2) } }
/// ```
#[non_exhaustive]
pub struct GroupNorm {
    /// The number of groups; written without its name, too. It has no default.
    pub groups: usize,
    /// Added to the variance (default 1e-5).
    pub eps: f64,
    /// What the weight starts as, ones or zeros (default ones).
    pub init: Init,
}
