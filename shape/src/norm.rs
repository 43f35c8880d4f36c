//! Normalisation: its options and its counts.

use crate::{Problem, Shape};

/// Over which elements mean and variance are taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NormKind {
    /// `BatchNorm2d`: each channel of all images of the batch.
    Batch2d {
        /// How much of a batch's statistics goes into the running ones (default 0.1).
        momentum: f64,
    },
    /// `BatchNorm1d`: each feature, or each channel of a sequence, of the batch.
    Batch1d {
        /// How much of a batch's statistics goes into the running ones (default 0.1).
        momentum: f64,
    },
    /// `LayerNorm`: all of one image, sequence or feature vector.
    Layer,
    /// `GroupNorm`: groups of the channels of one image.
    Group {
        /// How many groups; they divide the channels.
        groups: usize,
    },
}

/// What a new normalisation's weight is made of. Its bias starts with zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NormInit {
    /// It does not scale.
    Ones,
    /// It gives nothing at first: at the end of a residual branch the block starts as the identity
    /// ([Goyal et al., 2017](https://arxiv.org/abs/1706.02677)).
    Zeros,
}

/// `BatchNorm2d`, `BatchNorm1d`, `LayerNorm`, `GroupNorm`:
/// `y = (x - mean) / sqrt(variance + eps) · weight + bias`, as in
/// [PyTorch](https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html), where
/// `LayerNorm` stands for the one of the whole shape that arrives.
///
/// Weight and bias: one number for each channel or feature; in `LayerNorm` one for each element, in
/// the input's shape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Norm {
    /// Over which elements mean and variance are taken.
    pub kind: NormKind,
    /// What is added to the variance, so that nothing is divided by 0 (default 1e-5).
    pub eps: f64,
    /// What a new weight is made of (default ones).
    pub init: NormInit,
}

impl Norm {
    /// With the default options.
    pub const fn new(kind: NormKind) -> Self {
        Norm { kind, eps: 1e-5, init: NormInit::Ones }
    }

    /// The name in the DSL.
    pub const fn name(&self) -> &'static str {
        match self.kind {
            NormKind::Batch2d { .. } => "BatchNorm2d",
            NormKind::Batch1d { .. } => "BatchNorm1d",
            NormKind::Layer => "LayerNorm",
            NormKind::Group { .. } => "GroupNorm",
        }
    }

    /// The input's shape, if this layer takes it: images for `BatchNorm2d`, features and
    /// sequences for `BatchNorm1d`, anything for the others.
    pub const fn output(&self, input: Shape) -> Result<Shape, Problem> {
        tri!(self.check_options());
        match self.kind {
            NormKind::Batch2d { .. } if input.rank() != 3 => Err(Problem::NotAnImage { input }),
            NormKind::Batch1d { .. } if input.rank() == 3 => Err(Problem::AnImage { input }),
            NormKind::Group { groups } if !input.dim(0).is_multiple_of(groups) => {
                Err(Problem::GroupsInput { groups, channels: input.dim(0) })
            }
            _ => Ok(input),
        }
    }

    /// What is wrong with the options whatever the input.
    pub const fn check_options(&self) -> Result<(), Problem> {
        // Written so that a NaN is wrong too.
        if !(self.eps >= 0.0 && self.eps < f64::INFINITY) {
            return Err(Problem::Epsilon);
        }
        match self.kind {
            NormKind::Batch2d { momentum } | NormKind::Batch1d { momentum }
                if !(momentum >= 0.0 && momentum <= 1.0) =>
            {
                Err(Problem::Momentum)
            }
            NormKind::Group { groups: 0 } => Err(Problem::ZeroGroups),
            _ => Ok(()),
        }
    }

    /// The shape of the weight, and of the bias.
    pub const fn weight(&self, input: Shape) -> Shape {
        match self.kind {
            NormKind::Layer => input,
            _ => Shape::features(input.dim(0)),
        }
    }

    /// Weight and bias, `None` on overflow.
    pub const fn parameters(&self, input: Shape) -> Option<usize> {
        match self.weight(input).numel() {
            Some(n) => n.checked_mul(2),
            None => None,
        }
    }
}
