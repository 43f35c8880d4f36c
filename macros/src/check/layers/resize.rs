//! Layers that change an image's size or shape: upsampling, zeros around it, other dimensions.

use super::{LayerDef, Spatial, simple_or};
use crate::ast::{Dim, ShapeExpr, Value};
use crate::check::args::{Args, Known, Pair};
use crate::check::padding;
use crate::diagnostics::suggest;
use quote::quote;
use shapewright_shape::{Arg, Layer, Reshape, Upsample, UpsampleMode, UpsampleSize, ZeroPad2d};

const MODES: &[&str] = &["nearest", "bilinear"];

/// `Upsample(scale = 2)`, `Upsample(size = (8, 8), mode = bilinear)`.
pub(super) fn upsample(mut args: Args) -> LayerDef {
    let (scale, size) = (args.pair("scale", Arg::Out), args.named("size"));
    let span = args.layer.span();
    let size = match (scale, size) {
        (Some(scale), None) => of_scale(scale),
        (None, Some(size)) => of_size(args.take_pair(size, "size", Arg::Out)),
        (Some(scale), Some(size)) => {
            args.error(size.span(), "`Upsample` takes a `scale` or a `size`, not both");
            of_scale(scale)
        }
        (None, None) => {
            let (span, what) = match args.positional() {
                Some(value) => (value.span(), "takes its scale or size by name"),
                None => (span, "needs a scale or a size"),
            };
            args.error(
                span,
                format!("`Upsample` {what}: `Upsample(scale = 2)` or `Upsample(size = (64, 64))`"),
            );
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
            let hint = suggest(&word.to_string(), MODES);
            args.error(word.span(), format!("there is no mode `{word}`{hint}"));
            // With either, so that this is the only error.
            true
        }
        Some(other) => {
            args.error(other.span(), "`mode` is `nearest` or `bilinear`");
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
        args.error(value.span(), "`align_corners` needs `mode = bilinear`");
    }
    Known { known: Some(UpsampleMode::Nearest), tokens: quote!(Nearest) }
}

/// `ZeroPad2d(1)`, `ZeroPad2d((1, 2))`, `ZeroPad2d(((0, 1), (0, 1)))`.
pub(super) fn zero_pad(mut args: Args) -> LayerDef {
    let value = args.positional().or_else(|| args.named("padding"));
    let padding = match value {
        Some(Value::Word(word)) if matches!(&*word.to_string(), "same" | "valid" | "full") => {
            let message = "`ZeroPad2d` has no window, so its padding is given in numbers";
            args.error(word.span(), message);
            padding::none()
        }
        Some(value) => padding::sides(&mut args, value),
        None => {
            let span = args.layer.span();
            args.error(span, "`ZeroPad2d` needs its padding: `ZeroPad2d(1)`");
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
            let span = other.map_or(args.layer.span(), |value| value.span());
            args.error(span, "`Reshape` takes a shape in brackets: `Reshape([16, 5, 5])`");
            ShapeExpr { dims: vec![Dim::Open], span }
        }
    };
    args.spans.push((Arg::Out, shape.span));
    let known = shape.claim().map(|to| Layer::Reshape(Reshape { to }));
    let to = shape.claim_tokens();
    let tokens = quote!(Reshape(::shapewright::shape::Reshape { to: #to }));
    simple_or(args, known, tokens).giving(Spatial::Reshaped(shape))
}
