//! The fully connected layer.

use super::{LayerDef, Module, Spatial, WeightOptions, known_option, option_tokens};
use crate::check::args::Args;
use quote::quote;
use shapewright_shape::{Layer, Linear};

pub(super) fn linear(mut args: Args) -> LayerDef {
    let (input, out) = args.in_out("output features", "Linear(10)");
    let bias = args.flag("bias", true);
    let known = (|| {
        Some(Layer::Linear(Linear {
            in_features: known_option(&input)?,
            out_features: out.known?,
            bias: bias.known?,
        }))
    })();
    let weight = WeightOptions::of(&out, &input, 0);
    let (input, out, bias) = (option_tokens(&input), out.tokens, bias.tokens);
    let tokens = quote! {
        Linear(::shapewright::shape::Linear {
            in_features: #input,
            out_features: #out,
            bias: #bias,
        })
    };
    let (module, spatial) = (Some(Module::Linear), Spatial::Kept);
    LayerDef { known, tokens, module, spatial, weight, spans: args.finish() }
}
