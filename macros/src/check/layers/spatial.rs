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
            let [k, s, d] = [kernel, stride, dilation].map(|pair| pair.nums[axis].clone());
            match &padding.kind {
                PaddingKind::Same => Operation { name: "SameSlide", args: vec![s] },
                PaddingKind::Full => Operation { name: "FullSlide", args: vec![k, s, d] },
                PaddingKind::Explicit(sides) => {
                    let [lo, hi] = sides[axis].clone();
                    let name = if ceil_mode == Some(true) { "CeilSlide" } else { "Slide" };
                    Operation { name, args: vec![k, s, lo, hi, d] }
                }
            }
        }))
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
