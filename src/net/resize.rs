//! Layers that change the shape and compute little or nothing.

use super::values::{Mode, Padding, Size};

/// All elements in a row: `[C, H, W]` to `[C · H · W]`, `[C, L]` to `[C · L]`.
///
/// As PyTorch's [`Flatten`](https://pytorch.org/docs/stable/generated/torch.nn.Flatten.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Flat: [16, 5, 5] -> [400] { Flatten } }
/// ```
#[non_exhaustive]
pub struct Flatten {}

/// The same elements in another shape: `Reshape([16, 5, 5])`. One dimension may be `_`, to be
/// inferred.
///
/// As PyTorch's [`Unflatten`](https://pytorch.org/docs/stable/generated/torch.nn.Unflatten.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Image: [400] -> [16, 5, 5] { Reshape([16, _, 5]) } }
/// ```
#[non_exhaustive]
pub struct Reshape {}

/// The image at another size: `Upsample(scale = 2)` or `Upsample(size = (64, 64))`.
///
/// `[C, H, W]` to `[C, scale · H, scale · W]` or `[C, h, w]`.
/// As PyTorch's [`Upsample`](https://pytorch.org/docs/stable/generated/torch.nn.Upsample.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Larger: [3, 8, 8] -> [3, 16, 16] { Upsample(scale = 2, mode = bilinear) } }
/// ```
#[non_exhaustive]
pub struct Upsample {
    /// So many times the height and width. This or the size is to be given.
    pub scale: Size,
    /// The height and width of the output.
    pub size: Size,
    /// How the pixels between pixels are found (default nearest).
    pub mode: Mode,
    /// Whether the centres of the corner pixels stay in the corners (default false), if bilinear.
    pub align_corners: bool,
}

/// Zeros around the image: `ZeroPad2d(1)`, `ZeroPad2d((h, w))`,
/// `ZeroPad2d(((top, bottom), (left, right)))`.
///
/// `[C, H, W]` to `[C, H + top + bottom, W + left + right]`.
/// As PyTorch's [`ZeroPad2d`](https://pytorch.org/docs/stable/generated/torch.nn.ZeroPad2d.html).
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Pad: [1, 28, 28] -> [1, 32, 32] { ZeroPad2d(2) } }
/// ```
#[non_exhaustive]
pub struct ZeroPad2d {
    /// The rows and columns on each side, in numbers; written without its name, too.
    pub padding: Padding,
}
