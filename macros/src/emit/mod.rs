//! A checked network to Rust.

mod activations;
mod collection;
mod description;
mod docs;
pub mod editor;
mod fields;
mod forward;
mod freeze;
mod lints;
mod mistakes;
mod names;
mod params;
mod spatial;
mod takes;
mod typed;

pub use lints::warnings;

use crate::check::{Checked, Module};
use fields::{Field, FieldType, Scope};
use names::Names;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use typed::Typed;

/// The network, or what stands for it if it has mistakes.
pub fn network(network: &Checked) -> TokenStream {
    match (network.failed(), editor::is_there()) {
        (false, _) => items(network),
        (true, false) => mistakes::items(network),
        // Its names and types are known as far as possible, for completion while it is typed.
        (true, true) => {
            let (errors, items) = (network.mistakes.tokens(), items(network));
            quote!(#errors #items)
        }
    }
}

/// The struct and everything that belongs to it.
fn items(network: &Checked) -> TokenStream {
    let names = Names::of(network);
    let cfgs: Vec<_> = network.attrs.iter().filter(|a| a.path().is_ident("cfg")).collect();
    let scopes = fields::scopes(network);
    let structs = scopes.iter().map(|scope| declaration(network, &names, scope));
    let description = description::items(network, &names);
    let params = params::items(network, &names, &scopes);
    let collections = scopes.iter().map(|scope| collection::items(&names, scope));
    let built = collection::built(&names);
    let forward = forward::items(network, &names);
    let spatial = spatial::items(network, &names);
    let typed = Typed::of(network, &names);
    let freeze = freeze::items(network, &names, &typed);
    let activations = activations::methods(network, &names, &typed);
    let records = activations::structs(network, &names);
    let (takes, modules, methods) = (typed.takes(), typed.modules(), typed.methods());
    // What errors call `Net::forward` there is `_::<impl Net>::forward` within.
    let (beside, within) = match typed::computed_output(network) {
        None => (quote!(#(#cfgs)* #[allow(unused_braces)] #methods), quote!()),
        Some(_) => (quote!(), methods),
    };
    let items = quote! {
        #beside

        #(#cfgs)*
        // `{ N }` is what the grammar asks for, and it ends up where Rust needs no braces.
        #[allow(unused_braces)]
        const _: () = {
            #description
            #params
            #(#collections)*
            #built
            #forward
            #freeze
            #spatial
            #takes
            #within
            #modules
            #activations
        };
    };
    let items = if editor::is_there() { editor::without_places(items) } else { items };
    quote! {
        #(#structs)*
        #records
        #items
    }
}

/// The struct of the network, or of a block in it.
fn declaration(network: &Checked, names: &Names, scope: &Scope) -> TokenStream {
    let (ident, vis, params) = (scope.ident, &network.vis, &names.params);
    let attrs = match scope.step {
        None => {
            let (attrs, docs) = (&network.attrs, docs::network(network));
            quote!(#(#attrs)* #docs)
        }
        Some(step) => {
            let cfgs = network.attrs.iter().filter(|a| a.path().is_ident("cfg"));
            let (attrs, docs) = (&step.attrs, docs::block(network, scope));
            quote!(#(#cfgs)* #(#attrs)* #docs)
        }
    };
    let members = scope.fields.iter().map(|field| {
        let (docs, ident, ty) =
            (docs::field(network, field), &field.ident, field_type(names, field));
        quote!(#docs pub #ident: #ty,)
    });
    // A network without parameters still has an element type and a device.
    let marker = (scope.fields.is_empty())
        .then(|| quote!(#[doc(hidden)] pub marker: ::core::marker::PhantomData<(E, D)>,));
    quote_spanned! {names::place(ident)=>
        #attrs
        #[derive(::core::fmt::Debug, ::core::clone::Clone)]
        #vis struct #ident<
            #params
            E: ::shapewright::dfdx::shapes::Dtype = f32,
            D: ::shapewright::dfdx::tensor::Storage<E> = ::shapewright::dfdx::tensor::Cpu,
        > {
            #(#members)*
            #marker
        }
    }
}

fn field_type(names: &Names, field: &Field) -> TokenStream {
    let (network, number) = (&names.ty, field.step.number);
    let layer = match &field.ty {
        FieldType::Layer(Module::Conv2d) => quote!(Conv2d),
        FieldType::Layer(Module::Conv1d) => quote!(Conv1d),
        FieldType::Layer(Module::ConvTranspose2d) => quote!(ConvTranspose2d),
        FieldType::Layer(Module::Linear) => quote!(Linear),
        FieldType::Layer(Module::BatchNorm) => quote!(BatchNorm),
        FieldType::Layer(Module::LayerNorm | Module::GroupNorm) => quote!(GroupNorm),
        FieldType::Network(inner) => {
            let (path, args) = (&inner.path, &inner.generics);
            return quote!(#path<#(#args,)* E, D>);
        }
        FieldType::Block(ident) => return names.with(ident),
        FieldType::Repeat(ident, rounds) => {
            let (block, tokens) = (names.with(ident), &rounds.tokens);
            let rounds = names.const_arg(rounds).unwrap_or(quote!({ #tokens }));
            return quote!(::shapewright::layers::Repeat<#block, #rounds>);
        }
    };
    let ty = quote!(::shapewright::layers::#layer<#network, #number, E, D>);
    if editor::is_there() { editor::without_places(ty) } else { ty }
}
