//! What a layer does to the dimensions beside batch and channels, with its numbers as they are
//! written: for networks whose input leaves them open.

use crate::ast::{Num, ShapeExpr};
use crate::check::args::Pair;
use crate::check::padding::{PaddingKind, PaddingOption};

pub enum Spatial {
    /// Nothing.
    Kept,
    /// An operation along each axis.
    Through([Operation; 2]),
    /// An operation along a sequence.
    Along(Operation),
    /// They become these.
    Fixed([Num; 2]),
    /// There are none: features.
    Features,
    /// Those of this shape.
    Reshaped(ShapeExpr),
}

/// A type of `shapewright::dims` and its const arguments.
pub struct Operation {
    pub name: &'static str,
    pub args: Vec<Num>,
}

impl Spatial {
    /// Of a convolution.
    pub fn windows(kernel: &Pair, stride: &Pair, padding: &PaddingOption, dilation: &Pair) -> Self {
        Spatial::pooled(kernel, stride, padding, dilation, Some(false))
    }

    /// Of a pool, whose `ceil_mode` only the compiler may know: then its windows are those of
    /// `ceil_mode = false`, and the network's run says if that is wrong.
    pub fn pooled(
        kernel: &Pair,
        stride: &Pair,
        padding: &PaddingOption,
        dilation: &Pair,
        ceil_mode: Option<bool>,
    ) -> Self {
        Spatial::Through([0, 1].map(|axis| {
            let sizes = [kernel, stride, dilation].map(|pair| pair.nums[axis].clone());
            window(axis, sizes, padding, ceil_mode)
        }))
    }

    /// Of a convolution of a sequence.
    pub fn windows_1d(kernel: &Num, stride: &Num, padding: &PaddingOption, dilation: &Num) -> Self {
        Spatial::pooled_1d(kernel, stride, padding, dilation, Some(false))
    }

    /// Of a pool of a sequence, as [`Spatial::pooled`].
    pub fn pooled_1d(
        kernel: &Num,
        stride: &Num,
        padding: &PaddingOption,
        dilation: &Num,
        ceil_mode: Option<bool>,
    ) -> Self {
        // The padding of a sequence is that of a width.
        Spatial::Along(window(1, [kernel, stride, dilation].map(Num::clone), padding, ceil_mode))
    }

    /// Of a transposed convolution.
    pub fn transposed(
        kernel: &Pair,
        stride: &Pair,
        padding: &PaddingOption,
        dilation: &Pair,
        output_padding: &Pair,
    ) -> Self {
        Spatial::Through([0, 1].map(|axis| {
            let [k, s, d] = [kernel, stride, dilation].map(|pair| pair.nums[axis].clone());
            let further = output_padding.nums[axis].clone();
            match &padding.kind {
                PaddingKind::Same => Operation { name: "SameTransposed", args: vec![s, further] },
                PaddingKind::Full => {
                    Operation { name: "FullTransposed", args: vec![k, s, d, further] }
                }
                PaddingKind::Explicit(sides) => {
                    let [lo, hi] = sides[axis].clone();
                    Operation { name: "Transposed", args: vec![k, s, lo, hi, d, further] }
                }
            }
        }))
    }

    /// Of upsampling by these scales.
    pub fn times(scales: [Num; 2]) -> Self {
        Spatial::Through(scales.map(|scale| Operation { name: "Times", args: vec![scale] }))
    }

    /// Of padding with zeros.
    pub fn padded(sides: [[Num; 2]; 2]) -> Self {
        Spatial::Through(sides.map(|[lo, hi]| Operation { name: "Pad", args: vec![lo, hi] }))
    }
}

/// Of windows along one axis.
fn window(
    axis: usize,
    [k, s, d]: [Num; 3],
    padding: &PaddingOption,
    ceil_mode: Option<bool>,
) -> Operation {
    match &padding.kind {
        PaddingKind::Same => Operation { name: "SameSlide", args: vec![s] },
        PaddingKind::Full => Operation { name: "FullSlide", args: vec![k, s, d] },
        PaddingKind::Explicit(sides) => {
            let [lo, hi] = sides[axis].clone();
            let name = if ceil_mode == Some(true) { "CeilSlide" } else { "Slide" };
            Operation { name, args: vec![k, s, lo, hi, d] }
        }
    }
}
