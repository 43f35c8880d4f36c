//! Upsampling: its options and its output.

use crate::{Axis, Problem, Shape};

/// How large the output is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpsampleSize {
    /// So many times the input's height and width.
    Scale([usize; 2]),
    /// This height and width; smaller than the input's is fine.
    Size([usize; 2]),
}

/// What a pixel between pixels is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpsampleMode {
    /// The pixel at `floor(i · input / output)`.
    Nearest,
    /// A mean of the four pixels around, weighted by how near they are.
    Bilinear {
        /// Whether the centres of the corner pixels stay in the corners, as in
        /// [PyTorch](https://pytorch.org/docs/stable/generated/torch.nn.Upsample.html): then output
        /// pixel `i` is at `i · (input - 1) / (output - 1)`, else at
        /// `(i + 1/2) · input / output - 1/2`, but not before pixel 0 (default false).
        align_corners: bool,
    },
}

/// `Upsample`: the image at another size, as PyTorch's
/// [`interpolate`](https://pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upsample {
    /// How large the output is.
    pub size: UpsampleSize,
    /// What a pixel between pixels is (default nearest).
    pub mode: UpsampleMode,
}

impl Upsample {
    /// So many times the size, by the nearest pixel.
    pub const fn scale(height: usize, width: usize) -> Self {
        Upsample { size: UpsampleSize::Scale([height, width]), mode: UpsampleMode::Nearest }
    }

    /// To this size, by the nearest pixel.
    pub const fn size(height: usize, width: usize) -> Self {
        Upsample { size: UpsampleSize::Size([height, width]), mode: UpsampleMode::Nearest }
    }

    /// `[c, h, w]` to `[c, h', w']`, where `h' = h · scale`, or the size that is given.
    pub const fn output(&self, input: Shape) -> Result<Shape, Problem> {
        tri!(self.check_options());
        if input.rank() != 3 {
            return Err(Problem::NotAnImage { input });
        }
        let [c, h, w] = [input.dim(0), input.dim(1), input.dim(2)];
        if h == 0 || w == 0 {
            return Err(Problem::ZeroInput);
        }
        match self.size {
            UpsampleSize::Size([h, w]) => Ok(Shape::image(c, h, w)),
            UpsampleSize::Scale([vertical, horizontal]) => {
                match (h.checked_mul(vertical), w.checked_mul(horizontal)) {
                    (Some(h), Some(w)) => Ok(Shape::image(c, h, w)),
                    _ => Err(Problem::Overflow),
                }
            }
        }
    }

    /// What is wrong with the options whatever the input.
    pub const fn check_options(&self) -> Result<(), Problem> {
        match self.size {
            UpsampleSize::Scale([0, _]) => Err(Problem::ZeroScale { axis: Axis::Height }),
            UpsampleSize::Scale([_, 0]) => Err(Problem::ZeroScale { axis: Axis::Width }),
            UpsampleSize::Size([0, _]) => Err(Problem::ZeroSize { axis: Axis::Height }),
            UpsampleSize::Size([_, 0]) => Err(Problem::ZeroSize { axis: Axis::Width }),
            _ => Ok(()),
        }
    }
}
