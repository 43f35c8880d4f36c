//! Activations and dropout.

use super::{LayerDef, simple, simple_or};
use crate::check::args::Args;
use proc_macro2::{Ident, Span};
use quote::quote;
use shapewright_shape::{Activation, Arg, Dropout, Layer};

pub(super) fn dropout(mut args: Args, channels: bool) -> LayerDef {
    let mut value = args.positional();
    if value.is_none() {
        value = args.named("p");
    }
    let p = args.float(value, "p", Arg::Probability, 0.5);
    let layer = if channels { Layer::Dropout2d } else { Layer::Dropout };
    let known = p.known.map(|p| layer(Dropout { p }));
    let (name, p) = (args.layer.clone(), p.tokens);
    simple_or(args, known, quote!(#name(::shapewright::shape::Dropout { p: #p })))
}

pub(super) fn activation(args: Args, kind: Activation) -> LayerDef {
    let name = args.layer.clone();
    let tokens = quote!(Activation(::shapewright::shape::Activation::#name));
    simple(args, Layer::Activation(kind), tokens)
}

/// An activation with one number, by position or by name.
pub(super) fn activation_with(
    mut args: Args,
    key: &'static str,
    default: f64,
    kind: fn(f64) -> Activation,
) -> LayerDef {
    let named = args.named(key);
    let value = args.positional().or(named);
    let value = args.float(value, key, Arg::Layer, default);
    let known = value.known.map(|v| Layer::Activation(kind(v)));
    let (name, value) = (args.layer.clone(), value.tokens);
    let key = Ident::new(key, Span::call_site());
    let tokens = quote!(Activation(::shapewright::shape::Activation::#name { #key: #value }));
    simple_or(args, known, tokens)
}
