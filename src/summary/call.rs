//! A layer as one would write it in `net!`.

use crate::shape::{
    Activation, Claim, Conv1d, Conv2d, ConvTranspose2d, Dropout, Init, Layer, Linear, Norm,
    NormInit, NormKind, Padding, Pool1d, Pool2d, PoolKind, Shape, Upsample, UpsampleMode,
    UpsampleSize,
};

/// `Conv2d(3 -> 6, kernel = 5)`: input counts written out, defaults left out.
pub(crate) fn text(layer: &Layer, input: Shape) -> String {
    let args = match layer {
        Layer::Conv2d(conv) => conv2d(conv, input),
        Layer::Conv1d(conv) => conv1d(conv, input),
        Layer::ConvTranspose2d(conv) => conv_transpose2d(conv, input),
        Layer::Norm(norm) => normalisation(norm),
        Layer::Pool2d(pool) => pool2d(pool),
        Layer::Pool1d(pool) => pool1d(pool),
        Layer::AdaptivePool2d(pool) => pool.output.map(pair).into_iter().collect(),
        Layer::Linear(Linear { out_features, bias, init: start, .. }) => {
            let mut args = vec![format!("{} -> {out_features}", input.dim(0))];
            flag(&mut args, "bias", *bias, true);
            init(&mut args, *start);
            args
        }
        Layer::Dropout(Dropout { p }) | Layer::Dropout2d(Dropout { p }) => vec![p.to_string()],
        Layer::Upsample(upsample) => upsampling(upsample),
        Layer::ZeroPad2d(pad) => vec![sides(pad.padding)],
        Layer::Reshape(reshape) => vec![claim(reshape.to)],
        Layer::Activation(Activation::LeakyReLU { slope }) => vec![slope.to_string()],
        Layer::Activation(Activation::ELU { alpha }) => vec![alpha.to_string()],
        Layer::Activation(_) | Layer::Flatten => vec![],
    };
    if args.is_empty() {
        layer.name().to_string()
    } else {
        format!("{}({})", layer.name(), args.join(", "))
    }
}

fn conv2d(conv: &Conv2d, input: Shape) -> Vec<String> {
    let mut args = vec![format!("{} -> {}", input.dim(0), conv.out_channels)];
    args.push(format!("kernel = {}", pair(conv.kernel)));
    option(&mut args, "stride", conv.stride, [1, 1]);
    padding(&mut args, conv.padding);
    option(&mut args, "dilation", conv.dilation, [1, 1]);
    if conv.groups != 1 {
        args.push(format!("groups = {}", conv.groups));
    }
    flag(&mut args, "bias", conv.bias, true);
    init(&mut args, conv.init);
    args
}

fn conv1d(conv: &Conv1d, input: Shape) -> Vec<String> {
    let mut args = vec![format!("{} -> {}", input.dim(0), conv.out_channels)];
    args.push(format!("kernel = {}", conv.kernel));
    number(&mut args, "stride", conv.stride, 1);
    padding_1d(&mut args, conv.padding);
    number(&mut args, "dilation", conv.dilation, 1);
    number(&mut args, "groups", conv.groups, 1);
    flag(&mut args, "bias", conv.bias, true);
    init(&mut args, conv.init);
    args
}

fn conv_transpose2d(conv: &ConvTranspose2d, input: Shape) -> Vec<String> {
    let mut args = vec![format!("{} -> {}", input.dim(0), conv.out_channels)];
    args.push(format!("kernel = {}", pair(conv.kernel)));
    option(&mut args, "stride", conv.stride, [1, 1]);
    padding(&mut args, conv.padding);
    option(&mut args, "output_padding", conv.output_padding, [0, 0]);
    option(&mut args, "dilation", conv.dilation, [1, 1]);
    if conv.groups != 1 {
        args.push(format!("groups = {}", conv.groups));
    }
    flag(&mut args, "bias", conv.bias, true);
    init(&mut args, conv.init);
    args
}

fn normalisation(norm: &Norm) -> Vec<String> {
    let mut args = Vec::new();
    if let NormKind::Group { groups } = norm.kind {
        args.push(groups.to_string());
    }
    if norm.eps != 1e-5 {
        args.push(format!("eps = {}", norm.eps));
    }
    if let NormKind::Batch2d { momentum } | NormKind::Batch1d { momentum } = norm.kind
        && momentum != 0.1
    {
        args.push(format!("momentum = {momentum}"));
    }
    if let NormInit::Zeros = norm.init {
        args.push("init = zeros".to_string());
    }
    args
}

fn pool2d(pool: &Pool2d) -> Vec<String> {
    let mut args = vec![pair(pool.kernel)];
    power(&mut args, pool.kind);
    option(&mut args, "stride", pool.stride, pool.kernel);
    padding(&mut args, pool.padding);
    option(&mut args, "dilation", pool.dilation, [1, 1]);
    flag(&mut args, "ceil_mode", pool.ceil_mode, false);
    count_include_pad(&mut args, pool.kind);
    args
}

fn pool1d(pool: &Pool1d) -> Vec<String> {
    let mut args = vec![pool.kernel.to_string()];
    power(&mut args, pool.kind);
    number(&mut args, "stride", pool.stride, pool.kernel);
    padding_1d(&mut args, pool.padding);
    number(&mut args, "dilation", pool.dilation, 1);
    flag(&mut args, "ceil_mode", pool.ceil_mode, false);
    count_include_pad(&mut args, pool.kind);
    args
}

fn power(args: &mut Vec<String>, kind: PoolKind) {
    if let PoolKind::Lp { p } = kind
        && p != 2.0
    {
        args.push(format!("p = {p}"));
    }
}

fn count_include_pad(args: &mut Vec<String>, kind: PoolKind) {
    if let PoolKind::Avg { count_include_pad } = kind {
        flag(args, "count_include_pad", count_include_pad, true);
    }
}

fn upsampling(upsample: &Upsample) -> Vec<String> {
    let mut args = vec![match upsample.size {
        UpsampleSize::Scale(scale) => format!("scale = {}", pair(scale)),
        UpsampleSize::Size(size) => format!("size = {}", pair(size)),
    }];
    if let UpsampleMode::Bilinear { align_corners } = upsample.mode {
        args.push("mode = bilinear".to_string());
        flag(&mut args, "align_corners", align_corners, false);
    }
    args
}

/// `[16, 5, _]`.
fn claim(claim: Claim) -> String {
    let dim = |n: &Option<usize>| n.map_or("_".to_string(), |n| n.to_string());
    format!("[{}]", claim.dims().iter().map(dim).collect::<Vec<_>>().join(", "))
}

fn init(args: &mut Vec<String>, init: Init) {
    let value = match Init::WORDS.iter().find(|(_, known)| *known == init) {
        Some(("pytorch", _)) => return,
        Some((word, _)) => word.to_string(),
        None => {
            let code = format!("{{ Init::{init:?} }}");
            code.replace("fan: ", "fan: Fan::").replace("gain: ", "gain: Gain::")
        }
    };
    args.push(format!("init = {value}"));
}

fn option(args: &mut Vec<String>, key: &str, value: [usize; 2], default: [usize; 2]) {
    if value != default {
        args.push(format!("{key} = {}", pair(value)));
    }
}

fn number(args: &mut Vec<String>, key: &str, value: usize, default: usize) {
    if value != default {
        args.push(format!("{key} = {value}"));
    }
}

fn flag(args: &mut Vec<String>, key: &str, value: bool, default: bool) {
    if value != default {
        args.push(format!("{key} = {value}"));
    }
}

fn padding(args: &mut Vec<String>, padding: Padding) {
    padding_as(args, padding, sides);
}

fn padding_1d(args: &mut Vec<String>, padding: Padding) {
    padding_as(args, padding, |[_, both]| pair(both));
}

fn padding_as(args: &mut Vec<String>, padding: Padding, text: fn([[usize; 2]; 2]) -> String) {
    let value = match padding {
        Padding::Explicit([[0, 0], [0, 0]]) => return,
        Padding::Explicit(explicit) => text(explicit),
        Padding::Same => "same".to_string(),
        Padding::Full => "full".to_string(),
    };
    args.push(format!("padding = {value}"));
}

fn sides([[t, b], [l, r]]: [[usize; 2]; 2]) -> String {
    if t == b && l == r { pair([t, l]) } else { format!("(({t}, {b}), ({l}, {r}))") }
}

fn pair([h, w]: [usize; 2]) -> String {
    if h == w { h.to_string() } else { format!("({h}, {w})") }
}
