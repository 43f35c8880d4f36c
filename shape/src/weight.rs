//! The shapes of a layer's parameters.

use crate::{Layer, Shape};

/// The shapes of a layer's weight and bias.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight {
    dims: [usize; 4],
    rank: usize,
    /// The shape of the bias, if there is one.
    pub bias: Shape,
}

impl Weight {
    /// The dimensions of the weight.
    pub const fn dims(&self) -> &[usize] {
        self.dims.split_at(self.rank).0
    }

    /// The number of elements of the bias.
    pub const fn bias_length(&self) -> usize {
        match self.bias.numel() {
            Some(n) => n,
            None => usize::MAX,
        }
    }

    /// `==` for const evaluation.
    pub const fn same(&self, other: &Weight) -> bool {
        let (a, b) = (self.dims, other.dims);
        self.rank == other.rank
            && a[0] == b[0]
            && a[1] == b[1]
            && a[2] == b[2]
            && a[3] == b[3]
            && self.bias.same(&other.bias)
    }

    /// Of the layer, for an input that it takes; `None` for a layer without a weight.
    pub const fn of(layer: &Layer, input: Shape) -> Option<Self> {
        let (dims, rank, bias) = match layer {
            Layer::Conv2d(conv) => {
                (conv.weight(input.dim(0)), 4, Shape::features(conv.out_channels))
            }
            Layer::Conv1d(conv) => {
                let [o, c, k] = conv.weight(input.dim(0));
                ([o, c, k, 1], 3, Shape::features(conv.out_channels))
            }
            Layer::ConvTranspose2d(conv) => {
                (conv.weight(input.dim(0)), 4, Shape::features(conv.out_channels))
            }
            Layer::Linear(linear) => {
                let out = linear.out_features;
                ([out, input.dim(0), 1, 1], 2, Shape::features(out))
            }
            Layer::Norm(norm) => {
                let shape = norm.weight(input);
                ([shape.dim(0), shape.dim(1), shape.dim(2), 1], shape.rank(), shape)
            }
            _ => return None,
        };
        Some(Weight { dims, rank, bias })
    }
}
