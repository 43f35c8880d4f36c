//! The table of shapes: how the input came to be what arrives at the mistake.

use super::headline::dims;
use crate::{
    Axis, ConvTranspose2d, Layer, Mistake, Network, Padding, Problem, Shape, StepKind, Text, Window,
};

/// More rows than this are cut to those around the mistake.
const MOST_ROWS: usize = 18;

/// Whether how the input came about has anything to do with the mistake.
pub(super) const fn explains(problem: &Problem) -> bool {
    matches!(
        problem,
        Problem::Features { .. }
            | Problem::Channels { .. }
            | Problem::NotFeatures { .. }
            | Problem::NotAnImage { .. }
            | Problem::NotASequence { .. }
            | Problem::AnImage { .. }
            | Problem::NothingLeft { .. }
            | Problem::Network { .. }
            | Problem::Expected { .. }
            | Problem::KernelTooLarge { .. }
            | Problem::GroupsInput { .. }
            | Problem::Reshape { .. }
            | Problem::Overflow
    )
}

/// The rows up to the mistake, and the mistaken step behind an arrow.
pub(super) const fn write(t: &mut Text, network: &Network, mistake: &Mistake) {
    let to = mistake.step;
    let from = to.saturating_sub(MOST_ROWS);
    rows(t, network, from, to, INDENT);
    t.str(ARROW);
    let (names, layers) = widths(network, from, to + 1);
    if to == network.steps.len() {
        t.str("output").pad_to(INDENT.len() + names + layers);
    } else {
        step_head(t, network, to, INDENT.len(), names, layers);
    }
    match mistake.problem {
        Problem::Features { claimed, .. } => {
            t.str("takes [").num(claimed).str("]");
        }
        Problem::Channels { claimed, .. } => {
            t.str("takes [").num(claimed).str(rest(network, to));
        }
        Problem::NotFeatures { .. } => {
            t.str("takes [features]");
        }
        Problem::NotAnImage { .. } => {
            t.str("takes [channels, height, width]");
        }
        Problem::NotASequence { .. } => {
            t.str("takes [channels, length]");
        }
        Problem::Reshape { to, .. } => {
            t.str("to ");
            dims(t, to);
        }
        Problem::Network { takes, .. } => {
            t.str("takes ").dims(takes.dims());
        }
        Problem::Expected { claim, .. } => {
            t.str("says ");
            dims(t, claim);
        }
        Problem::AnImage { .. } => {
            t.str("takes [features] or [channels, length]");
        }
        Problem::NothingLeft { painted, padding, .. } => {
            t.num(painted).str(" - ").num(padding).str(" < 1");
        }
        Problem::KernelTooLarge { window, input, pad_lo, pad_hi } => {
            sum(t, input, pad_lo, pad_hi);
            t.str(" < ").num(window.dilation).str("·(").num(window.kernel).str("-1) + 1");
        }
        Problem::GroupsInput { groups, .. } => {
            t.str("takes [n·").num(groups).str(rest(network, to));
        }
        _ => {
            t.str("?");
        }
    }
}

/// What follows the channels of the input of step `i`.
const fn rest(network: &Network, i: usize) -> &'static str {
    match network.steps[i].kind {
        StepKind::Layer(layer) if layer.sequence_window().is_some() => ", length]",
        _ => ", height, width]",
    }
}

const INDENT: &str = "  ";
const ARROW: &str = "→ ";

/// The input and the steps `from..to` with their shapes; stops at a mistake.
pub(super) const fn rows(t: &mut Text, network: &Network, from: usize, to: usize, indent: &str) {
    let (names, layers) = widths(network, from, to + 1);
    let start = indent.len();
    if let Some(0) | None = network.input.numel() {
        return;
    }
    let mut x = network.input;
    if from == 0 {
        t.str(indent).str("input").pad_to(start + names + layers).dims(x.dims()).str("\n");
    } else {
        t.str(indent).str("⋮\n");
    }
    let shapes = start + names + layers + shape_width(network, to) + 2;
    let mut i = 0;
    while i < to {
        let Ok(y) = network.steps[i].kind.output(x) else { return };
        if i >= from {
            t.str(indent);
            step_head(t, network, i, start, names, layers);
            t.dims(y.dims());
            if let StepKind::Layer(layer) = network.steps[i].kind {
                arithmetic(t, layer, x, y, shapes);
            }
            t.str("\n");
        }
        x = y;
        i += 1;
    }
}

const fn step_head(
    t: &mut Text,
    network: &Network,
    i: usize,
    start: usize,
    names: usize,
    layers: usize,
) {
    let step = &network.steps[i];
    t.str(step.name).pad_to(start + names);
    t.str(step.kind.name()).pad_to(start + names + layers);
}

/// Widths of the columns of names and of layers, with a gap after each.
const fn widths(network: &Network, from: usize, to: usize) -> (usize, usize) {
    let (mut names, mut layers, mut i) = (5, 0, from);
    while i < to && i < network.steps.len() {
        let step = &network.steps[i];
        if step.name.len() > names {
            names = step.name.len();
        }
        let name = step.kind.name();
        if name.len() > layers {
            layers = name.len();
        }
        i += 1;
    }
    (names + 2, layers + 2)
}

/// The widest shape before step `to`, in characters.
const fn shape_width(network: &Network, to: usize) -> usize {
    let mut widest = 0;
    let mut i = 0;
    while i <= to {
        if let Ok(x) = network.shape_at(i) {
            let (mut width, mut d) = (2 * x.rank(), 0);
            while d < x.rank() {
                width += digits(x.dim(d));
                d += 1;
            }
            if width > widest {
                widest = width;
            }
        }
        i += 1;
    }
    widest
}

const fn digits(n: usize) -> usize {
    let (mut n, mut digits) = (n, 1);
    while n >= 10 {
        n /= 10;
        digits += 1;
    }
    digits
}

/// How a convolution's or pool's output height came about, and the width if it differs.
const fn arithmetic(t: &mut Text, layer: Layer, x: Shape, y: Shape, column: usize) {
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

const fn sum(t: &mut Text, input: usize, lo: usize, hi: usize) {
    t.num(input).str(" + ");
    if lo == hi {
        t.str("2·").num(lo);
    } else {
        t.num(lo).str(" + ").num(hi);
    }
}
