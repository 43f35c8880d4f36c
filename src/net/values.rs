//! What options take.

#![allow(non_camel_case_types)]

/// A size along height and width: `n` for both, or `(height, width)`.
pub struct Size;

/// What is put around an input: `n` on all sides, `(height, width)`,
/// `((top, bottom), (left, right))`, or one of the words [`valid`](padding::valid),
/// [`same`](padding::same) and [`full`](padding::full). Of a sequence `n`, `(before, after)` or a
/// word.
pub struct Padding;

/// How a weight starts. Of layers that multiply: one of the words [`pytorch`](init::pytorch),
/// [`kaiming_uniform`](init::kaiming_uniform), [`kaiming_normal`](init::kaiming_normal),
/// [`xavier_uniform`](init::xavier_uniform), [`xavier_normal`](init::xavier_normal) and
/// [`zeros`](init::zeros), or a constant of the type [`Init`](crate::init::Init):
/// `init = { Init::Normal { mean: 0.0, std: 0.02 } }`. Of normalisations: [`ones`](init::ones) or
/// [`zeros`](init::zeros).
pub struct Init;

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

/// The words for [`Init`]. The bias starts as PyTorch's, uniform within `1 / sqrt(fan_in)`, whatever
/// the weight starts as; that of a normalisation with zeros.
///
/// The fan in is the product of the weight's dimensions but the first, the fan out of those but the
/// second, as in PyTorch.
pub mod init {
    /// As PyTorch's layers do by themselves: uniform within `1 / sqrt(fan_in)`.
    pub struct pytorch;

    /// Uniform within `sqrt(6 / fan_in)`, for layers before a ReLU
    /// ([He et al., 2015](https://arxiv.org/abs/1502.01852)); PyTorch's
    /// [`kaiming_uniform_`](https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.kaiming_uniform_)
    /// with `nonlinearity="relu"`.
    pub struct kaiming_uniform;

    /// Normal with standard deviation `sqrt(2 / fan_in)`, for layers before a ReLU
    /// ([He et al., 2015](https://arxiv.org/abs/1502.01852)); PyTorch's
    /// [`kaiming_normal_`](https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.kaiming_normal_)
    /// with `nonlinearity="relu"`.
    pub struct kaiming_normal;

    /// Uniform within `sqrt(6 / (fan_in + fan_out))`
    /// ([Glorot and Bengio, 2010](https://proceedings.mlr.press/v9/glorot10a.html)); PyTorch's
    /// [`xavier_uniform_`](https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.xavier_uniform_).
    pub struct xavier_uniform;

    /// Normal with standard deviation `sqrt(2 / (fan_in + fan_out))`
    /// ([Glorot and Bengio, 2010](https://proceedings.mlr.press/v9/glorot10a.html)); PyTorch's
    /// [`xavier_normal_`](https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.xavier_normal_).
    pub struct xavier_normal;

    /// Zeros: at the end of a residual branch the block starts as the identity.
    pub struct zeros;

    /// Ones, of normalisations.
    pub struct ones;
}

/// The words for [`Mode`].
pub mod mode {
    /// The nearest pixel: `floor(i · input / output)`.
    pub struct nearest;

    /// A mean of the four pixels around, weighted by how near they are.
    pub struct bilinear;
}
