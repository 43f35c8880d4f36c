//! What stands for a network with mistakes.

use super::{activations, fields};
use crate::check::Checked;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// The errors, and types of the network's names that raise no errors of their own, whatever is done
/// with them. The compiler keeps quiet about a path into a module that has an error, and about all
/// that follows from it.
pub fn items(network: &Checked) -> TokenStream {
    let errors = network.mistakes.tokens();
    let module = format_ident!("mistakes_in_{}", network.name);
    let (vis, consts) = (&network.vis, network.generics.const_params());
    let consts: Vec<_> = consts.collect();
    let cfgs: Vec<_> = network.attrs.iter().filter(|a| a.path().is_ident("cfg")).collect();
    let structs = fields::scopes(network).into_iter().map(|scope| (scope.ident.clone(), quote!()));
    let records = activations::idents(network).into_iter().map(|ident| (ident, quote!(Batch,)));
    let types = structs.chain(records).map(|(ident, batch)| {
        quote! {
            #(#cfgs)*
            #[allow(missing_docs, dead_code)]
            #vis type #ident<
                #batch
                #(#consts,)*
                Dtype = f32,
                Device = ::shapewright::dfdx::tensor::Cpu,
            > = #module::Network<#batch Dtype, Device>;
        }
    });
    quote! {
        #(#cfgs)*
        #[allow(non_snake_case)]
        mod #module { #errors }
        #(#types)*
    }
}
