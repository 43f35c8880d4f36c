//! The words of [`net!`](crate::net!): each layer and block with its options, for reference here and
//! in the editor, where they are what the words in a declaration lead to. Nothing here is ever made.
//!
//! Shapes leave out the batch. `n`, `(h, w)` and so on are written as numbers, constants' paths or
//! `{ const expressions }`; where a field has a default, the option may be left out.

mod activation;
mod block;
mod conv;
mod dense;
mod norm;
mod pool;
mod resize;
pub mod values;

pub use activation::*;
pub use block::*;
pub use conv::*;
pub use dense::*;
pub use norm::*;
pub use pool::*;
pub use resize::*;
