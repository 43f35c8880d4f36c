//! The built-in layers: which arguments each takes, and what it becomes.

/// A layer of these options, which have their fields' names: as a value, if all of them are known,
/// and as a const expression.
macro_rules! known_layer {
    ($Layer:ident { $($field:ident),* }) => {
        Known {
            known: (|| {
                Some(Layer::$Layer(::shapewright_shape::$Layer {
                    $($field: $field.known?,)*
                }))
            })(),
            tokens: {
                $(let $field = &$field.tokens;)*
                quote!($Layer(::shapewright::shape::$Layer { $($field: #$field,)* }))
            },
        }
    };
}

mod activation;
mod conv;
mod linear;
mod norm;
mod pool;
mod resize;
mod spatial;
#[cfg(test)]
mod tests;

pub use spatial::{Operation, Spatial};

use super::args::{Args, Known};
use super::names;
use crate::ast::{Call, Num, Value};
use crate::diagnostics::Diagnostics;
use activation::{activation, activation_with, dropout};
use pool::Family;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use shapewright_shape::{Activation, AdaptiveKind, Arg, Layer};

/// A layer with all its options.
pub struct LayerDef {
    /// The layer, if the macro can read all its numbers.
    pub known: Option<Layer>,
    /// The layer as a const expression.
    pub tokens: TokenStream,
    /// What holds its parameters, if it has any.
    pub module: Option<Module>,
    /// What it does to height and width, or length.
    pub spatial: Spatial,
    /// Which dimensions of its parameters are options.
    pub weight: WeightOptions,
    /// Where its arguments stand,
    pub spans: Vec<(Arg, Span)>,
    /// and where they end.
    pub ends: Vec<(Arg, Span)>,
}

/// The dimensions of a layer's parameters that are its options as they are written.
#[derive(Default)]
pub struct WeightOptions {
    /// By the axis of the weight.
    pub dims: Vec<(usize, Num)>,
    pub bias: Option<Num>,
}

impl WeightOptions {
    /// The outputs along `axis`, and the claimed inputs along the other of the first two.
    fn of(out: &Num, input: &Option<Num>, axis: usize) -> Self {
        let claimed = input.iter().map(|input| (1 - axis, input.clone()));
        let dims = std::iter::once((axis, out.clone())).chain(claimed).collect();
        WeightOptions { dims, bias: Some(out.clone()) }
    }

    /// The same with a kernel along the axes after these.
    fn with_kernel<const N: usize>(mut self, kernel: [Num; N]) -> Self {
        self.dims.extend((2..).zip(kernel));
        self
    }

    /// Along the axis that holds the channels of one group, they are not what is written.
    fn of_groups(mut self, groups: &Num) -> Self {
        if groups.known != Some(1) {
            self.dims.retain(|(axis, _)| *axis != 1);
        }
        self
    }
}

/// The layers with parameters.
#[derive(Clone, Copy)]
pub enum Module {
    Conv2d,
    Conv1d,
    ConvTranspose2d,
    Linear,
    /// `BatchNorm2d`, `BatchNorm1d`.
    BatchNorm,
    LayerNorm,
    GroupNorm,
}

/// Gives the layer its options; `None` if there is no such layer.
pub fn layer(call: Call, diagnostics: &mut Diagnostics) -> Option<LayerDef> {
    let name = call.layer.to_string();
    if !names::is_layer(&name) {
        diagnostics.error(call.layer.span(), names::unknown(&call));
        return None;
    }
    let args = Args::new(call, diagnostics);
    Some(match name.as_str() {
        "Conv2d" => conv::conv2d(args),
        "Conv1d" => conv::conv1d(args),
        "MaxPool2d" => pool::window(args, Family::Max),
        "MinPool2d" => pool::window(args, Family::Min),
        "AvgPool2d" => pool::window(args, Family::Avg),
        "LpPool2d" => pool::window(args, Family::Lp),
        "MaxPool1d" => pool::window_1d(args, Family::Max),
        "MinPool1d" => pool::window_1d(args, Family::Min),
        "AvgPool1d" => pool::window_1d(args, Family::Avg),
        "LpPool1d" => pool::window_1d(args, Family::Lp),
        "AdaptiveAvgPool2d" => pool::adaptive(args, AdaptiveKind::Avg),
        "AdaptiveMaxPool2d" => pool::adaptive(args, AdaptiveKind::Max),
        "GlobalAvgPool2d" => pool::global(args, AdaptiveKind::Avg),
        "GlobalMaxPool2d" => pool::global(args, AdaptiveKind::Max),
        "ConvTranspose2d" => conv::transposed(args),
        "Linear" => linear::linear(args),
        "BatchNorm2d" => norm::batch(args, true),
        "BatchNorm1d" => norm::batch(args, false),
        "LayerNorm" => norm::layer(args),
        "GroupNorm" => norm::group(args),
        "Flatten" => simple(args, Layer::Flatten, quote!(Flatten)).giving(Spatial::Features),
        "Dropout" => dropout(args, false),
        "Dropout2d" => dropout(args, true),
        "Upsample" => resize::upsample(args),
        "ZeroPad2d" => resize::zero_pad(args),
        "Reshape" => resize::reshape(args),
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
        _ => return None,
    })
}

/// A layer without parameters.
fn simple(args: Args, layer: Layer, tokens: TokenStream) -> LayerDef {
    simple_or(args, Some(layer), tokens)
}

fn simple_or(args: Args, known: Option<Layer>, tokens: TokenStream) -> LayerDef {
    let [spans, ends] = args.finish();
    LayerDef {
        known,
        tokens,
        module: None,
        spatial: Spatial::Kept,
        weight: WeightOptions::default(),
        spans,
        ends,
    }
}

impl Known<Layer> {
    /// The same with what a layer with parameters has beside its options.
    fn with_parameters(
        self,
        module: Module,
        spatial: Spatial,
        weight: WeightOptions,
        args: Args,
    ) -> LayerDef {
        let (known, tokens, [spans, ends]) = (self.known, self.tokens, args.finish());
        LayerDef { known, tokens, module: Some(module), spatial, weight, spans, ends }
    }
}

impl LayerDef {
    /// The same layer with what it does to height and width.
    fn giving(self, spatial: Spatial) -> Self {
        LayerDef { spatial, ..self }
    }
}

/// What the user claims of the input, or that there is no claim.
fn claim(num: &Option<Num>) -> Known<Option<usize>> {
    match num {
        None => Known { known: Some(None), tokens: quote!(::core::option::Option::None) },
        Some(Num { known, tokens, .. }) => {
            Known { known: known.map(Some), tokens: quote!(::core::option::Option::Some(#tokens)) }
        }
    }
}

/// `kernel`, which has no default; a pool may give it first and without a name.
fn required_kernel(args: &mut Args, positional: Option<Value>) -> Value {
    positional.or_else(|| args.named("kernel")).unwrap_or_else(|| {
        let (label, span) = (args.label.clone(), args.layer.span());
        let span = match args.positional() {
            Some(value) => {
                let fix = args.call_with(&format!("{}, kernel = {}", args.first, value.code()));
                args.wrong_value(&value, format!("{label} takes its kernel by name"), &[fix]);
                value.span()
            }
            // Which has been reported, or will be.
            None if args.first.is_empty() && !args.is_pool() => span,
            None if args.has_nearly("kernel") => span,
            None => {
                let fix = match args.is_pool() {
                    true => args.call_with("2"),
                    false => "write `kernel = 3`".to_string(),
                };
                args.wrong(span, format!("{label} needs a kernel"), &[fix]);
                span
            }
        };
        Value::Int(Num::stand_in(span))
    })
}
