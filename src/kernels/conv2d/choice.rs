//! Which kernel for which sizes.

use super::geometry::Geometry;
use super::weights::{Convolution, Weights};
use super::{channel_vectors, depthwise, depthwise_weight, pixel_vectors};
use super::{weight_channels, weight_dots, winograd};
use crate::kernels::Element;
use crate::kernels::scratch::scratch;
use crate::kernels::simd::Isa;

/// From so many output channels of a group on, they go in vectors.
const CHANNEL_VECTORS: usize = 16;

/// `y = conv(x, weight) + bias`, or `y += …`.
pub fn convolve<E: Element>(isa: Isa, convolution: &Convolution<E>, y: &mut [E]) {
    let Convolution { g, x, weight, .. } = *convolution;
    if let Some(m) = winograd::outputs_of_tile::<E>(isa, g)
        && winograd::suits_numbers(x)
        && winograd::suits_numbers(weight.data)
    {
        winograd::run(isa, m, convolution, y);
    } else if g.outputs >= CHANNEL_VECTORS {
        channel_vectors::run(isa, convolution, y);
    } else if !weight.is_plain(g) {
        scratch(g.groups * g.outputs * g.products(), |plain| {
            weight.copy_to(g, plain);
            let weight = &Weights::plain(g, plain);
            convolve(isa, &Convolution { weight, ..*convolution }, y);
        });
    } else if g.channels == 1 && g.groups > 1 {
        depthwise::run(isa, convolution, y);
    } else {
        pixel_vectors::run(isa, convolution, y);
    }
}

/// `gw += …`.
pub fn add_weight_gradient<E: Element>(isa: Isa, g: &Geometry, x: &[E], gy: &[E], gw: &mut [E]) {
    if depthwise_weight::suits(g) {
        depthwise_weight::run(isa, g, x, gy, gw);
    } else if g.outputs >= CHANNEL_VECTORS {
        weight_channels::run(isa, g, x, gy, gw);
    } else {
        weight_dots::run(isa, g, x, gy, gw);
    }
}
