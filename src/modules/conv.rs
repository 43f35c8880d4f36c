//! Convolutions and transposed convolutions.

use dfdx::nn::{BuildOnDevice, ModuleVisitor, NonMutableModule, TensorCollection, TensorOptions};
use dfdx::prelude::*;

use super::macros::{functions, module};
use super::options::legal;
use super::shapes::{Channels, Images, PerGroup, Takes};
use super::weighted::weighted;
use crate::dims::{Slide, Through, Transposed};
use crate::init::{Init, draw, fans};
use crate::layers::Layer;
use crate::ops::{self, Backend, Flow};
use crate::shape::{self, Padding};
use crate::{Error, FloatDtype};

weighted! {
    /// A convolution, as PyTorch's
    /// [`Conv2d`](https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html), with a square
    /// kernel and a bias. [`UnbiasedConv2d`] has none.
    ///
    /// # Shapes
    ///
    /// `(B, IN, H, W)` to `(B, OUT, H', W')`, `(IN, H, W)` to `(OUT, H', W')`, where
    /// `H' = floor((H + 2·PADDING - DILATION·(KERNEL-1) - 1) / STRIDE) + 1`.
    ///
    /// # Errors
    ///
    /// Images of other than `IN` channels; a kernel larger than the padded image; `GROUPS` that don't
    /// divide `IN` and `OUT`.
    ///
    /// # Example
    ///
    /// ```
    /// use shapewright::modules::Conv2d;
    /// use shapewright::prelude::*;
    ///
    /// let dev = Cpu::default();
    /// let conv = dev.build_module::<Conv2d<3, 16, 3, 2, 1>, f32>();
    /// let images: Tensor<Rank4<8, 3, 32, 32>, f32, _> = dev.sample_normal();
    /// let y: Tensor<Rank4<8, 16, 16, 16>, f32, _> = conv.forward(images);
    ///
    /// let one = dev.zeros_like(&(Const::<3>, 20, 30));
    /// let y: Tensor<(Const<16>, usize, usize), f32, _> = conv.try_forward(one)?;
    /// assert_eq!(y.shape().concrete(), [16, 10, 15]);
    /// # Ok::<_, shapewright::Error>(())
    /// ```
    Conv2d[IN, OUT, KERNEL, STRIDE = 1, PADDING = 0, DILATION = 1, GROUPS = 1], ops::conv2d,
    weight: "`(OUT, IN / GROUPS, KERNEL, KERNEL)`"
        (Const<OUT>, PerGroup<IN, GROUPS>, Const<KERNEL>, Const<KERNEL>),
    bias: bias,
    options: Conv2d
        conv2d(IN, OUT, [KERNEL, STRIDE, PADDING, DILATION], GROUPS, true)
}

weighted! {
    /// A [`Conv2d`] without bias, as it stands before a batch normalisation.
    ///
    /// # Example
    ///
    /// ```
    /// use shapewright::modules::{BatchNorm2d, ReLU, UnbiasedConv2d};
    /// use shapewright::prelude::*;
    ///
    /// type Block = (UnbiasedConv2d<3, 16, 3, 1, 1>, BatchNorm2d<16>, ReLU);
    /// let dev = Cpu::default();
    /// let block = dev.build_module::<Block, f32>();
    /// assert_eq!(block.num_trainable_params(), 16 * 3 * 3 * 3 + 2 * 16);
    /// ```
    UnbiasedConv2d[IN, OUT, KERNEL, STRIDE = 1, PADDING = 0, DILATION = 1, GROUPS = 1], ops::conv2d,
    weight: "`(OUT, IN / GROUPS, KERNEL, KERNEL)`"
        (Const<OUT>, PerGroup<IN, GROUPS>, Const<KERNEL>, Const<KERNEL>),
    options: Conv2d
        conv2d(IN, OUT, [KERNEL, STRIDE, PADDING, DILATION], GROUPS, false)
}

weighted! {
    /// A transposed convolution, as PyTorch's
    /// [`ConvTranspose2d`](https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html),
    /// with a square kernel and a bias. [`UnbiasedConvTranspose2d`] has none.
    ///
    /// # Shapes
    ///
    /// `(B, IN, H, W)` to `(B, OUT, H', W')`, `(IN, H, W)` to `(OUT, H', W')`, where
    /// `H' = (H-1)·STRIDE - 2·PADDING + DILATION·(KERNEL-1) + OUTPUT_PADDING + 1`.
    ///
    /// # Errors
    ///
    /// Images of other than `IN` channels; padding that leaves nothing; `GROUPS` that don't divide
    /// `IN` and `OUT`; an output padding that is not less than the stride or the dilation.
    ///
    /// # Example
    ///
    /// ```
    /// use shapewright::modules::ConvTranspose2d;
    /// use shapewright::prelude::*;
    ///
    /// let dev = Cpu::default();
    /// let up = dev.build_module::<ConvTranspose2d<16, 8, 2, 2>, f32>();
    /// let images: Tensor<Rank4<4, 16, 7, 7>, f32, _> = dev.sample_normal();
    /// let y: Tensor<Rank4<4, 8, 14, 14>, f32, _> = up.forward(images);
    /// ```
    ConvTranspose2d[
        IN, OUT, KERNEL, STRIDE = 1, PADDING = 0, DILATION = 1, GROUPS = 1, OUTPUT_PADDING = 0
    ], ops::conv_transpose2d,
    weight: "`(IN, OUT / GROUPS, KERNEL, KERNEL)`"
        (Const<IN>, PerGroup<OUT, GROUPS>, Const<KERNEL>, Const<KERNEL>),
    bias: bias,
    options: ConvTranspose2d
        transposed(IN, OUT, [KERNEL, STRIDE, PADDING, DILATION, OUTPUT_PADDING], GROUPS, true)
}

weighted! {
    /// A [`ConvTranspose2d`] without bias.
    ///
    /// # Example
    ///
    /// ```
    /// use shapewright::modules::UnbiasedConvTranspose2d;
    /// use shapewright::prelude::*;
    ///
    /// let dev = Cpu::default();
    /// let up = dev.build_module::<UnbiasedConvTranspose2d<16, 8, 3, 2, 1, 1, 1, 1>, f32>();
    /// let image: Tensor<Rank3<16, 7, 7>, f32, _> = dev.sample_normal();
    /// let y: Tensor<Rank3<8, 14, 14>, f32, _> = up.forward(image);
    /// ```
    UnbiasedConvTranspose2d[
        IN, OUT, KERNEL, STRIDE = 1, PADDING = 0, DILATION = 1, GROUPS = 1, OUTPUT_PADDING = 0
    ], ops::conv_transpose2d,
    weight: "`(IN, OUT / GROUPS, KERNEL, KERNEL)`"
        (Const<IN>, PerGroup<OUT, GROUPS>, Const<KERNEL>, Const<KERNEL>),
    options: ConvTranspose2d
        transposed(IN, OUT, [KERNEL, STRIDE, PADDING, DILATION, OUTPUT_PADDING], GROUPS, false)
}

/// What a convolution makes of shapes: of height and width the same as of one axis, `$Along`.
macro_rules! takes {
    ($Name:ident[$($param:ident)*], $Along:ty) => {
        impl<$(const $param: usize,)* E: Dtype, D: Storage<E>, S: Images> Takes<S>
            for $Name<$($param,)* E, D>
        where
            S::Channels: Channels<IN>,
            S::Pixels: Through<$Along, $Along>,
        {
            type Output = S::With<Const<OUT>, <S::Pixels as Through<$Along, $Along>>::Out>;
        }
    };
}

takes! {
    Conv2d[IN OUT KERNEL STRIDE PADDING DILATION GROUPS],
    Slide<KERNEL, STRIDE, PADDING, PADDING, DILATION>
}
takes! {
    UnbiasedConv2d[IN OUT KERNEL STRIDE PADDING DILATION GROUPS],
    Slide<KERNEL, STRIDE, PADDING, PADDING, DILATION>
}
takes! {
    ConvTranspose2d[IN OUT KERNEL STRIDE PADDING DILATION GROUPS OUTPUT_PADDING],
    Transposed<KERNEL, STRIDE, PADDING, PADDING, DILATION, OUTPUT_PADDING>
}
takes! {
    UnbiasedConvTranspose2d[IN OUT KERNEL STRIDE PADDING DILATION GROUPS OUTPUT_PADDING],
    Transposed<KERNEL, STRIDE, PADDING, PADDING, DILATION, OUTPUT_PADDING>
}

const fn conv2d(
    channels: usize,
    out_channels: usize,
    [kernel, stride, padding, dilation]: [usize; 4],
    groups: usize,
    bias: bool,
) -> shape::Conv2d {
    shape::Conv2d {
        in_channels: Some(channels),
        stride: [stride; 2],
        padding: Padding::symmetric(padding, padding),
        dilation: [dilation; 2],
        groups,
        bias,
        ..shape::Conv2d::new(out_channels, [kernel; 2])
    }
}

const fn transposed(
    channels: usize,
    out_channels: usize,
    [kernel, stride, padding, dilation, output_padding]: [usize; 5],
    groups: usize,
    bias: bool,
) -> shape::ConvTranspose2d {
    shape::ConvTranspose2d {
        in_channels: Some(channels),
        stride: [stride; 2],
        padding: Padding::symmetric(padding, padding),
        output_padding: [output_padding; 2],
        dilation: [dilation; 2],
        groups,
        bias,
        ..shape::ConvTranspose2d::new(out_channels, [kernel; 2])
    }
}
