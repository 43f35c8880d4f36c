//! The heavy functions, compiled in this crate once for each element.
//!
//! A generic function is compiled in the crates that call it, and these have dozens of kernels
//! for each instruction set inside.

use super::conv2d::{self, Convolution, Geometry};
use super::linear::{self, SmallBatch};
use super::pool2d::{self, Pool2dOp};
use super::simd::Isa;

/// What [`super::Element`] is there for.
pub trait Compiled: Sized {
    fn convolve(isa: Isa, convolution: &Convolution<Self>, y: &mut [Self]);
    fn add_weight_gradient(isa: Isa, g: &Geometry, x: &[Self], gy: &[Self], gw: &mut [Self]);
    fn linear_of_small_batch(isa: Isa, op: &SmallBatch<Self>, y: &mut [Self]);
    fn max_pool(isa: Isa, op: &Pool2dOp, x: &[Self], y: &mut [Self], indices: Option<&mut [u32]>);
    fn avg_pool(isa: Isa, op: &Pool2dOp, count_include_pad: bool, x: &[Self], y: &mut [Self]);
}

macro_rules! compile_for {
    ($($e:ty)*) => {
        $(
            impl Compiled for $e {
                fn convolve(isa: Isa, convolution: &Convolution<$e>, y: &mut [$e]) {
                    conv2d::convolve(isa, convolution, y);
                }

                fn add_weight_gradient(
                    isa: Isa,
                    g: &Geometry,
                    x: &[$e],
                    gy: &[$e],
                    gw: &mut [$e],
                ) {
                    conv2d::add_weight_gradient(isa, g, x, gy, gw);
                }

                fn linear_of_small_batch(isa: Isa, op: &SmallBatch<$e>, y: &mut [$e]) {
                    linear::small_batch(isa, op, y);
                }

                fn max_pool(
                    isa: Isa,
                    op: &Pool2dOp,
                    x: &[$e],
                    y: &mut [$e],
                    indices: Option<&mut [u32]>,
                ) {
                    pool2d::max_planes(isa, op, x, y, indices);
                }

                fn avg_pool(
                    isa: Isa,
                    op: &Pool2dOp,
                    count_include_pad: bool,
                    x: &[$e],
                    y: &mut [$e],
                ) {
                    pool2d::avg_planes(isa, op, count_include_pad, x, y);
                }
            }
        )*
    };
}

compile_for! { f32 f64 }
