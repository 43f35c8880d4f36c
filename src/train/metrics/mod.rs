//! How good a classifier is.

mod confusion;
mod evaluation;
mod ranks;

pub use confusion::ConfusionMatrix;
pub use evaluation::Evaluation;
pub(super) use ranks::{accuracy, places};
