//! The shapes of the parameters, as types.

use super::{Field, FieldType, Names, Scope};
use crate::ast::Num;
use crate::check::{Checked, Kind, Module, WeightOptions};
use proc_macro2::TokenStream;
use quote::quote;
use shapewright_shape::Weight;

pub fn items(network: &Checked, names: &Names, scopes: &[Scope]) -> TokenStream {
    let fields = scopes.iter().flat_map(|scope| &scope.fields);
    fields.map(|field| item(network, names, field)).collect()
}

fn item(network: &Checked, names: &Names, field: &Field) -> TokenStream {
    let (ty, params, step) = (&names.ty, &names.params, field.step.number);
    let rank = match field.ty {
        FieldType::Layer(Module::Conv2d | Module::ConvTranspose2d) => Some(4usize),
        FieldType::Layer(Module::Conv1d) => Some(3),
        FieldType::Layer(Module::Linear) => Some(2),
        FieldType::Layer(Module::BatchNorm | Module::GroupNorm) => Some(1),
        FieldType::Layer(Module::LayerNorm) => field.step.rank,
        // They have their own.
        FieldType::Network(_) | FieldType::Block(_) | FieldType::Repeat(..) => {
            return TokenStream::new();
        }
    };
    let constant = |n: TokenStream| quote!(::shapewright::dfdx::shapes::Const<#n>);
    let tuple = |dims: Vec<TokenStream>| quote!((#(#dims,)*));
    let axes = 0..rank.unwrap_or(1);
    let (weight, bias) = match known_weight(field) {
        Some(weight) if !network.failed() => {
            let dims = |dims: &[usize]| tuple(dims.iter().map(|n| constant(quote!(#n))).collect());
            (dims(weight.dims()), dims(weight.bias.dims()))
        }
        // For an editor, which needs no more.
        _ if network.failed() => {
            (tuple(axes.map(|_| constant(quote!(1))).collect()), tuple(vec![constant(quote!(1))]))
        }
        // What only the compiler can read is computed by the same rules.
        _ if names.is_generic() => {
            // What stands in the declaration can be in a type, too.
            let options = match &field.step.kind {
                Kind::Layer(def) => &def.weight,
                _ => &WeightOptions::default(),
            };
            let written = |num: Option<&Num>| Some(constant(names.const_arg(num?)?));
            let dims = axes.map(|axis| {
                let num = options.dims.iter().find(|(at, _)| *at == axis).map(|(_, num)| num);
                let computed = quote!(::shapewright::network::WeightDim<Self, #step, #axis>);
                written(num).unwrap_or(computed)
            });
            let computed = quote!(::shapewright::network::BiasDim<Self, #step>);
            let bias = written(options.bias.as_ref()).unwrap_or(computed);
            (tuple(dims.collect()), tuple(vec![bias]))
        }
        _ => {
            let dim = |axis: usize| constant(quote!({ TRACE.weight(&NETWORK, #step, #axis) }));
            let weight = match rank {
                Some(rank) => tuple((0..rank).map(dim).collect()),
                None => {
                    let dims = (0..3).map(dim);
                    quote! {
                        <::shapewright::network::Rank<{ TRACE.weight_rank(&NETWORK, #step) }>
                            as ::shapewright::network::Ranked>::One<#(#dims),*>
                    }
                }
            };
            (weight, tuple(vec![constant(quote!({ TRACE.bias(&NETWORK, #step) }))]))
        }
    };
    let bias = match field.ty {
        FieldType::Layer(Module::LayerNorm) => {
            quote!(<Self as ::shapewright::network::WeightAt<#step>>::Weight)
        }
        _ => bias,
    };
    quote! {
        impl<#params> ::shapewright::network::WeightAt<#step> for #ty {
            type Weight = #weight;
            type Bias = #bias;
        }
    }
}

/// The weight's shape, if the macro knows it.
pub fn known_weight(field: &Field) -> Option<Weight> {
    let Kind::Layer(def) = &field.step.kind else { return None };
    let input = field.step.input?;
    def.known?.output(input).ok()?;
    Weight::of(&def.known?, input)
}
