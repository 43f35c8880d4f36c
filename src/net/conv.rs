//! Convolutions.

use super::values::{Init, Padding, Size};

/// Convolution of an image: `Conv2d(out, kernel = 3)`, or `Conv2d(in -> out, kernel = 3)` with a
/// claim of the input's channels, which is checked.
///
/// `[in, H, W]` to `[out, H', W']` with
/// `H' = floor((H + top + bottom - dilation·(kernel - 1) - 1) / stride) + 1`, and so `W'`.
/// Parameters: a weight `[out, in / groups, kernel, kernel]` and a bias `[out]`.
/// As PyTorch's [`Conv2d`](https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Edges: [3, 32, 32] -> [8, 16, 16] { Conv2d(8, kernel = 3, stride = 2, padding = 1) } }
/// ```
#[non_exhaustive]
pub struct Conv2d {
    /// The size of the kernel. It has no default.
    pub kernel: Size,
    /// Rows and columns from one window to the next (default 1).
    pub stride: Size,
    /// Zeros around the image (default 0).
    pub padding: Padding,
    /// Rows and columns from one tap of the kernel to the next; 1, the default, leaves no gaps.
    pub dilation: Size,
    /// The channels fall into so many groups that do not see each other (default 1). It divides the
    /// input's and the output's channels; as many groups as input channels are a depthwise
    /// convolution.
    pub groups: usize,
    /// Whether a bias is added (default true). A batch norm right after would cancel it.
    pub bias: bool,
    /// How the weight starts (default pytorch).
    pub init: Init,
}

/// Convolution of a sequence: `Conv1d(out, kernel = 3)` or `Conv1d(in -> out, kernel = 3)`.
///
/// `[in, L]` to `[out, L']` with
/// `L' = floor((L + before + after - dilation·(kernel - 1) - 1) / stride) + 1`.
/// Parameters: a weight `[out, in / groups, kernel]` and a bias `[out]`.
/// As PyTorch's [`Conv1d`](https://pytorch.org/docs/stable/generated/torch.nn.Conv1d.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Filter: [1, 100] -> [8, 98] { Conv1d(8, kernel = 3) } }
/// ```
#[non_exhaustive]
pub struct Conv1d {
    /// The length of the kernel. It has no default.
    pub kernel: usize,
    /// Elements from one window to the next (default 1).
    pub stride: usize,
    /// Zeros before and after the sequence (default 0).
    pub padding: Padding,
    /// Elements from one tap of the kernel to the next; 1, the default, leaves no gaps.
    pub dilation: usize,
    /// The channels fall into so many groups that do not see each other (default 1).
    pub groups: usize,
    /// Whether a bias is added (default true).
    pub bias: bool,
    /// How the weight starts (default pytorch).
    pub init: Init,
}

/// Transposed convolution, which makes images larger: `ConvTranspose2d(out, kernel = 2, stride = 2)`.
///
/// `[in, H, W]` to `[out, H', W']` with
/// `H' = (H - 1)·stride - top - bottom + dilation·(kernel - 1) + output_padding + 1`, and so `W'`.
/// Parameters: a weight `[in, out / groups, kernel, kernel]` and a bias `[out]`. As PyTorch's
/// [`ConvTranspose2d`](https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Up: [8, 16, 16] -> [4, 32, 32] { ConvTranspose2d(4, kernel = 2, stride = 2) } }
/// ```
#[non_exhaustive]
pub struct ConvTranspose2d {
    /// The size of the kernel. It has no default.
    pub kernel: Size,
    /// Rows and columns of the output from one input pixel's window to the next's (default 1).
    pub stride: Size,
    /// Rows and columns cut off the output on every side (default 0).
    pub padding: Padding,
    /// Rows and columns added at the bottom and right (default 0); less than the stride or the
    /// dilation.
    pub output_padding: Size,
    /// Rows and columns from one tap of the kernel to the next (default 1).
    pub dilation: Size,
    /// The channels fall into so many groups that do not see each other (default 1).
    pub groups: usize,
    /// Whether a bias is added (default true).
    pub bias: bool,
    /// How the weight starts (default pytorch).
    pub init: Init,
}
