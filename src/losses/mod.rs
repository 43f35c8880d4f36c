//! Losses: dfdx's, and cross entropy for classes given as integers.
//!
//! A loss maps what a network gives and what it should give to one number, a `Tensor<Rank0>`, whose
//! `backward()` gives the gradients.
//!
//! | loss | targets | PyTorch |
//! |---|---|---|
//! | [`cross_entropy`], [`CrossEntropy`] | a class for each row of logits | `CrossEntropyLoss` |
//! | [`cross_entropy_with_logits_loss`] | a probability for each class | `CrossEntropyLoss` |
//! | [`binary_cross_entropy_with_logits_loss`] | a probability for each logit | `BCEWithLogitsLoss` |
//! | [`kl_div_with_logits_loss`] | a probability for each class | `KLDivLoss` of a `log_softmax` |
//! | [`mse_loss`], [`rmse_loss`] | a tensor of the same shape | `MSELoss` and its root |
//! | [`mae_loss`] | the same | `L1Loss` |
//! | [`huber_loss`], [`smooth_l1_loss`] | the same | `HuberLoss`, `SmoothL1Loss` |
//!
//! [`argmax`] gives the classes that logits stand for.

mod argmax;
mod cross_entropy;
mod cross_entropy_cpu;

pub use argmax::argmax;
pub use cross_entropy::{CrossEntropy, cross_entropy};
pub use dfdx::losses::*;
