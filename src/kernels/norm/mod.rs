//! Normalisation: to mean 0 and variance 1 over some of the elements, then a weight and a bias.
//!
//! ```text
//! y = (x - mean) / sqrt(variance + eps) · weight + bias
//! ```
//!
//! Over each channel of the whole batch ([`batch_forward`], PyTorch's
//! [`BatchNorm2d`](https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html)), or over
//! groups of the channels of each image ([`group_forward`], PyTorch's
//! [`GroupNorm`](https://pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html) and
//! [`LayerNorm`](https://pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html)). The variance
//! is the biased one, except in the running statistics.

mod batch;
mod group;

pub use batch::{
    BatchNormOp, Statistics, batch_backward_eval_in_place, batch_backward_in_place, batch_forward,
    batch_forward_train, update_running,
};
pub use group::{GroupNormOp, group_backward_in_place, group_forward};

use super::Element;
use super::reduce::sum_of;

/// `Σ (x - mean)²`.
fn squares<E: Element>(x: &[E], mean: E) -> E {
    sum_of(x, x, |x, _| (x - mean) * (x - mean))
}

/// `Σ a · (x - mean)`.
fn product<E: Element>(a: &[E], x: &[E], mean: E) -> E {
    sum_of(a, x, |a, x| a * (x - mean))
}
