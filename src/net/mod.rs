//! The words of [`net!`](crate::net!): each layer and block with its options, for reference here and
//! in the editor, where they are what the words in a declaration lead to. Nothing here is ever made.
//!
//! Shapes leave out the batch. `n`, `(h, w)` and so on are written as numbers, constants' paths or
//! `{ const expressions }`; where a field has a default, the option may be left out.

#![allow(non_camel_case_types)]

mod activation;
mod block;
mod conv;
mod dense;
mod norm;
mod pool;
mod resize;

pub use activation::*;
pub use block::*;
pub use conv::*;
pub use dense::*;
pub use norm::*;
pub use pool::*;
pub use resize::*;

/// A size along height and width: `n` for both, or `(height, width)`.
pub struct Size;

/// What is put around an input: `n` on all sides, `(height, width)`,
/// `((top, bottom), (left, right))`, or one of the words [`valid`](padding::valid),
/// [`same`](padding::same) and [`full`](padding::full). Of a sequence `n`, `(before, after)` or a
/// word.
pub struct Padding;

/// How the pixels between pixels are found: [`nearest`](mode::nearest) or
/// [`bilinear`](mode::bilinear).
pub struct Mode;

/// The words for [`Padding`].
pub mod padding {
    /// No padding.
    pub struct valid;

    /// So much that the output has `ceil(input / stride)` rows and columns; an odd one goes to the
    /// bottom and the right, as in
    /// [PyTorch](https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html) and TensorFlow. The
    /// dilation counts.
    pub struct same;

    /// `dilation · (kernel - 1)` on every side: every window that touches the input.
    pub struct full;
}

/// The words for [`Mode`].
pub mod mode {
    /// The nearest pixel: `floor(i · input / output)`.
    pub struct nearest;

    /// A mean of the four pixels around, weighted by how near they are.
    pub struct bilinear;
}
