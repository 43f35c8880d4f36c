//! `freeze`: the network as an inference engine for the CPU.

use super::{Names, Typed};
use crate::ast::Dim;
use crate::check::Checked;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

pub fn items(network: &Checked, names: &Names, typed: &Typed) -> TokenStream {
    let takes = typed.frozen();
    let (params, ident, args) = (&names.params, &names.ident, &names.args);
    // A network for any size is frozen for one. What a variable is called may be no name for a
    // parameter; where it stands is.
    let dims = &network.input.dims;
    let axes: &[&str] = match dims.len() {
        1 => &["features"],
        2 => &["channels", "length"],
        _ => &["channels", "height", "width"],
    };
    let size = |variable: &Ident| {
        let axis = dims.iter().position(|dim| matches!(dim, Dim::Variable(v) if v == variable));
        axis.map(|axis| format_ident!("{}", axes[axis]))
    };
    let sizes = network.variables.iter().filter_map(size);
    let input = dims.iter().map(|dim| match dim {
        Dim::Size(num) => {
            let tokens = &num.tokens;
            quote!({ #tokens })
        }
        Dim::Variable(variable) => {
            let size = size(variable);
            quote!(#size)
        }
        Dim::Open => quote!(1),
    });
    let (doc, errors) = if network.variables.is_empty() {
        ("", "If a layer of one's own in it can't be frozen.")
    } else {
        (
            " For inputs of this size.",
            "If such an input is too small for a layer, or a layer of one's own can't be frozen.",
        )
    };
    let doc = format!("The network as it is now, as an inference engine for the CPU.{doc}");
    quote! {
        #takes

        impl<#params E: ::shapewright::frozen::Element>
            #ident<#args E, ::shapewright::dfdx::tensor::Cpu>
        where
            ::shapewright::dfdx::tensor::Cpu: ::shapewright::ops::Backend<E>,
        {
            #[doc = #doc]
            ///
            /// # Errors
            #[doc = #errors]
            pub fn freeze(
                &self,
                #(#sizes: usize,)*
            ) -> ::core::result::Result<::shapewright::frozen::Frozen<Self, E>, ::shapewright::Error> {
                ::shapewright::frozen::Frozen::new(self, &[#(#input),*])
            }
        }
    }
}
