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
        FieldType::Layer(Module::Conv2d | Module::ConvTranspose2d) => 4usize,
        FieldType::Layer(Module::Conv1d) => 3,
        FieldType::Layer(Module::Linear) => 2,
        FieldType::Layer(Module::BatchNorm | Module::GroupNorm) => 1,
        // They have their own.
        FieldType::Network(_) | FieldType::Block(_) | FieldType::Repeat(..) => {
            return TokenStream::new();
        }
    };
    let constant = |n: TokenStream| quote!(::shapewright::dfdx::shapes::Const<#n>);
    let (dims, bias): (Vec<TokenStream>, _) = match known_weight(field) {
        Some(weight) if !network.failed() => {
            let bias = weight.bias;
            let dims = weight.dims().iter().map(|n| constant(quote!(#n)));
            (dims.collect(), constant(quote!(#bias)))
        }
        // For an editor, which needs no more.
        _ if network.failed() => {
            ((0..rank).map(|_| constant(quote!(1))).collect(), constant(quote!(1)))
        }
        // What only the compiler can read is computed by the same rules.
        _ if names.is_generic() => {
            // What stands in the declaration can be in a type, too.
            let options = match &field.step.kind {
                Kind::Layer(def) => &def.weight,
                _ => &WeightOptions::default(),
            };
            let written = |num: Option<&Num>| Some(constant(names.const_arg(num?)?));
            let dims = (0..rank).map(|axis| {
                let num = options.dims.iter().find(|(at, _)| *at == axis).map(|(_, num)| num);
                let computed = quote!(::shapewright::network::WeightDim<Self, #step, #axis>);
                written(num).unwrap_or(computed)
            });
            let computed = quote!(::shapewright::network::BiasDim<Self, #step>);
            (dims.collect(), written(options.bias.as_ref()).unwrap_or(computed))
        }
        _ => (
            (0..rank)
                .map(|axis| constant(quote!({ TRACE.weight(&NETWORK, #step, #axis) })))
                .collect(),
            constant(quote!({ TRACE.bias(&NETWORK, #step) })),
        ),
    };
    quote! {
        impl<#params> ::shapewright::network::WeightAt<#step> for #ty {
            type Weight = (#(#dims,)*);
            type Bias = (#bias,);
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
