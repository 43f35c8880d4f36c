//! Groups, output padding, and options for which the default is as good as any.

use super::Help;
use crate::{Axis, Dropout, Init, Layer, Norm, NormKind, PoolKind};

/// The largest output padding that will do.
pub(super) const fn output_padding(help: &mut Help, axis: Axis, stride: usize, dilation: usize) {
    let Some(Layer::ConvTranspose2d(conv)) = help.layer() else { return };
    let most = if stride > dilation { stride } else { dilation };
    let mut n = most;
    while n > 0 {
        n -= 1;
        let mut one = conv.output_padding;
        one[axis.index()] = n;
        let even = conv.output_padding[0] == conv.output_padding[1];
        let both = if even { [n, n] } else { one };
        let mut new = conv;
        new.output_padding = both;
        if help.offer(Layer::ConvTranspose2d(new)) {
            return;
        }
        new.output_padding = one;
        if help.offer(Layer::ConvTranspose2d(new)) {
            return;
        }
        // If both are over.
        new.output_padding = [n, n];
        if help.offer(Layer::ConvTranspose2d(new)) {
            return;
        }
    }
}

pub(super) const fn no_groups(help: &mut Help) {
    const USUAL: [usize; 4] = [8, 4, 2, 1];
    let Some(layer) = help.layer() else { return };
    let mut i = if let Layer::Norm(_) = layer { 0 } else { USUAL.len() - 1 };
    while i < USUAL.len() && !help.offer(with_groups(layer, USUAL[i])) {
        i += 1;
    }
}

/// The next smaller and the next larger number of groups that divides all channels.
pub(super) const fn groups(help: &mut Help, groups: usize, channels: usize) {
    let Some(layer) = help.layer() else { return };
    let counts = counts(help, &layer, channels);
    let mut explained = false;
    let mut g = if groups < counts[0] { groups } else { counts[0].saturating_add(1) };
    while g > 1 {
        g -= 1;
        if divides(g, counts) && help.offer(with_groups(layer, g)) {
            explain(help, counts);
            explained = true;
            break;
        }
    }
    let mut g = groups.saturating_add(1);
    while g <= counts[0] && g <= MOST {
        if divides(g, counts) && help.offer(with_groups(layer, g)) {
            if !explained {
                explain(help, counts);
            }
            break;
        }
        g += 1;
    }
}

/// More are not gone through.
const MOST: usize = 4096;

/// The channels that groups have to divide.
const fn counts(help: &Help, layer: &Layer, channels: usize) -> [usize; 2] {
    let out = match layer {
        Layer::Conv2d(conv) => conv.out_channels,
        Layer::Conv1d(conv) => conv.out_channels,
        Layer::ConvTranspose2d(conv) => conv.out_channels,
        _ => channels,
    };
    let input = help.mistake.input;
    [if input.rank() > 1 { input.dim(0) } else { channels }, out]
}

const fn divides(g: usize, [a, b]: [usize; 2]) -> bool {
    a.is_multiple_of(g) && b.is_multiple_of(g)
}

/// ``, one of the divisors 1, 2 of both 6 and 16``.
const fn explain(help: &mut Help, counts: [usize; 2]) {
    let t = &mut *help.t;
    t.str(", one of the divisors 1");
    let (mut g, mut shown) = (2, 1);
    while g <= counts[0] && g <= MOST {
        if divides(g, counts) {
            if shown == 8 {
                t.str(", …");
                break;
            }
            t.str(", ").num(g);
            shown += 1;
        }
        g += 1;
    }
    if counts[0] == counts[1] {
        t.str(" of ").num(counts[0]);
    } else {
        t.str(" of both ").num(counts[0]).str(" and ").num(counts[1]);
    }
}

const fn with_groups(layer: Layer, to: usize) -> Layer {
    let mut layer = layer;
    match &mut layer {
        Layer::Conv2d(conv) => conv.groups = to,
        Layer::Conv1d(conv) => conv.groups = to,
        Layer::ConvTranspose2d(conv) => conv.groups = to,
        Layer::Norm(Norm { kind: NormKind::Group { groups }, .. }) => *groups = to,
        _ => {}
    }
    layer
}

/// The option at fault as it is when it is not given.
pub(super) const fn default(help: &mut Help) {
    let Some(mut layer) = help.layer() else { return };
    match &mut layer {
        Layer::Dropout(Dropout { p }) | Layer::Dropout2d(Dropout { p }) => *p = 0.5,
        Layer::Pool2d(pool) => pool.kind = PoolKind::Lp { p: 2.0 },
        Layer::Pool1d(pool) => pool.kind = PoolKind::Lp { p: 2.0 },
        Layer::Conv2d(conv) => conv.init = Init::PyTorch,
        Layer::Conv1d(conv) => conv.init = Init::PyTorch,
        Layer::ConvTranspose2d(conv) => conv.init = Init::PyTorch,
        Layer::Linear(linear) => linear.init = Init::PyTorch,
        Layer::Norm(norm) => {
            if !(norm.eps >= 0.0 && norm.eps < f64::INFINITY) {
                norm.eps = 1e-5;
            } else if let NormKind::Batch1d { momentum } | NormKind::Batch2d { momentum } =
                &mut norm.kind
            {
                *momentum = 0.1;
            }
        }
        _ => return,
    }
    help.offer(layer);
}
