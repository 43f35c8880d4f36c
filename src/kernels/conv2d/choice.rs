//! Which kernel for which sizes.

use super::geometry::Geometry;
use super::weights::{Convolution, Operands, Weights};
use super::winograd::{self, Use};
use super::{channel_vectors, depthwise, depthwise_weight, pixel_vectors};
use super::{weight_channels, weight_dots, winograd_rows};
use crate::kernels::Element;
use crate::kernels::scratch::scratch;
use crate::kernels::simd::Isa;

/// From so many output channels of a group on, they go in vectors.
pub const CHANNEL_VECTORS: usize = 16;

/// `y = end(conv(x, weight) + bias)`.
pub fn convolve<E: Element>(isa: Isa, convolution: &Convolution<E>, y: &mut [E]) {
    if let Some(plan) = winograd::Plan::new::<E>(isa, convolution.g, Use::Once) {
        plan.convolve(convolution, y, |y| convolve_directly(isa, convolution, y));
    } else if let Some(plan) = winograd_rows::Plan::new::<E>(isa, convolution.g) {
        plan.convolve(convolution, y, |y| convolve_directly(isa, convolution, y));
    } else {
        convolve_directly(isa, convolution, y);
    }
}

/// [`convolve`] by the sum of all products, whatever numbers they are.
pub fn convolve_directly<E: Element>(isa: Isa, convolution: &Convolution<E>, y: &mut [E]) {
    let Convolution { g, x, weight, bias, end } = *convolution;
    let plan = Direct::new::<E>(isa, g);
    if plan.reads_plain() && weight.is_plain(g) {
        return plan.run(Operands { x, weight: weight.data, bias, end }, y);
    }
    scratch(plan.weight_len(g), |arranged| {
        plan.arrange(g, weight, arranged);
        plan.run(Operands { x, weight: arranged, bias, end }, y);
    });
}

/// A planned kernel that sums all products.
pub enum Direct {
    Channels(channel_vectors::Plan),
    Pixels(pixel_vectors::Plan),
    Depthwise(depthwise::Plan),
}

impl Direct {
    pub fn new<E: Element>(isa: Isa, g: &Geometry) -> Direct {
        if g.outputs >= CHANNEL_VECTORS {
            Direct::Channels(channel_vectors::Plan::new::<E>(isa, g))
        } else if g.channels == 1 && g.groups > 1 {
            Direct::Depthwise(depthwise::Plan::new(isa, g))
        } else {
            Direct::Pixels(pixel_vectors::Plan::new::<E>(isa, g))
        }
    }

    /// Whether it wants the weight plain.
    fn reads_plain(&self) -> bool {
        !matches!(self, Direct::Channels(_))
    }

    /// Numbers of the weight as it wants it.
    pub fn weight_len(&self, g: &Geometry) -> usize {
        match self {
            Direct::Channels(plan) => plan.weight_len(),
            Direct::Pixels(_) | Direct::Depthwise(_) => g.weight_len(),
        }
    }

    /// Lays the weight out as it wants it, which does not depend on the batch.
    pub fn arrange<E: Element>(&self, g: &Geometry, weight: &Weights<E>, out: &mut [E]) {
        match self {
            Direct::Channels(plan) => plan.pack(weight, out),
            Direct::Pixels(_) | Direct::Depthwise(_) => weight.copy_to(g, out),
        }
    }

    pub fn run<E: Element>(&self, operands: Operands<E>, y: &mut [E]) {
        match self {
            Direct::Channels(plan) => plan.run(operands, y),
            Direct::Pixels(plan) => plan.run(operands, y),
            Direct::Depthwise(plan) => plan.run(operands, y),
        }
    }
}

/// `gw += …`.
pub fn add_weight_gradient<E: Element>(isa: Isa, g: &Geometry, x: &[E], gy: &[E], gw: &mut [E]) {
    if let Some(plan) = winograd::GradientPlan::new::<E>(isa, g) {
        plan.run((x, gy), gw, |g, (x, gy), gw| add_weight_gradient_directly(isa, g, x, gy, gw));
    } else if let Some(plan) = winograd_rows::GradientPlan::new::<E>(isa, g) {
        plan.run((x, gy), gw, |gw| add_weight_gradient_directly(isa, g, x, gy, gw));
    } else {
        add_weight_gradient_directly(isa, g, x, gy, gw);
    }
}

/// [`add_weight_gradient`] by the sums of all products, whatever numbers they are.
fn add_weight_gradient_directly<E: Element>(
    isa: Isa,
    g: &Geometry,
    x: &[E],
    gy: &[E],
    gw: &mut [E],
) {
    if depthwise_weight::suits(g) {
        depthwise_weight::run(isa, g, x, gy, gw);
    } else if g.outputs >= CHANNEL_VECTORS {
        weight_channels::run(isa, g, x, gy, gw);
    } else {
        weight_dots::run(isa, g, x, gy, gw);
    }
}
