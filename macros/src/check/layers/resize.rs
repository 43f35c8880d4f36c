//! Layers that change an image's size or shape: upsampling, zeros around it, other dimensions.

use super::{LayerDef, Spatial, simple_or};
use crate::ast::{Dim, ShapeExpr, Value};
use crate::check::args::{Args, Known, Pair};
use crate::check::padding;
use crate::diagnostics::{nearest, suggest, write_each};
use quote::quote;
use shapewright_shape::{Arg, Layer, Reshape, Upsample, UpsampleMode, UpsampleSize, ZeroPad2d};

const MODES: &[&str] = &["nearest", "bilinear"];

/// `Upsample(scale = 2)`, `Upsample(size = (8, 8), mode = bilinear)`.
pub(super) fn upsample(mut args: Args) -> LayerDef {
    let (scale, size) = (args.named("scale"), args.named("size"));
    let size = match (scale, size) {
        (Some(scale), None) => of_scale(args.take_pair(scale, "scale", Arg::Out)),
        (None, Some(size)) => of_size(args.take_pair(size, "size", Arg::Out)),
        (Some(scale), Some(size)) => {
            let message = format!("{} takes a `scale` or a `size`, not both", args.label);
            let [by, to] = [scale.code(), size.code()];
            let fixes = [format!("remove `size = {to}`"), format!("remove `scale = {by}`")];
            args.wrong_value(&size, message, &fixes);
            of_scale(args.take_pair(scale, "scale", Arg::Out))
        }
        (None, None) => {
            let label = args.label.clone();
            match args.positional() {
                Some(value) => {
                    let n = value.code();
                    let calls =
                        ["scale", "size"].map(|key| args.call_with(&format!("{key} = {n}")));
                    let message = format!("{label} takes its scale or size by name");
                    args.wrong_value(&value, message, &calls);
                }
                None => {
                    let calls = ["scale = 2", "size = 64"].map(|option| args.call_with(option));
                    let message = format!("{label} needs a scale or a size");
                    args.wrong(args.layer.span(), message, &calls);
                }
            }
            of_scale(Pair::implied(1))
        }
    };
    let (size, spatial) = size;
    let mode = mode(&mut args);
    let known = size.known.zip(mode.known).map(|(size, mode)| Upsample { size, mode });
    let (size, mode) = (size.tokens, mode.tokens);
    let tokens = quote! {
        Upsample(::shapewright::shape::Upsample {
            size: ::shapewright::shape::UpsampleSize::#size,
            mode: ::shapewright::shape::UpsampleMode::#mode,
        })
    };
    simple_or(args, known.map(Layer::Upsample), tokens).giving(spatial)
}

fn of_scale(pair: Pair) -> (Known<UpsampleSize>, Spatial) {
    let (tokens, spatial) = (pair.tokens, Spatial::times(pair.nums));
    let known = pair.known.map(UpsampleSize::Scale);
    (Known { known, tokens: quote!(Scale(#tokens)) }, spatial)
}

fn of_size(pair: Pair) -> (Known<UpsampleSize>, Spatial) {
    let (tokens, spatial) = (pair.tokens, Spatial::Fixed(pair.nums));
    let known = pair.known.map(UpsampleSize::Size);
    (Known { known, tokens: quote!(Size(#tokens)) }, spatial)
}

/// `mode = nearest` or `bilinear`; `align_corners` goes with the latter.
fn mode(args: &mut Args) -> Known<UpsampleMode> {
    let bilinear = match args.named("mode") {
        None => false,
        Some(Value::Word(word)) if word == "nearest" => false,
        Some(Value::Word(word)) if word == "bilinear" => true,
        Some(Value::Word(word)) => {
            let text = word.to_string();
            let fixes = match nearest(&text, MODES) {
                Some(_) => vec![],
                None => write_each("mode = ", MODES),
            };
            let message = format!("{} has no mode `{word}`{}", args.label, suggest(&text, MODES));
            args.wrong(word.span(), message, &fixes);
            // With either, so that this is the only error.
            true
        }
        Some(other) => {
            let message = format!("the `mode` of {} is a word", args.label);
            args.wrong_value(&other, message, &write_each("mode = ", MODES));
            true
        }
    };
    if bilinear {
        let flag = args.flag("align_corners", false);
        let tokens = flag.tokens;
        return Known {
            known: flag.known.map(|align_corners| UpsampleMode::Bilinear { align_corners }),
            tokens: quote!(Bilinear { align_corners: #tokens }),
        };
    }
    if let Some(value) = args.named("align_corners") {
        let message = format!("`align_corners` of {} needs `mode = bilinear`", args.label);
        let remove = format!("remove `align_corners = {}`", value.code());
        args.wrong_value(&value, message, &["write `mode = bilinear`".to_string(), remove]);
    }
    Known { known: Some(UpsampleMode::Nearest), tokens: quote!(Nearest) }
}

/// `ZeroPad2d(1)`, `ZeroPad2d((1, 2))`, `ZeroPad2d(((0, 1), (0, 1)))`.
pub(super) fn zero_pad(mut args: Args) -> LayerDef {
    let value = args.positional().or_else(|| args.named("padding"));
    let padding = match value {
        Some(Value::Word(word)) if matches!(&*word.to_string(), "same" | "valid" | "full") => {
            let message =
                format!("{} has no window, so its padding is given in numbers", args.label);
            args.wrong(word.span(), message, &["write `1`".to_string()]);
            padding::none()
        }
        Some(value) => padding::sides(&mut args, value),
        None => {
            let span = args.layer.span();
            let (label, fix) = (args.label.clone(), args.call_with("1"));
            args.wrong(span, format!("{label} needs its padding"), &[fix]);
            padding::none()
        }
    };
    let known = padding.known.map(|padding| Layer::ZeroPad2d(ZeroPad2d { padding }));
    let spatial = Spatial::padded(padding.nums);
    let padding = padding.tokens;
    let tokens = quote!(ZeroPad2d(::shapewright::shape::ZeroPad2d { padding: #padding }));
    simple_or(args, known, tokens).giving(spatial)
}

/// `Reshape([16, 5, 5])`, `Reshape([16, _])`.
pub(super) fn reshape(mut args: Args) -> LayerDef {
    let shape = match args.positional() {
        Some(Value::Shape(shape)) => shape,
        other => {
            let span = other.as_ref().map_or(args.layer.span(), Value::span);
            let message = format!("{} takes a shape in brackets", args.label);
            match other {
                Some(value) => {
                    let dims = value.code();
                    let dims = dims.trim_start_matches('(').trim_end_matches(')');
                    args.wrong_value(&value, message, &[format!("write `[{dims}]`")]);
                }
                None => args.wrong(span, message, &[args.call_with("[_]")]),
            }
            ShapeExpr { dims: vec![Dim::Open], span }
        }
    };
    args.at(Arg::Out, &Value::Shape(shape.clone()));
    let known = shape.claim().map(|to| Layer::Reshape(Reshape { to }));
    let to = shape.claim_tokens();
    let tokens = quote!(Reshape(::shapewright::shape::Reshape { to: #to }));
    simple_or(args, known, tokens).giving(Spatial::Reshaped(shape))
}
