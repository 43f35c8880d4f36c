//! Zeros around an image.

use crate::{Problem, Shape};

/// `ZeroPad2d`: rows and columns of zeros around the image, as in
/// [PyTorch](https://pytorch.org/docs/stable/generated/torch.nn.ZeroPad2d.html).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZeroPad2d {
    /// `[[top, bottom], [left, right]]`.
    pub padding: [[usize; 2]; 2],
}

impl ZeroPad2d {
    /// `[c, h, w]` to `[c, top + h + bottom, left + w + right]`.
    pub const fn output(&self, input: Shape) -> Result<Shape, Problem> {
        if input.rank() != 3 {
            return Err(Problem::NotAnImage { input });
        }
        let (mut size, mut axis) = ([input.dim(1), input.dim(2)], 0);
        while axis < 2 {
            let [before, after] = self.padding[axis];
            size[axis] = match before.checked_add(size[axis]) {
                Some(n) => match n.checked_add(after) {
                    Some(n) => n,
                    None => return Err(Problem::Overflow),
                },
                None => return Err(Problem::Overflow),
            };
            axis += 1;
        }
        Ok(Shape::image(input.dim(0), size[0], size[1]))
    }
}
