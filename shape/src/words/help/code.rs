//! Layers as code: whole calls, or the option in which one differs from another.

use crate::words::headline::dims;
use crate::{
    Init, Layer, NormInit, NormKind, Padding, Pool2d, PoolKind, Text, Upsample, UpsampleSize,
};

/// What windows have in common, of a sequence as those of an image of one row.
#[derive(Clone, Copy)]
pub(super) struct Windows {
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    pub padding: Padding,
    pub dilation: [usize; 2],
    pub sequence: bool,
}

impl Windows {
    pub const fn of(layer: &Layer) -> Option<Self> {
        let (kernel, stride, padding, dilation, sequence) = match layer {
            Layer::Conv2d(c) => (c.kernel, c.stride, c.padding, c.dilation, false),
            Layer::ConvTranspose2d(c) => (c.kernel, c.stride, c.padding, c.dilation, false),
            Layer::Pool2d(p) => (p.kernel, p.stride, p.padding, p.dilation, false),
            Layer::Conv1d(c) => ([1, c.kernel], [1, c.stride], c.padding, [1, c.dilation], true),
            Layer::Pool1d(p) => ([1, p.kernel], [1, p.stride], p.padding, [1, p.dilation], true),
            _ => return None,
        };
        Some(Windows { kernel, stride, padding, dilation, sequence })
    }

    /// The layer with these.
    pub const fn put(self, layer: Layer) -> Layer {
        let Windows { kernel, stride, padding, dilation, .. } = self;
        let mut layer = layer;
        match &mut layer {
            Layer::Conv2d(c) => {
                (c.kernel, c.stride, c.padding, c.dilation) = (kernel, stride, padding, dilation);
            }
            Layer::ConvTranspose2d(c) => {
                (c.kernel, c.stride, c.padding, c.dilation) = (kernel, stride, padding, dilation);
            }
            Layer::Pool2d(p) => {
                (p.kernel, p.stride, p.padding, p.dilation) = (kernel, stride, padding, dilation);
            }
            Layer::Conv1d(c) => {
                (c.kernel, c.stride) = (kernel[1], stride[1]);
                (c.padding, c.dilation) = (padding, dilation[1]);
            }
            Layer::Pool1d(p) => {
                (p.kernel, p.stride) = (kernel[1], stride[1]);
                (p.padding, p.dilation) = (padding, dilation[1]);
            }
            _ => {}
        }
        layer
    }
}

/// The same layer with other outputs; `None` if it does not say how many it has.
pub(super) const fn with_outputs(layer: Layer, outputs: usize) -> Option<Layer> {
    let mut layer = layer;
    match &mut layer {
        Layer::Conv2d(conv) => conv.out_channels = outputs,
        Layer::Conv1d(conv) => conv.out_channels = outputs,
        Layer::ConvTranspose2d(conv) => conv.out_channels = outputs,
        Layer::Linear(linear) => linear.out_features = outputs,
        _ => return None,
    }
    Some(layer)
}

/// The same layer with other claims of its input.
pub(super) const fn with_inputs(layer: Layer, inputs: Option<usize>) -> Layer {
    let mut layer = layer;
    match &mut layer {
        Layer::Conv2d(conv) => conv.in_channels = inputs,
        Layer::Conv1d(conv) => conv.in_channels = inputs,
        Layer::ConvTranspose2d(conv) => conv.in_channels = inputs,
        Layer::Linear(linear) => linear.in_features = inputs,
        _ => {}
    }
    layer
}

/// What to write for `new` where `old` stands: `key = value`, or the whole call.
pub(super) const fn change(t: &mut Text, old: &Layer, new: &Layer) {
    let pool = matches!(new, Layer::Pool2d(_) | Layer::Pool1d(_));
    if let (Some(a), Some(b)) = (Windows::of(old), Windows::of(new)) {
        if a.sequence != b.sequence {
            return call(t, new);
        }
        if other(a.kernel, b.kernel) {
            if pool {
                return call(t, new);
            }
            return pair(t.str("kernel = "), b.kernel, b.sequence);
        }
        if other(a.stride, b.stride) {
            return pair(t.str("stride = "), b.stride, b.sequence);
        }
        if other(a.dilation, b.dilation) {
            return pair(t.str("dilation = "), b.dilation, b.sequence);
        }
        if !same_padding(a.padding, b.padding) {
            return padding(t.str("padding = "), b.padding, b.sequence);
        }
    }
    match (old, new) {
        (Layer::ConvTranspose2d(a), Layer::ConvTranspose2d(b))
            if other(a.output_padding, b.output_padding) =>
        {
            pair(t.str("output_padding = "), b.output_padding, false);
        }
        (Layer::Upsample(_), Layer::Upsample(Upsample { size, .. })) => match size {
            UpsampleSize::Scale(scale) => pair(t.str("scale = "), *scale, false),
            UpsampleSize::Size(size) => pair(t.str("size = "), *size, false),
        },
        // A power average and a normalisation are only ever given their defaults.
        (Layer::Pool2d(_), Layer::Pool2d(_)) | (Layer::Pool1d(_), Layer::Pool1d(_)) => {
            t.str("p = 2");
        }
        (Layer::Norm(a), Layer::Norm(b)) if a.eps.to_bits() != b.eps.to_bits() => {
            t.str("eps = 1e-5");
        }
        (Layer::Norm(a), Layer::Norm(b))
            if matches!(
                (a.kind, b.kind),
                (NormKind::Batch2d { .. }, NormKind::Batch2d { .. })
                    | (NormKind::Batch1d { .. }, NormKind::Batch1d { .. })
            ) =>
        {
            t.str("momentum = 0.1");
        }
        _ => match (groups(old), groups(new)) {
            (Some(a), Some(b)) if a != b => {
                t.str("groups = ").num(b);
            }
            // A weight is only ever drawn by default instead.
            _ => match (init(old), init(new)) {
                (Some(a), Some(Init::PyTorch)) if !a.is_legal() => {
                    t.str("init = pytorch");
                }
                _ => call(t, new),
            },
        },
    }
}

/// Of a convolution.
const fn groups(layer: &Layer) -> Option<usize> {
    match layer {
        Layer::Conv2d(conv) => Some(conv.groups),
        Layer::Conv1d(conv) => Some(conv.groups),
        Layer::ConvTranspose2d(conv) => Some(conv.groups),
        _ => None,
    }
}

/// Of a layer whose weight is drawn.
const fn init(layer: &Layer) -> Option<Init> {
    match layer {
        Layer::Conv2d(conv) => Some(conv.init),
        Layer::Conv1d(conv) => Some(conv.init),
        Layer::ConvTranspose2d(conv) => Some(conv.init),
        Layer::Linear(linear) => Some(linear.init),
        _ => None,
    }
}

/// A step of its own. Of convolutions only those with a kernel of 1 are ever offered.
pub(super) const fn step(t: &mut Text, layer: &Layer) {
    match layer {
        Layer::Conv2d(conv) => {
            t.str("Conv2d(").num(conv.out_channels).str(", kernel = 1)");
        }
        other => call(t, other),
    }
}

/// `Conv2d(6 -> 16, …)`: a whole call, in which `…` stands for the options as they are.
pub(super) const fn call(t: &mut Text, layer: &Layer) {
    t.str(layer.name());
    let open = t.column();
    t.str("(");
    match layer {
        Layer::Conv2d(c) => in_out(t, c.in_channels, c.out_channels),
        Layer::Conv1d(c) => in_out(t, c.in_channels, c.out_channels),
        Layer::ConvTranspose2d(c) => in_out(t, c.in_channels, c.out_channels),
        Layer::Linear(l) => in_out(t, l.in_features, l.out_features),
        Layer::Pool2d(p) => pair(t, p.kernel, false),
        Layer::Pool1d(p) => pair(t, [1, p.kernel], true),
        Layer::AdaptivePool2d(p) => {
            if let Some(size) = p.output {
                pair(t, size, false);
            }
        }
        Layer::Norm(norm) => {
            if let NormKind::Group { groups } = norm.kind {
                t.num(groups);
            }
        }
        // Only ever offered with the default.
        Layer::Dropout(_) | Layer::Dropout2d(_) => {
            t.str("0.5");
        }
        Layer::Reshape(reshape) => dims(t, reshape.to),
        _ => {}
    }
    let bare = t.column() == open + 1;
    match (bare, has_more(layer)) {
        (true, true) => t.str("…)"),
        (true, false) => t.back(1),
        (false, true) => t.str(", …)"),
        (false, false) => t.str(")"),
    };
}

const fn in_out(t: &mut Text, input: Option<usize>, out: usize) {
    if let Some(input) = input {
        t.num(input).str(" -> ");
    }
    t.num(out);
}

/// Whether there are options beside what a call says without names.
const fn has_more(layer: &Layer) -> bool {
    match layer {
        // The kernel is one.
        Layer::Conv2d(_) | Layer::Conv1d(_) | Layer::ConvTranspose2d(_) => true,
        Layer::Linear(linear) => !linear.bias || !matches!(linear.init, Init::PyTorch),
        Layer::Pool2d(pool) => of_pool(pool),
        Layer::Pool1d(pool) => of_pool(&pool.image()),
        Layer::Norm(norm) => {
            let usual = match norm.kind {
                NormKind::Batch2d { momentum } | NormKind::Batch1d { momentum } => {
                    momentum.to_bits() == 0.1f64.to_bits()
                }
                _ => true,
            };
            let ones = matches!(norm.init, NormInit::Ones);
            !usual || !ones || norm.eps.to_bits() != 1e-5f64.to_bits()
        }
        _ => false,
    }
}

const fn of_pool(pool: &Pool2d) -> bool {
    other(pool.stride, pool.kernel)
        || other(pool.dilation, [1, 1])
        || !same_padding(pool.padding, Padding::NONE)
        || pool.ceil_mode
        || match pool.kind {
            PoolKind::Avg { count_include_pad } => !count_include_pad,
            PoolKind::Lp { p } => p.to_bits() != 2f64.to_bits(),
            _ => false,
        }
}

/// `n`, or `(h, w)` if they differ.
pub(super) const fn pair(t: &mut Text, [h, w]: [usize; 2], sequence: bool) {
    if sequence || h == w {
        t.num(w);
    } else {
        t.list("(", &[h, w], ", ", ")");
    }
}

const fn padding(t: &mut Text, padding: Padding, sequence: bool) {
    match padding {
        Padding::Same => {
            t.str("same");
        }
        Padding::Full => {
            t.str("full");
        }
        Padding::Explicit([_, [lo, hi]]) if sequence => pair(t, [lo, hi], false),
        Padding::Explicit([[top, bottom], [left, right]]) => {
            if top == bottom && left == right {
                pair(t, [top, left], false);
            } else {
                t.list("((", &[top, bottom], ", ", "), ").list("(", &[left, right], ", ", "))");
            }
        }
    }
}

pub(super) const fn other(a: [usize; 2], b: [usize; 2]) -> bool {
    a[0] != b[0] || a[1] != b[1]
}

const fn same_padding(a: Padding, b: Padding) -> bool {
    match (a, b) {
        (Padding::Explicit([a, c]), Padding::Explicit([b, d])) => !other(a, b) && !other(c, d),
        (Padding::Same, Padding::Same) | (Padding::Full, Padding::Full) => true,
        _ => false,
    }
}
