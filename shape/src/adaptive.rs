//! Adaptive and global pooling: the output's size is given, the windows follow from it.

use crate::{Axis, Problem, Shape};

/// What is taken of a bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdaptiveKind {
    /// The mean.
    Avg,
    /// The largest pixel.
    Max,
}

/// `AdaptiveAvgPool2d`, `AdaptiveMaxPool2d`: an output of a given size, whatever the image's, as in
/// [PyTorch](https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html). And
/// `GlobalAvgPool2d`, `GlobalMaxPool2d`: one number for each channel.
///
/// Output pixel `i` of an axis is taken over the [`bin`] of that number. Bins overlap where the
/// sizes don't divide, and repeat pixels where the output is larger than the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdaptivePool2d {
    /// What is taken of a bin.
    pub kind: AdaptiveKind,
    /// Height and width of the output; `None` for a global pool, which has neither.
    pub output: Option<[usize; 2]>,
}

impl AdaptivePool2d {
    /// The name in the DSL.
    pub const fn name(&self) -> &'static str {
        match (self.kind, self.output) {
            (AdaptiveKind::Avg, Some(_)) => "AdaptiveAvgPool2d",
            (AdaptiveKind::Max, Some(_)) => "AdaptiveMaxPool2d",
            (AdaptiveKind::Avg, None) => "GlobalAvgPool2d",
            (AdaptiveKind::Max, None) => "GlobalMaxPool2d",
        }
    }

    /// Height and width of the output; 1 by 1 for a global pool.
    pub const fn size(&self) -> [usize; 2] {
        match self.output {
            Some(size) => size,
            None => [1, 1],
        }
    }

    /// `[c, h, w]` to `[c, h', w']`, or to `[c]` for a global pool.
    pub const fn output(&self, input: Shape) -> Result<Shape, Problem> {
        tri!(self.check_options());
        if input.rank() != 3 {
            return Err(Problem::NotAnImage { input });
        }
        if input.dim(1) == 0 || input.dim(2) == 0 {
            return Err(Problem::ZeroInput);
        }
        match self.output {
            Some([h, w]) => Ok(Shape::image(input.dim(0), h, w)),
            None => Ok(Shape::features(input.dim(0))),
        }
    }

    /// What is wrong with the options whatever the input.
    pub const fn check_options(&self) -> Result<(), Problem> {
        match self.output {
            Some([0, _]) => Err(Problem::ZeroSize { axis: Axis::Height }),
            Some([_, 0]) => Err(Problem::ZeroSize { axis: Axis::Width }),
            _ => Ok(()),
        }
    }
}

/// The first pixel of bin `i` of `output` along an axis of `input` pixels, and the first one
/// after it: `floor(i · input / output)` and `ceil((i + 1) · input / output)`, as in
/// [PyTorch's `AdaptivePooling.h`](https://github.com/pytorch/pytorch/blob/main/aten/src/ATen/native/AdaptivePooling.h).
///
/// `output` is at least 1 and `i` less than it.
pub const fn bin(i: usize, input: usize, output: usize) -> (usize, usize) {
    // The products of two sizes need twice the bits.
    let (i, input, output) = (i as u128, input as u128, output as u128);
    ((i * input / output) as usize, ((i + 1) * input).div_ceil(output) as usize)
}
