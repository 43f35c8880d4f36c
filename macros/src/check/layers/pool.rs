//! Pools: of windows, of bins, of whole planes.

use super::{LayerDef, Spatial, required_kernel, simple, simple_or};
use crate::ast::Num;
use crate::check::args::{Args, Known, Pair};
use crate::check::padding;
use proc_macro2::Ident;
use quote::{format_ident, quote};
use shapewright_shape::{AdaptiveKind, AdaptivePool2d, Arg, Layer, PoolKind};

/// What is taken of a window, which decides on the options.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Family {
    Max,
    Min,
    Avg,
    Lp,
}

impl Family {
    fn dilated(self) -> bool {
        matches!(self, Family::Max | Family::Min)
    }
}

/// `MaxPool2d(k)` and its like.
pub(super) fn window(mut args: Args, family: Family) -> LayerDef {
    let positional = args.positional();
    let kernel = required_kernel(&mut args, positional);
    let kernel = args.take_pair(kernel, "kernel", Arg::Kernel);
    let power = power(&mut args, family);
    let stride = args.pair("stride", Arg::Stride).unwrap_or(kernel.clone());
    let padding = match family {
        Family::Lp => padding::explicit(padding::none()),
        _ => padding::option(&mut args),
    };
    let ceil_mode = args.flag("ceil_mode", false);
    let dilation = if family.dilated() { args.pair("dilation", Arg::Dilation) } else { None };
    let dilation = dilation.unwrap_or(Pair::implied(1));
    let kind = kind(&mut args, family, power);
    let spatial = Spatial::pooled(&kernel, &stride, &padding, &dilation, ceil_mode.known);
    let layer = known_layer!(Pool2d { kind, kernel, stride, padding, dilation, ceil_mode });
    simple_or(args, layer.known, layer.tokens).giving(spatial)
}

/// `MaxPool1d(k)` and its like.
pub(super) fn window_1d(mut args: Args, family: Family) -> LayerDef {
    let positional = args.positional();
    let kernel = required_kernel(&mut args, positional);
    let kernel = args.take_num(kernel, "kernel", Arg::Kernel);
    let power = power(&mut args, family);
    let stride = match args.named("stride") {
        Some(value) => args.take_num(value, "stride", Arg::Stride),
        None => kernel.clone(),
    };
    let padding = match family {
        Family::Lp => padding::explicit(padding::none()),
        _ => padding::option_1d(&mut args),
    };
    let ceil_mode = args.flag("ceil_mode", false);
    let dilation = match family.dilated() {
        true => args.num("dilation", Arg::Dilation, 1),
        false => Num::implied(1, args.layer.span()),
    };
    let kind = kind(&mut args, family, power);
    let spatial = Spatial::pooled_1d(&kernel, &stride, &padding, &dilation, ceil_mode.known);
    let layer = known_layer!(Pool1d { kind, kernel, stride, padding, dilation, ceil_mode });
    simple_or(args, layer.known, layer.tokens).giving(spatial)
}

/// `p` of a power average.
fn power(args: &mut Args, family: Family) -> Option<Known<f64>> {
    if family != Family::Lp {
        return None;
    }
    let named = args.named("p");
    Some(args.float(named, "p", Arg::Power, 2.0))
}

/// What is taken, with the option that only a mean has.
fn kind(args: &mut Args, family: Family, power: Option<Known<f64>>) -> Known<PoolKind> {
    let Known { known, tokens } = match (family, power) {
        (Family::Min, _) => Known { known: Some(PoolKind::Min), tokens: quote!(Min) },
        (Family::Avg, _) => {
            let flag = args.flag("count_include_pad", true);
            let tokens = flag.tokens;
            Known {
                known: flag.known.map(|count_include_pad| PoolKind::Avg { count_include_pad }),
                tokens: quote!(Avg { count_include_pad: #tokens }),
            }
        }
        (Family::Lp, Some(Known { known, tokens })) => {
            Known { known: known.map(|p| PoolKind::Lp { p }), tokens: quote!(Lp { p: #tokens }) }
        }
        _ => Known { known: Some(PoolKind::Max), tokens: quote!(Max) },
    };
    Known { known, tokens: quote!(::shapewright::shape::PoolKind::#tokens) }
}

/// `AdaptiveAvgPool2d(5)`, `AdaptiveMaxPool2d((5, 7))`.
pub(super) fn adaptive(mut args: Args, kind: AdaptiveKind) -> LayerDef {
    let size = match args.positional().or_else(|| args.named("size")) {
        Some(size) => args.take_pair(size, "size", Arg::Out),
        None => {
            let (label, span) = (args.label.clone(), args.layer.span());
            let fix = args.call_with("5");
            args.wrong(span, format!("{label} needs its output's size"), &[fix]);
            let stand_in = Num::stand_in(span);
            Pair::of(&stand_in, &stand_in)
        }
    };
    let known = size.known.map(|size| AdaptivePool2d { kind, output: Some(size) });
    let spatial = Spatial::Fixed(size.nums);
    let (kind, size) = (variant(kind), size.tokens);
    let tokens = quote! {
        AdaptivePool2d(::shapewright::shape::AdaptivePool2d {
            kind: ::shapewright::shape::AdaptiveKind::#kind,
            output: ::core::option::Option::Some(#size),
        })
    };
    simple_or(args, known.map(Layer::AdaptivePool2d), tokens).giving(spatial)
}

/// `GlobalAvgPool2d`, `GlobalMaxPool2d`.
pub(super) fn global(args: Args, kind: AdaptiveKind) -> LayerDef {
    let layer = Layer::AdaptivePool2d(AdaptivePool2d { kind, output: None });
    let kind = variant(kind);
    let tokens = quote! {
        AdaptivePool2d(::shapewright::shape::AdaptivePool2d {
            kind: ::shapewright::shape::AdaptiveKind::#kind,
            output: ::core::option::Option::None,
        })
    };
    simple(args, layer, tokens).giving(Spatial::Features)
}

fn variant(kind: AdaptiveKind) -> Ident {
    format_ident!("{kind:?}")
}
