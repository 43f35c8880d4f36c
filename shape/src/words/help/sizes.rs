//! Sizes and scales in the place of 0.

use super::Help;
use crate::{AdaptivePool2d, Axis, Layer, Upsample, UpsampleSize};

pub(super) const fn zero(help: &mut Help, axis: Axis) {
    let Some(layer) = help.layer() else { return };
    let old = match layer {
        Layer::AdaptivePool2d(pool) => pool.size(),
        Layer::Upsample(Upsample { size: UpsampleSize::Size(size), .. }) => size,
        Layer::Upsample(Upsample { size: UpsampleSize::Scale(scale), .. }) => scale,
        _ => return,
    };
    // As along the other axis, the usual scale, then what else there is.
    let other = old[1 - axis.index()];
    let scale = matches!(layer, Layer::Upsample(Upsample { size: UpsampleSize::Scale(_), .. }));
    let first = if other > 0 {
        other
    } else if scale {
        2
    } else {
        1
    };
    let mut i = 0;
    while i <= 32 {
        let n = if i == 0 { first } else { i };
        let mut size = old;
        size[axis.index()] = n;
        if other == 0 {
            size = [n, n];
        }
        if help.offer(resized(layer, size)) {
            return;
        }
        i += 1;
    }
}

const fn resized(layer: Layer, to: [usize; 2]) -> Layer {
    let mut layer = layer;
    match &mut layer {
        Layer::AdaptivePool2d(AdaptivePool2d { output, .. }) => *output = Some(to),
        Layer::Upsample(Upsample {
            size: UpsampleSize::Scale(n) | UpsampleSize::Size(n), ..
        }) => {
            *n = to;
        }
        _ => {}
    }
    layer
}
