//! The same elements in another shape.

use crate::{Claim, Problem, Shape};

/// `Reshape`: the same elements, in order, in another shape; as PyTorch's
/// [`Unflatten`](https://pytorch.org/docs/stable/generated/torch.nn.Unflatten.html), for one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reshape {
    /// The shape; of its dimensions one may be open, which is then inferred.
    pub to: Claim,
}

impl Reshape {
    /// The shape, if it has as many elements as the input.
    pub const fn output(&self, input: Shape) -> Result<Shape, Problem> {
        tri!(self.check_options());
        let Some(elements) = input.numel() else { return Err(Problem::Overflow) };
        let (mut dims, mut given, mut open, mut i) = ([1; 3], 1usize, None, 0);
        while i < self.to.dims().len() {
            match self.to.dims()[i] {
                Some(n) => {
                    dims[i] = n;
                    given = match given.checked_mul(n) {
                        Some(n) => n,
                        None => return Err(Problem::Overflow),
                    };
                }
                None => open = Some(i),
            }
            i += 1;
        }
        match open {
            Some(i) if elements.is_multiple_of(given) => dims[i] = elements / given,
            None if elements == given => {}
            _ => return Err(Problem::Reshape { to: self.to, input }),
        }
        Ok(match self.to.dims().len() {
            1 => Shape::features(dims[0]),
            2 => Shape::sequence(dims[0], dims[1]),
            _ => Shape::image(dims[0], dims[1], dims[2]),
        })
    }

    /// What is wrong with the options whatever the input.
    pub const fn check_options(&self) -> Result<(), Problem> {
        let (mut open, mut i) = (0, 0);
        while i < self.to.dims().len() {
            match self.to.dims()[i] {
                Some(0) => return Err(Problem::ZeroDimension { to: self.to }),
                Some(_) => {}
                None => open += 1,
            }
            i += 1;
        }
        if open > 1 { Err(Problem::OpenDimensions { to: self.to }) } else { Ok(()) }
    }
}
