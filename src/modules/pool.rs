//! Pools of windows.

use super::macros::stateless;
use super::shapes::{Images, Takes};
use crate::dims::{Slide, Through};
use crate::shape::{Layer, Padding, Pool2d, PoolKind};

/// The options of a pool with square windows.
const fn square(
    kind: PoolKind,
    kernel: usize,
    stride: usize,
    pad: usize,
    dilation: usize,
) -> Layer {
    let padding = Padding::symmetric(pad, pad);
    let [kernel, stride, dilation] = [[kernel; 2], [stride; 2], [dilation; 2]];
    Layer::Pool2d(Pool2d { kind, kernel, stride, padding, dilation, ceil_mode: false })
}

/// A pool, which changes height and width as a [`Slide`].
macro_rules! pool {
    ($(#[$doc:meta])* $Name:ident[$($param:ident $(= $default:tt)?),*], $kind:expr, $dilation:tt) => {
        stateless! {
            $(#[$doc])*
            $Name[$($param $(= $default)?),*], square($kind, KERNEL, STRIDE, PADDING, $dilation)
        }

        impl<$(const $param: usize,)* S: Images> Takes<S> for $Name<$($param),*>
        where
            S::Pixels: Through<
                    Slide<KERNEL, STRIDE, PADDING, PADDING, $dilation>,
                    Slide<KERNEL, STRIDE, PADDING, PADDING, $dilation>,
                >,
        {
            type Output = S::With<
                S::Channels,
                <S::Pixels as Through<
                    Slide<KERNEL, STRIDE, PADDING, PADDING, $dilation>,
                    Slide<KERNEL, STRIDE, PADDING, PADDING, $dilation>,
                >>::Out,
            >;
        }
    };
}

pool! {
    /// The largest pixel of each window, as PyTorch's
    /// [`MaxPool2d`](https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html).
    ///
    /// # Shapes
    ///
    /// `(B, C, H, W)` to `(B, C, H', W')`, `(C, H, W)` to `(C, H', W')`, where
    /// `H' = floor((H + 2·PADDING - DILATION·(KERNEL-1) - 1) / STRIDE) + 1`.
    ///
    /// # Errors
    ///
    /// A window larger than the padded image; padding of more than half the window.
    ///
    /// # Example
    ///
    /// ```
    /// use shapewright::modules::MaxPool2d;
    /// use shapewright::prelude::*;
    ///
    /// let dev = Cpu::default();
    /// let x = dev.tensor([[[1.0, 2.0, 3.0, 0.0], [4.0, 0.0, 0.0, 0.0]]]);
    /// let y: Tensor<Rank3<1, 1, 2>, f64, _> = MaxPool2d::<2>.forward(x);
    /// assert_eq!(y.array(), [[[4.0, 3.0]]]);
    /// ```
    MaxPool2d[KERNEL, STRIDE = KERNEL, PADDING = 0, DILATION = 1], PoolKind::Max, DILATION
}

pool! {
    /// The smallest pixel of each window. Shapes and errors are those of [`MaxPool2d`].
    ///
    /// # Example
    ///
    /// ```
    /// use shapewright::modules::MinPool2d;
    /// use shapewright::prelude::*;
    ///
    /// let dev = Cpu::default();
    /// let x = dev.tensor([[[1.0, 2.0, 3.0, 0.0], [4.0, 5.0, 6.0, 7.0]]]);
    /// let y: Tensor<Rank3<1, 1, 3>, f64, _> = MinPool2d::<2, 1>.forward(x);
    /// assert_eq!(y.array(), [[[1.0, 2.0, 0.0]]]);
    /// ```
    MinPool2d[KERNEL, STRIDE = KERNEL, PADDING = 0, DILATION = 1], PoolKind::Min, DILATION
}

pool! {
    /// The mean of each window, as PyTorch's
    /// [`AvgPool2d`](https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html). The zeros of
    /// the padding count.
    ///
    /// # Shapes
    ///
    /// `(B, C, H, W)` to `(B, C, H', W')`, `(C, H, W)` to `(C, H', W')`, where
    /// `H' = floor((H + 2·PADDING - KERNEL) / STRIDE) + 1`.
    ///
    /// # Errors
    ///
    /// A window larger than the padded image; padding of more than half the window.
    ///
    /// # Example
    ///
    /// ```
    /// use shapewright::modules::AvgPool2d;
    /// use shapewright::prelude::*;
    ///
    /// let dev = Cpu::default();
    /// let x = dev.tensor([[[1.0, 2.0, 3.0, 0.0], [4.0, 5.0, 6.0, 7.0]]]);
    /// let y: Tensor<Rank3<1, 1, 2>, f64, _> = AvgPool2d::<2>.forward(x);
    /// assert_eq!(y.array(), [[[3.0, 4.0]]]);
    /// ```
    AvgPool2d[KERNEL, STRIDE = KERNEL, PADDING = 0], PoolKind::Avg { count_include_pad: true }, 1
}
