//! The shapes of the parameters, as types.

use super::{Field, FieldType};
use crate::check::{Checked, Kind, Module};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use shapewright_shape::Layer;

pub fn items(network: &Checked, fields: &[Field]) -> TokenStream {
    fields.iter().map(|field| item(network, field)).collect()
}

fn item(network: &Checked, field: &Field) -> TokenStream {
    let (name, step) = (&network.name, field.step);
    let (helper, rank) = match field.module {
        FieldType::Layer(Module::Conv2d) => (quote!(conv2d_weight), 4usize),
        FieldType::Layer(Module::Linear) => (quote!(linear_weight), 2),
        // It has its own.
        FieldType::Network(_) => return TokenStream::new(),
    };
    let dims: Vec<TokenStream> = match known_weight(field) {
        Some(dims) => dims.iter().map(|n| quote!(#n)).collect(),
        // What only the compiler can read is computed by the same rules.
        None => (0..rank).map(|i| quote!({ NETWORK.#helper(#step)[#i] })).collect(),
    };
    let (weight, out) = (format_ident!("Rank{rank}"), &dims[0]);
    quote! {
        impl ::shapewright::network::WeightAt<#step> for #name {
            type Weight = ::shapewright::dfdx::shapes::#weight<#(#dims),*>;
            type Bias = ::shapewright::dfdx::shapes::Rank1<#out>;
        }
    }
}

/// The weight's shape, if the macro knows it.
pub fn known_weight(field: &Field) -> Option<Vec<usize>> {
    let Kind::Layer(def) = &field.inner.kind else { return None };
    let input = field.inner.input?;
    def.known?.output(input).ok()?;
    match def.known? {
        Layer::Conv2d(conv) => Some(conv.weight(input.dim(0)).to_vec()),
        Layer::Linear(linear) => Some(vec![linear.out_features, input.dim(0)]),
        _ => None,
    }
}
