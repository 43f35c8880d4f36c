//! How a size came about, as a sum.

use crate::{Axis, ConvTranspose2d, Layer, Padding, Shape, Text, Window};

/// How a convolution's or pool's output height came about, and the width if it differs.
pub(super) const fn arithmetic(t: &mut Text, layer: Layer, x: Shape, y: Shape, column: usize) {
    if let Layer::ConvTranspose2d(conv) = layer {
        t.pad_to(column);
        transposed(t, &conv, Axis::Height, x.dim(1), y.dim(1));
        if y.dim(1) != y.dim(2) {
            t.str(",  ");
            transposed(t, &conv, Axis::Width, x.dim(2), y.dim(2));
        }
        return;
    }
    if let Some(window) = layer.sequence_window() {
        t.pad_to(column);
        axis(t, &window, x.dim(1), y.dim(1));
        return;
    }
    let windows = match layer {
        Layer::Conv2d(conv) => [conv.window(Axis::Height), conv.window(Axis::Width)],
        Layer::Pool2d(pool) => [pool.window(Axis::Height), pool.window(Axis::Width)],
        _ => return,
    };
    t.pad_to(column);
    axis(t, &windows[0], x.dim(1), y.dim(1));
    if y.dim(1) != y.dim(2) {
        t.str(",  ");
        axis(t, &windows[1], x.dim(2), y.dim(2));
    }
}

/// `(64 + 2·0 - 1·(5-1) - 1) / 1 + 1 = 60`.
const fn axis(t: &mut Text, window: &Window, input: usize, output: usize) {
    let Ok((lo, hi)) = window.padding(input) else { return };
    t.str("(");
    sum(t, input, lo, hi);
    t.str(" - ").num(window.dilation).str("·(").num(window.kernel).str("-1) - 1) / ");
    t.num(window.stride).str(" + 1 = ").num(output);
    let Ok(reach) = window.reach() else { return };
    if !(input + lo + hi - reach).is_multiple_of(window.stride) {
        let up = output > (input + lo + hi - reach) / window.stride + 1;
        t.str(if up { ", rounded up" } else { ", rounded down" });
    }
}

/// `(4 - 1)·2 - 2·1 + 1·(4-1) + 0 + 1 = 8`.
const fn transposed(t: &mut Text, conv: &ConvTranspose2d, axis: Axis, input: usize, output: usize) {
    if let Padding::Same = conv.padding {
        t.num(input).str("·").num(conv.stride[axis as usize]);
        t.str(" + ").num(conv.output_padding[axis as usize]).str(" = ").num(output);
        return;
    }
    let window = conv.window(axis);
    let Ok((lo, hi)) = window.padding(input) else { return };
    t.str("(").num(input).str(" - 1)·").num(window.stride).str(" - ");
    if lo == hi {
        t.str("2·").num(lo);
    } else {
        t.num(lo).str(" - ").num(hi);
    }
    t.str(" + ").num(window.dilation).str("·(").num(window.kernel).str("-1) + ");
    t.num(conv.output_padding[axis as usize]).str(" + 1 = ").num(output);
}

pub(super) const fn sum(t: &mut Text, input: usize, lo: usize, hi: usize) {
    t.num(input).str(" + ");
    if lo == hi {
        t.str("2·").num(lo);
    } else {
        t.num(lo).str(" + ").num(hi);
    }
}
