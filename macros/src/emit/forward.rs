//! The forward pass over erased tensors: the steps in order, instantiated once for each element
//! type, device and tape, whatever the shapes.

use super::Field;
use crate::check::{Checked, Kind};
use proc_macro2::TokenStream;
use quote::quote;

pub fn items(network: &Checked, fields: &[Field]) -> TokenStream {
    let name = &network.name;
    let body = |fields_method: TokenStream, stateless: TokenStream| -> TokenStream {
        let steps = network.steps.iter().enumerate();
        steps
            .filter(|(_, step)| !matches!(step.kind, Kind::Checkpoint(_)))
            .map(|(i, _)| match fields.iter().find(|f| f.step == i) {
                Some(Field { ident, .. }) => quote! {
                    let x = ::shapewright::layers::Layer::#fields_method(#ident, x)?;
                },
                None => quote!(let x = ::shapewright::layers::#stateless(x, &NETWORK.steps[#i])?;),
            })
            .collect()
    };
    let (eval, train) = (
        body(quote!(try_forward), quote!(stateless)),
        body(quote!(try_forward_mut), quote!(stateless_mut)),
    );
    let idents: Vec<_> = fields.iter().map(|f| &f.ident).collect();
    let method = |method: TokenStream, this: TokenStream, body: TokenStream| {
        quote! {
            fn #method<T: ::shapewright::dfdx::tensor::Tape<E, D>>(
                #this self,
                x: ::shapewright::ops::Flow<E, D, T>,
            ) -> ::core::result::Result<::shapewright::ops::Flow<E, D, T>, ::shapewright::Error> {
                let Self { #(#idents,)* .. } = self;
                #body
                ::core::result::Result::Ok(x)
            }
        }
    };
    let eval = method(quote!(try_forward), quote!(&), eval);
    let train = method(quote!(try_forward_mut), quote!(&mut), train);
    quote! {
        impl<E: ::shapewright::FloatDtype, D: ::shapewright::ops::Backend<E>>
            ::shapewright::layers::Layer<E, D> for #name<E, D>
        {
            #eval
            #train
        }
    }
}
