//! The numbers of a tensor on any device.

use dfdx::shapes::{Dtype, HasShape, Shape};
use dfdx::tensor::{Storage, Tensor};
use num_traits::ToPrimitive;

use super::Error;

/// A tensor's shape and elements.
pub struct Values {
    pub shape: Vec<usize>,
    pub numbers: Vec<f32>,
}

impl Values {
    /// Reads a tensor.
    pub fn of<S: Shape, E: Dtype + ToPrimitive, D: Storage<E>, T>(
        tensor: &Tensor<S, E, D, T>,
    ) -> Self {
        let shape = tensor.shape().concrete().into();
        let shape: Vec<usize> = shape;
        if shape.contains(&0) {
            // dfdx cannot read a tensor without elements.
            return Values { shape, numbers: Vec::new() };
        }
        let numbers = tensor.as_vec().into_iter();
        Values { shape, numbers: numbers.map(|x| x.to_f32().unwrap_or(f32::NAN)).collect() }
    }

    /// That a figure takes something else.
    pub fn refused(self, takes: &'static str) -> Error {
        Error::Shape { takes, shape: self.shape }
    }
}

/// The lowest and the highest finite number; `(0, 0)` where there is none.
pub fn range<'a>(numbers: impl IntoIterator<Item = &'a f32>) -> (f32, f32) {
    let finite = numbers.into_iter().copied().filter(|x| x.is_finite());
    let range = finite.fold(None, |range: Option<(f32, f32)>, x| {
        Some(range.map_or((x, x), |(low, high)| (low.min(x), high.max(x))))
    });
    range.unwrap_or((0.0, 0.0))
}

/// Where a number lies in a range, from 0 to 1; in the middle of an empty one.
pub fn share(x: f32, (low, high): (f32, f32)) -> f32 {
    if high > low { (x - low) / (high - low) } else { 0.5 + 0.0 * x }
}
