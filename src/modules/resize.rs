//! Modules that make images larger.

use super::macros::stateless;
use super::shapes::{Images, Takes};
use crate::dims::{Pad, Through, Times};
use crate::shape::{self, Layer, Upsample, UpsampleMode, UpsampleSize};

stateless! {
    /// The image so many times as large, by the nearest pixel, as PyTorch's
    /// [`Upsample`](https://pytorch.org/docs/stable/generated/torch.nn.Upsample.html).
    ///
    /// # Shapes
    ///
    /// `(B, C, H, W)` to `(B, C, HEIGHT·H, WIDTH·W)`, `(C, H, W)` to `(C, HEIGHT·H, WIDTH·W)`.
    ///
    /// # Errors
    ///
    /// An image without pixels.
    ///
    /// # Example
    ///
    /// ```
    /// use shapewright::modules::Upsample2d;
    /// use shapewright::prelude::*;
    ///
    /// let dev = Cpu::default();
    /// let x = dev.tensor([[[1.0, 2.0]]]);
    /// let y: Tensor<Rank3<1, 2, 4>, f64, _> = Upsample2d::<2>.forward(x);
    /// assert_eq!(y.array(), [[[1.0, 1.0, 2.0, 2.0]; 2]]);
    /// ```
    Upsample2d[HEIGHT, WIDTH = HEIGHT], Layer::Upsample(Upsample::scale(HEIGHT, WIDTH))
}

stateless! {
    /// [`Upsample2d`] by weighted means of the four pixels around, with PyTorch's
    /// `align_corners = false`.
    ///
    /// # Example
    ///
    /// ```
    /// use shapewright::modules::UpsampleBilinear2d;
    /// use shapewright::prelude::*;
    ///
    /// let dev = Cpu::default();
    /// let x = dev.tensor([[[1.0, 2.0]]]);
    /// let y: Tensor<Rank3<1, 1, 4>, f64, _> = UpsampleBilinear2d::<1, 2>.forward(x);
    /// assert_eq!(y.array(), [[[1.0, 1.25, 1.75, 2.0]]]);
    /// ```
    UpsampleBilinear2d[HEIGHT, WIDTH = HEIGHT], Layer::Upsample(Upsample {
        size: UpsampleSize::Scale([HEIGHT, WIDTH]),
        mode: UpsampleMode::Bilinear { align_corners: false },
    })
}

impl<const HEIGHT: usize, const WIDTH: usize, S: Images> Takes<S> for Upsample2d<HEIGHT, WIDTH>
where
    S::Pixels: Through<Times<HEIGHT>, Times<WIDTH>>,
{
    type Output = S::With<S::Channels, <S::Pixels as Through<Times<HEIGHT>, Times<WIDTH>>>::Out>;
}

impl<const HEIGHT: usize, const WIDTH: usize, S: Images> Takes<S>
    for UpsampleBilinear2d<HEIGHT, WIDTH>
where
    S::Pixels: Through<Times<HEIGHT>, Times<WIDTH>>,
{
    type Output = S::With<S::Channels, <S::Pixels as Through<Times<HEIGHT>, Times<WIDTH>>>::Out>;
}

stateless! {
    /// Rows and columns of zeros around the image, as PyTorch's
    /// [`ZeroPad2d`](https://pytorch.org/docs/stable/generated/torch.nn.ZeroPad2d.html):
    /// `ZeroPad2d<1>` on all sides, `ZeroPad2d<0, 1>` at the bottom and on the right.
    ///
    /// # Shapes
    ///
    /// `(B, C, H, W)` to `(B, C, TOP + H + BOTTOM, LEFT + W + RIGHT)`, one image alike.
    ///
    /// # Errors
    ///
    /// An image without pixels.
    ///
    /// # Example
    ///
    /// ```
    /// use shapewright::modules::ZeroPad2d;
    /// use shapewright::prelude::*;
    ///
    /// let dev = Cpu::default();
    /// let x = dev.tensor([[[1.0, 2.0]]]);
    /// let y: Tensor<Rank3<1, 2, 3>, f64, _> = ZeroPad2d::<0, 1>.forward(x);
    /// assert_eq!(y.array(), [[[1.0, 2.0, 0.0], [0.0; 3]]]);
    /// ```
    ZeroPad2d[TOP, BOTTOM = TOP, LEFT = TOP, RIGHT = BOTTOM],
    Layer::ZeroPad2d(shape::ZeroPad2d { padding: [[TOP, BOTTOM], [LEFT, RIGHT]] })
}

impl<const TOP: usize, const BOTTOM: usize, const LEFT: usize, const RIGHT: usize, S: Images>
    Takes<S> for ZeroPad2d<TOP, BOTTOM, LEFT, RIGHT>
where
    S::Pixels: Through<Pad<TOP, BOTTOM>, Pad<LEFT, RIGHT>>,
{
    type Output =
        S::With<S::Channels, <S::Pixels as Through<Pad<TOP, BOTTOM>, Pad<LEFT, RIGHT>>>::Out>;
}
