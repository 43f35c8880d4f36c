//! What options take.

#![allow(non_camel_case_types)]

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
