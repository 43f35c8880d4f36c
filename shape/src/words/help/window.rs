//! Kernels, strides, paddings and dilations that will do.

use super::Help;
use super::code::Windows;
use crate::{Axis, Layer, Padding, Window};

/// Tries are bounded, since const evaluation counts its steps.
const TRIES: usize = 12;

pub(super) const fn zero_kernel(help: &mut Help, axis: Axis) {
    // The usual ones first.
    const KERNELS: [usize; 9] = [3, 1, 5, 2, 7, 4, 6, 8, 9];
    const POOLS: [usize; 9] = [2, 3, 4, 5, 1, 6, 7, 8, 9];
    let Some(layer) = help.layer() else { return };
    let pool = matches!(layer, Layer::Pool2d(_) | Layer::Pool1d(_));
    let mut i = 0;
    while i < KERNELS.len() {
        let size = if pool { POOLS[i] } else { KERNELS[i] };
        if kernel(help, axis, size) {
            return;
        }
        i += 1;
    }
}

pub(super) const fn zero_stride(help: &mut Help, axis: Axis) {
    let Some((layer, windows)) = windows(help) else { return };
    let mut stride = 1;
    while stride <= TRIES {
        let stride_ = set(windows.stride, axis, stride);
        if help.offer(Windows { stride: stride_, ..windows }.put(layer)) {
            return;
        }
        stride += 1;
    }
}

pub(super) const fn zero_dilation(help: &mut Help, axis: Axis) {
    dilations(help, axis, TRIES, false);
}

/// The kernel with its dilation is larger than what there is.
pub(super) const fn too_large(help: &mut Help, window: &Window, room: usize) {
    let axis = window.axis;
    if window.dilation > 1 && window.kernel > 1 && room >= window.kernel {
        dilations(help, axis, (room - 1) / (window.kernel - 1), true);
    }
    let most = (room - 1) / window.dilation + 1;
    let pool = matches!(help.layer(), Some(Layer::Pool2d(_) | Layer::Pool1d(_)));
    let mut less = 0;
    // A pool of single pixels is none. The error is on its kernel, which is not all of it.
    if most == 1 && pool && help.offer_without("leave it out") {
        less = most;
    }
    while less < TRIES && less < most && !kernel(help, axis, most - less) {
        less += 1;
    }
    let reach = window.dilation.saturating_mul(window.kernel.saturating_sub(1)).saturating_add(1);
    let missing = reach.saturating_sub(room);
    more_padding(help, axis, missing);
}

/// A pool's padding may be half of its kernel at most.
pub(super) const fn pool_padding(help: &mut Help, axis: Axis, size: usize, padding: usize) {
    less_padding(help, axis, size / 2);
    kernel(help, axis, padding.saturating_mul(2));
}

/// The padding cuts off all that a transposed convolution paints.
pub(super) const fn nothing_left(help: &mut Help, axis: Axis, painted: usize) {
    less_padding(help, axis, painted.saturating_sub(1) / 2);
}

const fn windows(help: &Help) -> Option<(Layer, Windows)> {
    let Some(layer) = help.layer() else { return None };
    match Windows::of(&layer) {
        Some(windows) => Some((layer, windows)),
        None => None,
    }
}

/// `n` for both axes where both were the same, else for this one.
const fn set(old: [usize; 2], axis: Axis, n: usize) -> [usize; 2] {
    if old[0] == old[1] { [n, n] } else { only(old, axis, n) }
}

const fn only(old: [usize; 2], axis: Axis, n: usize) -> [usize; 2] {
    let mut new = old;
    new[axis.index()] = n;
    new
}

/// Offers a kernel of this size, along both axes or this one.
const fn kernel(help: &mut Help, axis: Axis, size: usize) -> bool {
    let Some((layer, windows)) = windows(help) else { return false };
    let both = set(windows.kernel, axis, size);
    let one = only(windows.kernel, axis, size);
    with_kernel(help, layer, windows, both) || with_kernel(help, layer, windows, one)
}

const fn with_kernel(help: &mut Help, layer: Layer, windows: Windows, to: [usize; 2]) -> bool {
    // A pool's stride is its kernel, unless another one is given.
    let pool = matches!(layer, Layer::Pool2d(_) | Layer::Pool1d(_));
    let stride = if pool && !super::code::other(windows.stride, windows.kernel) {
        to
    } else {
        windows.stride
    };
    help.offer(Windows { kernel: to, stride, ..windows }.put(layer))
}

/// Offers a dilation up to the given one, the largest or the smallest.
const fn dilations(help: &mut Help, axis: Axis, most: usize, largest: bool) {
    let Some((layer, windows)) = windows(help) else { return };
    let mut i = 0;
    while i < most && i < TRIES {
        let dilation = if largest { most - i } else { i + 1 };
        let both = set(windows.dilation, axis, dilation);
        let one = only(windows.dilation, axis, dilation);
        if help.offer(Windows { dilation: both, ..windows }.put(layer))
            || help.offer(Windows { dilation: one, ..windows }.put(layer))
        {
            return;
        }
        i += 1;
    }
}

/// Offers so many rows or columns of padding more, evenly on all sides if that will do.
const fn more_padding(help: &mut Help, axis: Axis, missing: usize) {
    let Some((layer, windows)) = windows(help) else { return };
    let Padding::Explicit(old) = windows.padding else { return };
    let half = missing.div_ceil(2);
    let i = axis.index();
    let all = old[0][0];
    let square = !windows.sequence && all == old[0][1] && all == old[1][0] && all == old[1][1];
    let mut new = old;
    new[i] = [old[i][0].saturating_add(half), old[i][1].saturating_add(half)];
    let mut uneven = old;
    uneven[i] = [old[i][0].saturating_add(missing - half), old[i][1].saturating_add(half)];
    let mut all_uneven = uneven;
    all_uneven[1 - i] = uneven[i];
    let more = all.saturating_add(half);
    if square && help.offer(padded(layer, windows, Padding::symmetric(more, more))) {
        return;
    }
    if help.offer(padded(layer, windows, Padding::Explicit(new)))
        || help.offer(padded(layer, windows, Padding::Explicit(uneven)))
    {
        return;
    }
    if square && help.offer(padded(layer, windows, Padding::Explicit(all_uneven))) {
        return;
    }
    help.offer(padded(layer, windows, Padding::Same));
}

/// Offers the largest padding up to the given one, the same before and after.
const fn less_padding(help: &mut Help, axis: Axis, most: usize) {
    let Some((layer, windows)) = windows(help) else { return };
    let mut less = 0;
    while less <= most && less < TRIES {
        let n = most - less;
        if !windows.sequence && help.offer(padded(layer, windows, Padding::symmetric(n, n))) {
            return;
        }
        if let Padding::Explicit(mut sides) = windows.padding {
            sides[axis.index()] = [n, n];
            if help.offer(padded(layer, windows, Padding::Explicit(sides))) {
                return;
            }
        }
        less += 1;
    }
}

const fn padded(layer: Layer, windows: Windows, padding: Padding) -> Layer {
    Windows { padding, ..windows }.put(layer)
}
