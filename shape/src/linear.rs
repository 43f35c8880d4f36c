//! Fully connected layer.

use crate::{Init, Problem, Shape};

/// `Linear`: `y = x · weightᵀ + bias`, weight `[out_features, in_features]`, as in
/// [PyTorch](https://pytorch.org/docs/stable/generated/torch.nn.Linear.html).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Linear {
    /// The input features the user claims, if any; they are checked against what arrives.
    pub in_features: Option<usize>,
    /// Number of outputs.
    pub out_features: usize,
    /// Whether a bias is added (default true).
    pub bias: bool,
    /// How a new weight's numbers are drawn (default [`Init::PyTorch`]).
    pub init: Init,
}

impl Linear {
    /// A linear layer with the default options.
    pub const fn new(out_features: usize) -> Self {
        Linear { in_features: None, out_features, bias: true, init: Init::PyTorch }
    }

    /// `[in]` to `[out]`.
    pub const fn output(&self, input: Shape) -> Result<Shape, Problem> {
        tri!(self.check_options());
        if input.rank() != 1 {
            return Err(Problem::NotFeatures { input });
        }
        let features = input.dim(0);
        if let Some(claimed) = self.in_features
            && claimed != features
        {
            return Err(Problem::Features { claimed, got: features });
        }
        Ok(Shape::features(self.out_features))
    }

    /// What is wrong with the options whatever the input.
    pub const fn check_options(&self) -> Result<(), Problem> {
        if self.out_features == 0 {
            return Err(Problem::ZeroOutput);
        }
        match self.in_features {
            Some(0) => Err(Problem::ZeroInFeatures),
            _ => crate::problem::check_init(&self.init),
        }
    }

    /// `out · (in + bias)`, `None` on overflow.
    pub const fn parameters(&self, features: usize) -> Option<usize> {
        match features.checked_add(self.bias as usize) {
            Some(n) => n.checked_mul(self.out_features),
            None => None,
        }
    }
}
