//! Pools.

use super::values::{Padding, Size};

/// The largest value of each window: `MaxPool2d(2)`.
///
/// `[C, H, W]` to `[C, H', W']` with
/// `H' = floor((H + top + bottom - dilation·(kernel - 1) - 1) / stride) + 1`, and so `W'`.
/// As PyTorch's [`MaxPool2d`](https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Pool: [3, 8, 8] -> [3, 4, 4] { MaxPool2d(2) } }
/// ```
#[non_exhaustive]
pub struct MaxPool2d {
    /// The size of a window; written without its name, too. It has no default.
    pub kernel: Size,
    /// Rows and columns from one window to the next (default: the kernel).
    pub stride: Size,
    /// What is around the image (default 0), at most half the kernel; it is never the largest.
    pub padding: Padding,
    /// Rows and columns from one tap of the window to the next (default 1).
    pub dilation: Size,
    /// Whether a window may reach over the end, for the last rows and columns not to be dropped (default
    /// false).
    pub ceil_mode: bool,
}

/// The smallest value of each window: `MinPool2d(2)`.
///
/// `[C, H, W]` to `[C, H', W']` with
/// `H' = floor((H + top + bottom - dilation·(kernel - 1) - 1) / stride) + 1`, and so `W'`.
/// As PyTorch's [`MaxPool2d`](https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html) of the negated input.
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Pool: [3, 8, 8] -> [3, 4, 4] { MinPool2d(2) } }
/// ```
#[non_exhaustive]
pub struct MinPool2d {
    /// The size of a window; written without its name, too. It has no default.
    pub kernel: Size,
    /// Rows and columns from one window to the next (default: the kernel).
    pub stride: Size,
    /// What is around the image (default 0), at most half the kernel; it is never the smallest.
    pub padding: Padding,
    /// Rows and columns from one tap of the window to the next (default 1).
    pub dilation: Size,
    /// Whether a window may reach over the end, for the last rows and columns not to be dropped (default
    /// false).
    pub ceil_mode: bool,
}

/// The mean of each window: `AvgPool2d(2)`.
///
/// `[C, H, W]` to `[C, H', W']` with
/// `H' = floor((H + top + bottom - dilation·(kernel - 1) - 1) / stride) + 1`, and so `W'`.
/// As PyTorch's [`AvgPool2d`](https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Pool: [3, 8, 8] -> [3, 4, 4] { AvgPool2d(2) } }
/// ```
#[non_exhaustive]
pub struct AvgPool2d {
    /// The size of a window; written without its name, too. It has no default.
    pub kernel: Size,
    /// Rows and columns from one window to the next (default: the kernel).
    pub stride: Size,
    /// What is around the image (default 0), at most half the kernel; zeros.
    pub padding: Padding,
    /// Whether a window may reach over the end, for the last rows and columns not to be dropped (default
    /// false).
    pub ceil_mode: bool,
    /// Whether the padding counts in the mean (default true).
    pub count_include_pad: bool,
}

/// The power average of each window, `(Σ x^p)^(1/p)`: `LpPool2d(2)`.
///
/// `[C, H, W]` to `[C, H', W']` with
/// `H' = floor((H + top + bottom - dilation·(kernel - 1) - 1) / stride) + 1`, and so `W'`.
/// As PyTorch's [`LPPool2d`](https://pytorch.org/docs/stable/generated/torch.nn.LPPool2d.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Pool: [3, 8, 8] -> [3, 4, 4] { LpPool2d(2) } }
/// ```
#[non_exhaustive]
pub struct LpPool2d {
    /// The size of a window; written without its name, too. It has no default.
    pub kernel: Size,
    /// The power (default 2), more than 0.
    pub p: f64,
    /// Rows and columns from one window to the next (default: the kernel).
    pub stride: Size,
    /// Whether a window may reach over the end, for the last rows and columns not to be dropped (default
    /// false).
    pub ceil_mode: bool,
}

/// The largest value of each window: `MaxPool1d(2)`.
///
/// `[C, L]` to `[C, L']` with
/// `L' = floor((L + before + after - dilation·(kernel - 1) - 1) / stride) + 1`.
/// As PyTorch's [`MaxPool1d`](https://pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Pool: [3, 8] -> [3, 4] { MaxPool1d(2) } }
/// ```
#[non_exhaustive]
pub struct MaxPool1d {
    /// The length of a window; written without its name, too. It has no default.
    pub kernel: usize,
    /// Elements from one window to the next (default: the kernel).
    pub stride: usize,
    /// What is around the sequence (default 0), at most half the kernel; it is never the largest.
    pub padding: Padding,
    /// Elements from one tap of the window to the next (default 1).
    pub dilation: usize,
    /// Whether a window may reach over the end, for the last elements not to be dropped (default
    /// false).
    pub ceil_mode: bool,
}

/// The smallest value of each window: `MinPool1d(2)`.
///
/// `[C, L]` to `[C, L']` with
/// `L' = floor((L + before + after - dilation·(kernel - 1) - 1) / stride) + 1`.
/// As PyTorch's [`MaxPool1d`](https://pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html) of the negated input.
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Pool: [3, 8] -> [3, 4] { MinPool1d(2) } }
/// ```
#[non_exhaustive]
pub struct MinPool1d {
    /// The length of a window; written without its name, too. It has no default.
    pub kernel: usize,
    /// Elements from one window to the next (default: the kernel).
    pub stride: usize,
    /// What is around the sequence (default 0), at most half the kernel; it is never the smallest.
    pub padding: Padding,
    /// Elements from one tap of the window to the next (default 1).
    pub dilation: usize,
    /// Whether a window may reach over the end, for the last elements not to be dropped (default
    /// false).
    pub ceil_mode: bool,
}

/// The mean of each window: `AvgPool1d(2)`.
///
/// `[C, L]` to `[C, L']` with
/// `L' = floor((L + before + after - dilation·(kernel - 1) - 1) / stride) + 1`.
/// As PyTorch's [`AvgPool1d`](https://pytorch.org/docs/stable/generated/torch.nn.AvgPool1d.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Pool: [3, 8] -> [3, 4] { AvgPool1d(2) } }
/// ```
#[non_exhaustive]
pub struct AvgPool1d {
    /// The length of a window; written without its name, too. It has no default.
    pub kernel: usize,
    /// Elements from one window to the next (default: the kernel).
    pub stride: usize,
    /// What is around the sequence (default 0), at most half the kernel; zeros.
    pub padding: Padding,
    /// Whether a window may reach over the end, for the last elements not to be dropped (default
    /// false).
    pub ceil_mode: bool,
    /// Whether the padding counts in the mean (default true).
    pub count_include_pad: bool,
}

/// The power average of each window, `(Σ x^p)^(1/p)`: `LpPool1d(2)`.
///
/// `[C, L]` to `[C, L']` with
/// `L' = floor((L + before + after - dilation·(kernel - 1) - 1) / stride) + 1`.
/// As PyTorch's [`LPPool1d`](https://pytorch.org/docs/stable/generated/torch.nn.LPPool1d.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Pool: [3, 8] -> [3, 4] { LpPool1d(2) } }
/// ```
#[non_exhaustive]
pub struct LpPool1d {
    /// The length of a window; written without its name, too. It has no default.
    pub kernel: usize,
    /// The power (default 2), more than 0.
    pub p: f64,
    /// Elements from one window to the next (default: the kernel).
    pub stride: usize,
    /// Whether a window may reach over the end, for the last elements not to be dropped (default
    /// false).
    pub ceil_mode: bool,
}

/// The mean of each bin of the image, which falls into as many as the output has pixels:
/// `AdaptiveAvgPool2d(5)`, `AdaptiveAvgPool2d((5, 7))`.
///
/// `[C, H, W]` to `[C, h, w]`, whatever `H` and `W` are: bin `i` reaches from `floor(i·H / h)` to
/// `ceil((i + 1)·H / h)`. As PyTorch's
/// [`AdaptiveAvgPool2d`](https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Pool: for<H, W> [3, H, W] -> [3, 5, 5] { AdaptiveAvgPool2d(5) } }
/// ```
#[non_exhaustive]
pub struct AdaptiveAvgPool2d {
    /// The height and width of the output; written without its name, too. It has no default.
    pub size: Size,
}

/// The largest value of each bin: [`AdaptiveAvgPool2d`] with a maximum for the mean.
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Pool: [3, 13, 13] -> [3, 5, 5] { AdaptiveMaxPool2d(5) } }
/// ```
#[non_exhaustive]
pub struct AdaptiveMaxPool2d {
    /// The height and width of the output; written without its name, too. It has no default.
    pub size: Size,
}

/// The mean of each channel: `[C, H, W]` to `[C]`.
///
/// ([Lin et al., 2013](https://arxiv.org/abs/1312.4400).)
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Pool: for<H, W> [3, H, W] -> [3] { GlobalAvgPool2d } }
/// ```
#[non_exhaustive]
pub struct GlobalAvgPool2d {}

/// The largest value of each channel: `[C, H, W]` to `[C]`.
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Pool: [3, 8, 8] -> [3] { GlobalMaxPool2d } }
/// ```
#[non_exhaustive]
pub struct GlobalMaxPool2d {}
