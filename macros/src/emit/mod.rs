//! A checked network to Rust.

mod collection;
mod description;
mod docs;
mod forward;
mod params;
mod typed;

use crate::check::{Checked, Kind, Module};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::Path;
use syn::ext::IdentExt;

/// The struct and everything that belongs to it. A network with a mistake is written too, so
/// that its uses elsewhere raise no errors of their own.
pub fn network(network: &Checked) -> TokenStream {
    let Checked { attrs, vis, name, .. } = network;
    let cfgs: Vec<_> = attrs.iter().filter(|a| a.path().is_ident("cfg")).collect();
    let docs = docs::network(network);
    let fields = fields(network);
    let members = fields.iter().map(|f| {
        let (docs, ident, step) = (docs::field(network, f), &f.ident, f.step);
        let layer = match f.module {
            FieldType::Layer(Module::Conv2d) => quote!(Conv2d),
            FieldType::Layer(Module::Conv1d) => quote!(Conv1d),
            FieldType::Layer(Module::ConvTranspose2d) => quote!(ConvTranspose2d),
            FieldType::Layer(Module::Linear) => quote!(Linear),
            FieldType::Layer(Module::BatchNorm) => quote!(BatchNorm),
            FieldType::Layer(Module::GroupNorm) => quote!(GroupNorm),
            FieldType::Network(path) => return quote!(#docs pub #ident: #path<E, D>,),
        };
        quote!(#docs pub #ident: ::shapewright::layers::#layer<#name, #step, E, D>,)
    });
    // A network without parameters still has an element type and a device.
    let marker = fields
        .is_empty()
        .then(|| quote!(#[doc(hidden)] pub marker: ::core::marker::PhantomData<(E, D)>,));
    let description = description::items(network);
    let params = params::items(network, &fields);
    let collection = collection::items(network, &fields);
    let forward = forward::items(network, &fields);
    let typed = typed::items(network);
    quote! {
        #(#attrs)*
        #docs
        #[derive(::core::fmt::Debug, ::core::clone::Clone)]
        #vis struct #name<
            E: ::shapewright::dfdx::shapes::Dtype = f32,
            D: ::shapewright::dfdx::tensor::Storage<E> = ::shapewright::dfdx::tensor::Cpu,
        > {
            #(#members)*
            #marker
        }

        #(#cfgs)*
        // `{ N }` is what the grammar asks for, and it ends up where Rust needs no braces.
        #[allow(unused_braces)]
        const _: () = {
            #description
            #params
            #collection
            #forward
            #typed
        };
    }
}

/// A field of the struct: a step that has parameters.
struct Field<'a> {
    ident: Ident,
    /// PyTorch's name: the field's own, or the number of the layer in the sequence.
    path: String,
    step: usize,
    module: FieldType<'a>,
    inner: &'a crate::check::Step,
}

#[derive(Clone, Copy)]
enum FieldType<'a> {
    Layer(Module),
    Network(&'a Path),
}

fn fields(network: &Checked) -> Vec<Field<'_>> {
    let field = |(i, step)| {
        let crate::check::Step { name, index, kind, .. }: &crate::check::Step = step;
        let module = match kind {
            Kind::Layer(def) => FieldType::Layer(def.module?),
            Kind::Network(path) => FieldType::Network(path),
            Kind::Checkpoint(_) => return None,
        };
        Some(Field {
            ident: name.clone().unwrap_or_else(|| format_ident!("_{index}")),
            path: name.as_ref().map_or(index.to_string(), |n| n.unraw().to_string()),
            step: i,
            module,
            inner: step,
        })
    };
    network.steps.iter().enumerate().filter_map(field).collect()
}
