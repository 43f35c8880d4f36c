//! Images at another size, by the nearest pixel or between the four around.
//!
//! As PyTorch's
//! [`interpolate`](https://pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html).

mod bilinear;
mod columns;
mod nearest;

pub(crate) use bilinear::places;
pub use bilinear::{BilinearPlan, bilinear_backward, bilinear_forward};
pub(crate) use nearest::sources;
pub use nearest::{NearestPlan, nearest_backward, nearest_forward};

/// The sizes of an upsampling; pairs are `[height, width]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upsample2dOp {
    /// Images.
    pub batch: usize,
    /// Channels of the input and of the output.
    pub channels: usize,
    /// Size of an input plane.
    pub input: [usize; 2],
    /// Size of an output plane.
    pub output: [usize; 2],
}

impl Upsample2dOp {
    fn input_pixels(&self) -> usize {
        self.input[0] * self.input[1]
    }

    fn output_pixels(&self) -> usize {
        self.output[0] * self.output[1]
    }

    fn check(&self, input: usize, output: usize) {
        assert_eq!(input, self.batch * self.channels * self.input_pixels());
        assert_eq!(output, self.batch * self.channels * self.output_pixels());
    }

    /// The elements that a pass touches.
    fn work(&self) -> usize {
        self.batch * self.channels * (self.input_pixels() + self.output_pixels())
    }
}
