//! Pools whose windows follow from the size of the output.

use dfdx::shapes::Const;

use super::macros::stateless;
use super::shapes::{Images, Takes};
use crate::shape::{AdaptiveKind, AdaptivePool2d, Layer};

const fn pool(kind: AdaptiveKind, output: Option<[usize; 2]>) -> Layer {
    Layer::AdaptivePool2d(AdaptivePool2d { kind, output })
}

stateless! {
    /// Means, so many that the output is `HEIGHT` by `WIDTH` whatever the image, as PyTorch's
    /// [`AdaptiveAvgPool2d`](https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html).
    ///
    /// # Shapes
    ///
    /// `(B, C, H, W)` to `(B, C, HEIGHT, WIDTH)`, `(C, H, W)` to `(C, HEIGHT, WIDTH)`.
    ///
    /// # Errors
    ///
    /// An image without pixels.
    ///
    /// # Example
    ///
    /// ```
    /// use shapewright::modules::AdaptiveAvgPool2d;
    /// use shapewright::prelude::*;
    ///
    /// let dev = Cpu::default();
    /// let x: Tensor<(usize, Const<8>, usize, usize), f32, _> = dev.ones_like(&(2, Const, 13, 17));
    /// let y: Tensor<(usize, Const<8>, Const<5>, Const<5>), f32, _> =
    ///     AdaptiveAvgPool2d::<5>.forward(x);
    /// ```
    AdaptiveAvgPool2d[HEIGHT, WIDTH = HEIGHT], pool(AdaptiveKind::Avg, Some([HEIGHT, WIDTH]))
}

stateless! {
    /// The largest pixels of windows, as PyTorch's
    /// [`AdaptiveMaxPool2d`](https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool2d.html).
    /// Shapes and errors are those of [`AdaptiveAvgPool2d`].
    ///
    /// # Example
    ///
    /// ```
    /// use shapewright::modules::AdaptiveMaxPool2d;
    /// use shapewright::prelude::*;
    ///
    /// let dev = Cpu::default();
    /// let x = dev.tensor([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]);
    /// let y: Tensor<Rank3<1, 1, 2>, f64, _> = AdaptiveMaxPool2d::<1, 2>.forward(x);
    /// assert_eq!(y.array(), [[[5.0, 6.0]]]);
    /// ```
    AdaptiveMaxPool2d[HEIGHT, WIDTH = HEIGHT], pool(AdaptiveKind::Max, Some([HEIGHT, WIDTH]))
}

impl<const HEIGHT: usize, const WIDTH: usize, S: Images> Takes<S>
    for AdaptiveAvgPool2d<HEIGHT, WIDTH>
{
    type Output = S::With<S::Channels, (Const<HEIGHT>, Const<WIDTH>)>;
}

impl<const HEIGHT: usize, const WIDTH: usize, S: Images> Takes<S>
    for AdaptiveMaxPool2d<HEIGHT, WIDTH>
{
    type Output = S::With<S::Channels, (Const<HEIGHT>, Const<WIDTH>)>;
}

stateless! {
    /// The mean of each channel: the features of an image, whatever its size.
    ///
    /// # Shapes
    ///
    /// `(B, C, H, W)` to `(B, C)`, `(C, H, W)` to `(C,)`.
    ///
    /// # Errors
    ///
    /// An image without pixels.
    ///
    /// # Example
    ///
    /// ```
    /// use shapewright::modules::GlobalAvgPool2d;
    /// use shapewright::prelude::*;
    ///
    /// let dev = Cpu::default();
    /// let x = dev.tensor([[[1.0, 2.0], [3.0, 6.0]], [[5.0, 5.0], [5.0, 5.0]]]);
    /// let y: Tensor<Rank1<2>, f64, _> = GlobalAvgPool2d.forward(x);
    /// assert_eq!(y.array(), [3.0, 5.0]);
    /// ```
    GlobalAvgPool2d[], pool(AdaptiveKind::Avg, None)
}

stateless! {
    /// The largest pixel of each channel. Shapes and errors are those of [`GlobalAvgPool2d`]. Of
    /// pixels that are equal the first gets the gradient, as in PyTorch.
    ///
    /// # Example
    ///
    /// ```
    /// use shapewright::modules::GlobalMaxPool2d;
    /// use shapewright::prelude::*;
    ///
    /// let dev = Cpu::default();
    /// let x: Tensor<Rank4<1, 1, 2, 2>, f64, _> = dev.tensor([[[[1.0, 2.0], [3.0, 6.0]]]]);
    /// let y: Tensor<Rank2<1, 1>, f64, _> = GlobalMaxPool2d.forward(x);
    /// assert_eq!(y.array(), [[6.0]]);
    /// ```
    GlobalMaxPool2d[], pool(AdaptiveKind::Max, None)
}

impl<S: Images> Takes<S> for GlobalAvgPool2d {
    type Output = S::With<S::Channels, ()>;
}

impl<S: Images> Takes<S> for GlobalMaxPool2d {
    type Output = S::With<S::Channels, ()>;
}
