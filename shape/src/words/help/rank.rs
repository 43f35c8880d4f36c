//! A layer that takes images, sequences or features is given another kind of shape.

use super::{Help, code};
use crate::words::place::Place;
use crate::{
    AdaptiveKind, AdaptivePool2d, Claim, Conv1d, Conv2d, Layer, Norm, NormKind, Padding, Pool1d,
    Pool2d, Reshape, Shape, Step, StepKind,
};

pub(super) const fn not_features(help: &mut Help) {
    help.offer_before(Layer::Flatten);
    help.offer_before(AVERAGE);
}

pub(super) const fn not_an_image(help: &mut Help, input: Shape) {
    if before_the_flatten(help) || twin(help) {
        return;
    }
    // What was an image before a global pool can stay one.
    if let Some(giver) = help.place.giver()
        && let Some(StepKind::Layer(Layer::AdaptivePool2d(pool))) = giver.kind()
        && pool.output.is_none()
    {
        let pool = Layer::AdaptivePool2d(AdaptivePool2d { output: Some([1, 1]), ..pool });
        if help.makes_right(&giver.path, StepKind::Layer(pool)) {
            giver.label(help.line("keep an image, with "));
            code::call(help.t.str(" written `"), &pool);
            help.t.str("`");
        }
        // A second one has nothing left to do.
        if let Some(Layer::AdaptivePool2d(_)) = help.layer()
            && help.offer_without("remove it")
        {
            return;
        }
    }
    let (channels, length) = (Some(input.dim(0)), Some(input.dim(1)));
    help.offer_before(Layer::Reshape(Reshape { to: Claim::image(channels, Some(1), length) }));
}

pub(super) const fn not_a_sequence(help: &mut Help, input: Shape) {
    if before_the_flatten(help) || twin(help) {
        return;
    }
    let to = match input.rank() {
        1 => Claim::sequence(Some(1), Some(input.dim(0))),
        _ => Claim::sequence(Some(input.dim(0)), None),
    };
    help.offer_before(Layer::Reshape(Reshape { to }));
}

/// The number of weights must not depend on an open size.
pub(super) const fn varies(help: &mut Help) {
    if help.mistake.input.rank() != 3 {
        return;
    }
    let mut side = 0;
    while side <= 16 {
        // The usual one first.
        let n = if side == 0 { 5 } else { side };
        let pool = AdaptivePool2d { kind: AdaptiveKind::Avg, output: Some([n, n]) };
        if help.offer_before(Layer::AdaptivePool2d(pool)) {
            break;
        }
        side += 1;
    }
    if let Some(Layer::Flatten) = help.layer() {
        help.offer(AVERAGE);
    }
}

const AVERAGE: Layer =
    Layer::AdaptivePool2d(AdaptivePool2d { kind: AdaptiveKind::Avg, output: None });

/// The layer that does to the shape that arrives what this one does to another kind.
pub(super) const fn twin(help: &mut Help) -> bool {
    let Some(layer) = help.layer() else { return false };
    let Some(twin) = twin_of(&layer, help.mistake.input.rank()) else { return false };
    help.offer(twin)
}

/// If its options mean the same there.
const fn twin_of(layer: &Layer, rank: usize) -> Option<Layer> {
    Some(match layer {
        Layer::Conv2d(c) if rank == 2 && is_square(layer) => Layer::Conv1d(Conv1d {
            in_channels: c.in_channels,
            out_channels: c.out_channels,
            kernel: c.kernel[0],
            stride: c.stride[0],
            padding: c.padding,
            dilation: c.dilation[0],
            groups: c.groups,
            bias: c.bias,
            init: c.init,
        }),
        Layer::Conv1d(c) if rank == 3 && is_square(layer) => Layer::Conv2d(Conv2d {
            in_channels: c.in_channels,
            out_channels: c.out_channels,
            kernel: [c.kernel, c.kernel],
            stride: [c.stride, c.stride],
            padding: both_axes(c.padding),
            dilation: [c.dilation, c.dilation],
            groups: c.groups,
            bias: c.bias,
            init: c.init,
        }),
        Layer::Pool2d(p) if rank == 2 && is_square(layer) => Layer::Pool1d(Pool1d {
            kind: p.kind,
            kernel: p.kernel[0],
            stride: p.stride[0],
            padding: p.padding,
            dilation: p.dilation[0],
            ceil_mode: p.ceil_mode,
        }),
        Layer::Pool1d(p) if rank == 3 && is_square(layer) => Layer::Pool2d(Pool2d {
            kind: p.kind,
            kernel: [p.kernel, p.kernel],
            stride: [p.stride, p.stride],
            padding: both_axes(p.padding),
            dilation: [p.dilation, p.dilation],
            ceil_mode: p.ceil_mode,
        }),
        Layer::Norm(norm) => match norm.kind {
            NormKind::Batch2d { momentum } if rank < 3 => {
                Layer::Norm(Norm { kind: NormKind::Batch1d { momentum }, ..*norm })
            }
            NormKind::Batch1d { momentum } if rank == 3 => {
                Layer::Norm(Norm { kind: NormKind::Batch2d { momentum }, ..*norm })
            }
            _ => return None,
        },
        // Of elements in the place of channels. What it zeroes is a number that may be any.
        Layer::Dropout2d(dropout) if rank < 3 && dropout.p.to_bits() == 0.5f64.to_bits() => {
            Layer::Dropout(*dropout)
        }
        _ => return None,
    })
}

/// Whether all options are one number, which is written the same for images and sequences.
const fn is_square(layer: &Layer) -> bool {
    let Some(windows) = code::Windows::of(layer) else { return false };
    if let Padding::Explicit([h, w]) = windows.padding {
        if windows.sequence {
            return w[0] == w[1];
        }
        if code::other(h, w) || h[0] != h[1] {
            return false;
        }
    }
    windows.sequence
        || windows.kernel[0] == windows.kernel[1]
            && windows.stride[0] == windows.stride[1]
            && windows.dilation[0] == windows.dilation[1]
}

const fn both_axes(padding: Padding) -> Padding {
    match padding {
        Padding::Explicit([_, [lo, hi]]) => Padding::Explicit([[lo, hi], [lo, hi]]),
        other => other,
    }
}

/// Before the nearest `Flatten`, if that helps.
const fn before_the_flatten(help: &mut Help) -> bool {
    let mut at = help.place;
    while let Some(giver) = at.giver() {
        if let Some(StepKind::Layer(Layer::Flatten)) = giver.kind() {
            let helps = moved(help, &giver);
            if helps && !help.place.is_inside() {
                help.line("move it before the `Flatten`");
            }
            return helps;
        }
        at = giver;
    }
    false
}

/// Whether the layer does what is wanted there.
const fn moved(help: &Help, flatten: &Place) -> bool {
    let place = &help.place;
    let (Some(layer), Some(StepKind::Layer(Layer::Flatten))) = (help.layer(), flatten.kind())
    else {
        return false;
    };
    let Some(image) = place.network.arrival(help.mistake.start, &flatten.path) else {
        return false;
    };
    let Ok(mut x) = layer.output(image) else { return false };
    if let super::Goal::Network = help.goal {
        // Only along one list of steps: those between, then those behind.
        let depth = place.path.len() - 1;
        if depth > 0 || flatten.path.len() > 1 {
            return false;
        }
        let list: &[Step] = place.network.steps;
        let (mut i, this) = (flatten.path.level(0).index, place.path.level(0).index);
        while i < list.len() {
            if i != this {
                x = match list[i].output(x) {
                    Some(x) => x,
                    None => return false,
                };
            }
            i += 1;
        }
        return place.network.output.holds(&x);
    }
    true
}
