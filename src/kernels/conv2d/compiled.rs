//! The heavy functions, compiled in this crate once for each element.
//!
//! A generic function is compiled in the crates that call it, and these have some dozens of
//! kernels for each instruction set inside.

use super::geometry::Geometry;
use super::weights::{Convolution, Weights};
use super::{channel_vectors, pixel_vectors, weight_channels, weight_dots, winograd};
use crate::kernels::Element;
use crate::kernels::scratch::scratch;
use crate::kernels::simd::Isa;

/// From so many output channels of a group on, they go in vectors.
const CHANNEL_VECTORS: usize = 16;

pub trait Compiled: Sized {
    /// By the kernel that suits the sizes.
    fn convolve(isa: Isa, convolution: &Convolution<Self>, y: &mut [Self]);

    /// `gw += …`.
    fn add_weight_gradient(isa: Isa, g: &Geometry, x: &[Self], gy: &[Self], gw: &mut [Self]);
}

macro_rules! compile_for {
    ($($e:ty)*) => {
        $(
            impl Compiled for $e {
                fn convolve(isa: Isa, convolution: &Convolution<Self>, y: &mut [Self]) {
                    convolve(isa, convolution, y);
                }

                fn add_weight_gradient(
                    isa: Isa,
                    g: &Geometry,
                    x: &[Self],
                    gy: &[Self],
                    gw: &mut [Self],
                ) {
                    if g.outputs >= CHANNEL_VECTORS {
                        weight_channels::run(isa, g, x, gy, gw);
                    } else {
                        weight_dots::run(isa, g, x, gy, gw);
                    }
                }
            }
        )*
    };
}

compile_for! { f32 f64 }

fn convolve<E: Element>(isa: Isa, convolution: &Convolution<E>, y: &mut [E]) {
    let Convolution { g, x, weight, .. } = *convolution;
    if let Some(m) = winograd::outputs_of_tile::<E>(isa, g)
        && winograd::suits_numbers(x)
        && winograd::suits_numbers(weight.data)
    {
        winograd::run(isa, m, convolution, y);
    } else if g.outputs >= CHANNEL_VECTORS {
        channel_vectors::run(isa, convolution, y);
    } else if weight.is_plain() {
        pixel_vectors::run(isa, convolution, y);
    } else {
        scratch(g.groups * g.outputs * g.products(), |plain| {
            weight.copy_to(g, plain);
            let weight = &Weights::plain(g, plain);
            pixel_vectors::run(isa, &Convolution { weight, ..*convolution }, y);
        });
    }
}
