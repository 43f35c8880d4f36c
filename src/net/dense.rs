//! The linear layer, and dropout.

use super::values::Init;

/// `x·Wᵀ + b`: `Linear(out)`, or `Linear(in -> out)` with a claim of the input's features, which is
/// checked.
///
/// `[in]` to `[out]`; an image is brought to `[features]` by [`Flatten`](super::Flatten) before.
/// Parameters: a weight `[out, in]` and a bias `[out]`.
/// As PyTorch's [`Linear`](https://pytorch.org/docs/stable/generated/torch.nn.Linear.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Head: [400] -> [10] { Linear(400 -> 120), ReLU, Linear(10) } }
/// ```
#[non_exhaustive]
pub struct Linear {
    /// Whether a bias is added (default true).
    pub bias: bool,
    /// How the weight starts (default pytorch).
    pub init: Init,
}

/// Zeroes each element with probability `p` in training, and divides the rest by `1 - p`; does
/// nothing in evaluation. `Dropout` or `Dropout(0.2)`.
///
/// Keeps the shape. ([Srivastava et al., 2014](https://jmlr.org/papers/v15/srivastava14a.html).)
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Head: [400] -> [10] { Dropout(0.2), Linear(10) } }
/// ```
#[non_exhaustive]
pub struct Dropout {
    /// The probability (default 0.5), at least 0 and less than 1; written without its name, too.
    pub p: f64,
}

/// [`Dropout`] of whole channels: `Dropout2d(0.2)`.
///
/// `[C, H, W]` stays so.
/// As PyTorch's [`Dropout2d`](https://pytorch.org/docs/stable/generated/torch.nn.Dropout2d.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Drop: [8, 4, 4] -> [8, 4, 4] { Dropout2d(0.2) } }
/// ```
#[non_exhaustive]
pub struct Dropout2d {
    /// The probability (default 0.5), at least 0 and less than 1; written without its name, too.
    pub p: f64,
}
