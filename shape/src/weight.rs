//! The shapes of a layer's parameters.

use crate::{Layer, Shape};

/// The shape of a layer's weight, and the length of its bias.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight {
    dims: [usize; 4],
    rank: usize,
    /// The length of the bias, if there is one.
    pub bias: usize,
}

impl Weight {
    /// The dimensions of the weight.
    pub const fn dims(&self) -> &[usize] {
        self.dims.split_at(self.rank).0
    }

    /// `==` for const evaluation.
    pub const fn same(&self, other: &Weight) -> bool {
        let (a, b) = (self.dims, other.dims);
        self.rank == other.rank
            && a[0] == b[0]
            && a[1] == b[1]
            && a[2] == b[2]
            && a[3] == b[3]
            && self.bias == other.bias
    }

    /// Of the layer, for an input that it takes; `None` for a layer without a weight.
    pub const fn of(layer: &Layer, input: Shape) -> Option<Self> {
        let (dims, rank, bias) = match layer {
            Layer::Conv2d(conv) => (conv.weight(input.dim(0)), 4, conv.out_channels),
            Layer::Conv1d(conv) => {
                let [o, c, k] = conv.weight(input.dim(0));
                ([o, c, k, 1], 3, conv.out_channels)
            }
            Layer::ConvTranspose2d(conv) => (conv.weight(input.dim(0)), 4, conv.out_channels),
            Layer::Linear(linear) => {
                ([linear.out_features, input.dim(0), 1, 1], 2, linear.out_features)
            }
            Layer::Norm(norm) => match norm.weight(input) {
                Some(n) => ([n, 1, 1, 1], 1, n),
                None => return None,
            },
            _ => return None,
        };
        Some(Weight { dims, rank, bias })
    }
}
