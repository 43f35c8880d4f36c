//! The shapes of the parameters, as types.

use super::{Field, FieldType};
use crate::check::{Checked, Kind, Module};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use shapewright_shape::Weight;

pub fn items(network: &Checked, fields: &[Field]) -> TokenStream {
    fields.iter().map(|field| item(network, field)).collect()
}

fn item(network: &Checked, field: &Field) -> TokenStream {
    let (name, step) = (&network.name, field.step);
    let rank = match field.module {
        FieldType::Layer(Module::Conv2d | Module::ConvTranspose2d) => 4usize,
        FieldType::Layer(Module::Conv1d) => 3,
        FieldType::Layer(Module::Linear) => 2,
        FieldType::Layer(Module::BatchNorm | Module::GroupNorm) => 1,
        // It has its own.
        FieldType::Network(_) => return TokenStream::new(),
    };
    let (dims, bias): (Vec<TokenStream>, _) = match known_weight(field) {
        Some(weight) => {
            let bias = weight.bias;
            (weight.dims().iter().map(|n| quote!(#n)).collect(), quote!(#bias))
        }
        // What only the compiler can read is computed by the same rules.
        None => (
            (0..rank).map(|axis| quote!({ NETWORK.weight(#step, #axis) })).collect(),
            quote!({ NETWORK.bias(#step) }),
        ),
    };
    let weight = format_ident!("Rank{rank}");
    quote! {
        impl ::shapewright::network::WeightAt<#step> for #name {
            type Weight = ::shapewright::dfdx::shapes::#weight<#(#dims),*>;
            type Bias = ::shapewright::dfdx::shapes::Rank1<#bias>;
        }
    }
}

/// The weight's shape, if the macro knows it.
pub fn known_weight(field: &Field) -> Option<Weight> {
    let Kind::Layer(def) = &field.inner.kind else { return None };
    let input = field.inner.input?;
    def.known?.output(input).ok()?;
    Weight::of(&def.known?, input)
}
