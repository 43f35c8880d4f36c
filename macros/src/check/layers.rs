//! The built-in layers: which arguments each takes, and what it becomes.

use super::args::{Args, Known, Pair};
use super::padding;
use crate::ast::{Call, Num, Value};
use crate::diagnostics::{Diagnostics, nearest, suggest};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use shapewright_shape::{Activation, Arg, Conv2d, Dropout, Layer, Linear, Pool2d, PoolKind};

/// A layer with all its options.
pub struct LayerDef {
    /// The layer, if the macro can read all its numbers.
    pub known: Option<Layer>,
    /// The layer as a const expression.
    pub tokens: TokenStream,
    /// What holds its parameters, if it has any.
    pub module: Option<Module>,
    /// Where its arguments stand.
    pub spans: Vec<(Arg, Span)>,
}

/// The layers with parameters.
#[derive(Clone, Copy)]
pub enum Module {
    Conv2d,
    Linear,
}

/// All names, for suggestions.
const NAMES: &[&str] = &[
    "Conv2d",
    "MaxPool2d",
    "AvgPool2d",
    "Linear",
    "Flatten",
    "Dropout",
    "ReLU",
    "LeakyReLU",
    "ELU",
    "GELU",
    "SiLU",
    "Sigmoid",
    "Tanh",
    "Softplus",
    "Softmax",
    "LogSoftmax",
];

/// Whether a layer from here is meant, though its name may be wrong: one name, and near to one of
/// theirs or with arguments. Else it is the path of a network.
pub fn is_built_in(call: &Call) -> bool {
    let arguments = !call.positional.is_empty() || !call.named.is_empty();
    call.path.get_ident().is_some_and(|name| {
        let name = name.to_string();
        arguments || nearest(&name, NAMES).is_some()
    })
}

/// Gives the layer its options; `None` if there is no such layer.
pub fn layer(call: Call, diagnostics: &mut Diagnostics) -> Option<LayerDef> {
    let name = call.layer.to_string();
    let args = Args::new(call, diagnostics);
    Some(match name.as_str() {
        "Conv2d" => conv2d(args),
        "MaxPool2d" => pool2d(args, true),
        "AvgPool2d" => pool2d(args, false),
        "Linear" => linear(args),
        "Flatten" => simple(args, Layer::Flatten, quote!(Flatten)),
        "Dropout" => dropout(args),
        "LeakyReLU" => {
            activation_with(args, "slope", 0.01, |slope| Activation::LeakyReLU { slope })
        }
        "ELU" => activation_with(args, "alpha", 1.0, |alpha| Activation::ELU { alpha }),
        "ReLU" => activation(args, Activation::ReLU),
        "GELU" => activation(args, Activation::GELU),
        "SiLU" => activation(args, Activation::SiLU),
        "Sigmoid" => activation(args, Activation::Sigmoid),
        "Tanh" => activation(args, Activation::Tanh),
        "Softplus" => activation(args, Activation::Softplus),
        "Softmax" => activation(args, Activation::Softmax),
        "LogSoftmax" => activation(args, Activation::LogSoftmax),
        _ => {
            unknown(&args.layer.clone(), args);
            return None;
        }
    })
}

fn unknown(name: &Ident, mut args: Args) {
    let word = name.to_string();
    // PyTorch's and dfdx's spellings differ in case only.
    args.error(name.span(), format!("there is no layer `{word}`{}", suggest(&word, NAMES)));
}

fn conv2d(mut args: Args) -> LayerDef {
    let (input, out) = args.in_out("output channels", "Conv2d(16, kernel = 3)");
    let kernel = required_kernel(&mut args, "Conv2d(16, kernel = 3)", None);
    let stride = args.pair("stride", Arg::Stride).unwrap_or(Pair::implied(1));
    let padding = padding::option(&mut args);
    let dilation = args.pair("dilation", Arg::Dilation).unwrap_or(Pair::implied(1));
    let groups = args.num("groups", Arg::Groups, 1);
    let bias = args.flag("bias", true);
    let known = (|| {
        Some(Layer::Conv2d(Conv2d {
            in_channels: known_option(&input)?,
            out_channels: out.known?,
            kernel: kernel.known?,
            stride: stride.known?,
            padding: padding.known?,
            dilation: dilation.known?,
            groups: groups.known?,
            bias: bias.known?,
        }))
    })();
    let input = option_tokens(&input);
    let (out, groups) = (out.tokens, groups.tokens);
    let (kernel, stride, padding, dilation, bias) =
        (kernel.tokens, stride.tokens, padding.tokens, dilation.tokens, bias.tokens);
    let tokens = quote! {
        Conv2d(::shapewright::shape::Conv2d {
            in_channels: #input,
            out_channels: #out,
            kernel: #kernel,
            stride: #stride,
            padding: #padding,
            dilation: #dilation,
            groups: #groups,
            bias: #bias,
        })
    };
    LayerDef { known, tokens, module: Some(Module::Conv2d), spans: args.finish() }
}

fn pool2d(mut args: Args, max: bool) -> LayerDef {
    let positional = args.positional();
    let example = if max { "MaxPool2d(2)" } else { "AvgPool2d(2)" };
    let kernel = required_kernel(&mut args, example, positional);
    let stride = args.pair("stride", Arg::Stride).unwrap_or(kernel.clone());
    let padding = padding::option(&mut args);
    let ceil_mode = args.flag("ceil_mode", false);
    let dilation = if max { args.pair("dilation", Arg::Dilation) } else { None };
    let dilation = dilation.unwrap_or(Pair::implied(1));
    let kind = if max {
        Known { known: Some(PoolKind::Max), tokens: quote!(Max) }
    } else {
        let flag = args.flag("count_include_pad", true);
        let tokens = flag.tokens;
        Known {
            known: flag.known.map(|count_include_pad| PoolKind::Avg { count_include_pad }),
            tokens: quote!(Avg { count_include_pad: #tokens }),
        }
    };
    let known = (|| {
        Some(Layer::Pool2d(Pool2d {
            kind: kind.known?,
            kernel: kernel.known?,
            stride: stride.known?,
            padding: padding.known?,
            dilation: dilation.known?,
            ceil_mode: ceil_mode.known?,
        }))
    })();
    let (kind, kernel, stride, padding, dilation, ceil_mode) = (
        kind.tokens,
        kernel.tokens,
        stride.tokens,
        padding.tokens,
        dilation.tokens,
        ceil_mode.tokens,
    );
    let tokens = quote! {
        Pool2d(::shapewright::shape::Pool2d {
            kind: ::shapewright::shape::PoolKind::#kind,
            kernel: #kernel,
            stride: #stride,
            padding: #padding,
            dilation: #dilation,
            ceil_mode: #ceil_mode,
        })
    };
    LayerDef { known, tokens, module: None, spans: args.finish() }
}

fn linear(mut args: Args) -> LayerDef {
    let (input, out) = args.in_out("output features", "Linear(10)");
    let bias = args.flag("bias", true);
    let known = (|| {
        Some(Layer::Linear(Linear {
            in_features: known_option(&input)?,
            out_features: out.known?,
            bias: bias.known?,
        }))
    })();
    let (input, out, bias) = (option_tokens(&input), out.tokens, bias.tokens);
    let tokens = quote! {
        Linear(::shapewright::shape::Linear {
            in_features: #input,
            out_features: #out,
            bias: #bias,
        })
    };
    LayerDef { known, tokens, module: Some(Module::Linear), spans: args.finish() }
}

fn dropout(mut args: Args) -> LayerDef {
    let mut value = args.positional();
    if value.is_none() {
        value = args.named("p");
    }
    let p = args.float(value, "p", Arg::Probability, 0.5);
    let known = p.known.map(|p| Layer::Dropout(Dropout { p }));
    let p = p.tokens;
    simple_or(args, known, quote!(Dropout(::shapewright::shape::Dropout { p: #p })))
}

fn activation(args: Args, kind: Activation) -> LayerDef {
    let name = args.layer.clone();
    let tokens = quote!(Activation(::shapewright::shape::Activation::#name));
    simple(args, Layer::Activation(kind), tokens)
}

/// An activation with one number, by position or by name.
fn activation_with(
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

/// A layer without parameters.
fn simple(args: Args, layer: Layer, tokens: TokenStream) -> LayerDef {
    simple_or(args, Some(layer), tokens)
}

fn simple_or(args: Args, known: Option<Layer>, tokens: TokenStream) -> LayerDef {
    LayerDef { known, tokens, module: None, spans: args.finish() }
}

/// `kernel`, which has no default; a pool may give it first and without a name.
fn required_kernel(args: &mut Args, example: &str, positional: Option<Value>) -> Pair {
    if let Some(value) = positional {
        return args.take_pair(value, "kernel", Arg::Kernel);
    }
    args.pair("kernel", Arg::Kernel).unwrap_or_else(|| {
        let layer = args.layer.to_string();
        let span = match args.positional() {
            Some(value) => {
                args.error(
                    value.span(),
                    format!("`{layer}` takes its kernel by name: `{example}`"),
                );
                value.span()
            }
            None => {
                let span = args.layer.span();
                args.error(span, format!("`{layer}` needs a kernel: `{example}`"));
                span
            }
        };
        let stand_in = Num::stand_in(span);
        Pair::of(&stand_in, &stand_in)
    })
}

/// `Some(None)` if the user claims nothing, `None` if the claim cannot be read here.
fn known_option(num: &Option<Num>) -> Option<Option<usize>> {
    match num {
        None => Some(None),
        Some(num) => num.known.map(Some),
    }
}

fn option_tokens(num: &Option<Num>) -> TokenStream {
    match num {
        None => quote!(::core::option::Option::None),
        Some(Num { tokens, .. }) => quote!(::core::option::Option::Some(#tokens)),
    }
}
