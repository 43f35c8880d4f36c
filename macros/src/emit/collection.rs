//! The parameters as a dfdx `TensorCollection`, which builds, counts, updates, saves.

use super::{Field, Names, Scope};
use proc_macro2::TokenStream;
use quote::quote;

/// The longest tuple of fields that dfdx takes; more are nested.
const MOST: usize = 6;

pub fn items(names: &Names, scope: &Scope) -> TokenStream {
    let (ident, params, args) = (&scope.ident, &names.params, &names.args);
    let this = names.with(ident);
    let visits = scope.fields.iter().map(
        |Field { ident, path, .. }| quote!(Self::module(#path, |s| &s.#ident, |s| &mut s.#ident)),
    );
    let idents: Vec<_> = scope.fields.iter().map(|f| &f.ident).collect();
    let visits = nest(visits.collect());
    let built = nest(idents.iter().map(|i| quote!(#i)).collect());
    let marker = scope.fields.is_empty().then(|| quote!(marker: ::core::marker::PhantomData));
    quote! {
        impl<
            #params
            E: ::shapewright::FloatDtype,
            D: ::shapewright::dfdx::tensor_ops::Device<E>,
        > ::shapewright::dfdx::nn::TensorCollection<E, D> for #this
        {
            type To<
                E2: ::shapewright::dfdx::shapes::Dtype,
                D2: ::shapewright::dfdx::tensor_ops::Device<E2>,
            > = #ident<#args E2, D2>;

            fn iter_tensors<V: ::shapewright::dfdx::nn::ModuleVisitor<Self, E, D>>(
                visitor: &mut V,
            ) -> ::core::result::Result<
                ::core::option::Option<Self::To<V::E2, V::D2>>,
                V::Err,
            > {
                visitor.visit_fields(#visits, |#built| #ident { #(#idents,)* #marker })
            }
        }
    }
}

/// What dfdx builds the network from: its own type.
pub fn built(names: &Names) -> TokenStream {
    let (params, ty, built) = (&names.params, &names.ty, names.with(&names.ident));
    quote! {
        impl<
            #params
            E: ::shapewright::FloatDtype,
            D: ::shapewright::dfdx::tensor_ops::Device<E>,
        > ::shapewright::dfdx::nn::BuildOnDevice<D, E> for #ty
        {
            type Built = #built;
        }
    }
}

/// Nested tuples of at most [`MOST`] items.
fn nest(mut items: Vec<TokenStream>) -> TokenStream {
    while items.len() > MOST {
        items = items.chunks(MOST).map(|chunk| quote!((#(#chunk,)*))).collect();
    }
    if items.is_empty() { quote!(()) } else { quote!((#(#items,)*)) }
}
