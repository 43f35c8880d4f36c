//! From logits to classes.

use dfdx::prelude::*;
use num_traits::Float;

/// The class of the highest logit, or probability: of `[classes]` one class, of
/// `[batch, classes, positions…]` one for each image and position, in the order in which
/// [`cross_entropy`](super::cross_entropy()) takes labels.
///
/// Of equal ones the first counts, and one that is not a number as the highest, as in
/// [PyTorch's `argmax`](https://pytorch.org/docs/stable/generated/torch.argmax.html)`(dim=1)`.
///
/// ```
/// use shapewright::prelude::*;
///
/// let dev = Cpu::default();
/// assert_eq!(argmax(&dev.tensor([0.1, 2.0, -1.0])), [1]);
/// assert_eq!(argmax(&dev.tensor([[0.1, 2.0, -1.0], [3.0, 2.0, 3.0]])), [1, 0]);
/// // A class for each pixel of 1 × 2.
/// assert_eq!(argmax(&dev.tensor([[[[0.0, 5.0]], [[1.0, 4.0]]]])), [1, 0]);
/// ```
pub fn argmax<S: Shape, E: Dtype + Float, D: Storage<E>, T>(
    logits: &Tensor<S, E, D, T>,
) -> Vec<usize> {
    let shape: Vec<usize> = logits.shape().concrete().into();
    if shape.contains(&0) {
        // dfdx cannot read a tensor without elements.
        return Vec::new();
    }
    let (classes, positions) = match *shape {
        [] => (1, 1),
        [classes] => (classes, 1),
        [_, classes, ref positions @ ..] => (classes, positions.iter().product()),
    };
    let logits = logits.as_vec();
    let of_image = |image: &[E]| -> Vec<usize> {
        let logit = |class: usize, position: usize| image[class * positions + position];
        let beats = |a: E, b: E| a > b || (a.is_nan() && !b.is_nan());
        let best = |position| {
            let better = |best, class| {
                if beats(logit(class, position), logit(best, position)) { class } else { best }
            };
            (1..classes).fold(0, better)
        };
        (0..positions).map(best).collect()
    };
    logits.chunks(classes * positions).flat_map(of_image).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_the_highest_and_nothing_has_no_class() {
        let dev = Cpu::default();
        assert_eq!(argmax(&dev.tensor([[1.0, f64::NAN, 9.0], [f64::NAN, f64::NAN, 0.0]])), [1, 0]);
        let none: Tensor<(usize, Const<3>), f32, _> = dev.zeros_like(&(0, Const));
        assert!(argmax(&none).is_empty());
        assert_eq!(argmax(&dev.tensor(3.0)), [0]);
    }
}
