//! The input of the methods that users call: of any size, under the bound that it is the declared
//! one, which fails with a sentence.

use super::Names;
use super::names::place;
use crate::ast::Dim;
use crate::check::Checked;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};

/// The dimensions whose size is declared.
pub struct Takes {
    /// The network's name.
    ident: Ident,
    /// The trait of the bound.
    name: Ident,
    /// `CHANNELS`, `HEIGHT`, `WIDTH`: what is given.
    given: Vec<Ident>,
    /// `3`, `32`, `32`: what is declared.
    declared: Vec<TokenStream>,
    /// All dimensions as types, with what is given.
    pub dims: Vec<TokenStream>,
}

impl Takes {
    /// `dims` are those of the declared input, as types.
    pub fn of(network: &Checked, names: &Names, dims: &[TokenStream]) -> Self {
        let rank = network.input.dims.len();
        let all: &[&str] = match rank {
            1 => &["FEATURES"],
            2 => &["CHANNELS", "LENGTH"],
            _ => &["CHANNELS", "HEIGHT", "WIDTH"],
        };
        let name = match (network.is_variable(), rank) {
            (true, _) => "TakesChannels",
            (_, 1) => "TakesVectors",
            (_, 2) => "TakesSequences",
            _ => "TakesImages",
        };
        let mut takes = Takes {
            ident: network.name.clone(),
            name: format_ident!("{name}"),
            given: Vec::new(),
            declared: Vec::new(),
            dims: dims.to_vec(),
        };
        let count = if network.is_variable() { 1 } else { rank };
        for (i, dim) in network.input.dims.iter().enumerate().take(count) {
            let Dim::Size(num) = dim else { continue };
            let given = free(all[i], network);
            takes.dims[i] = quote!(::shapewright::dfdx::shapes::Const<#given>);
            takes.given.push(given);
            takes.declared.push(names.const_arg(num).unwrap_or(quote!(1)));
        }
        takes
    }

    /// `const CHANNELS: usize, …`: parameters of a method.
    pub fn params(&self) -> TokenStream {
        let given = &self.given;
        quote!(#(const #given: usize,)*)
    }

    /// `Self: TakesImages<CHANNELS, HEIGHT, WIDTH, 3, 32, 32>,`
    pub fn bound(&self) -> TokenStream {
        let (name, given, declared) = (&self.name, &self.given, &self.declared);
        if given.is_empty() {
            return quote!();
        }
        // At the network's name, which is what shows as the bound's place.
        quote_spanned! {place(&self.ident)=>
            Self: ::shapewright::network::#name<#(#given,)* #(#declared),*>,
        }
    }

    /// What meets the bound. Something else that would, too, keeps the compiler from taking for
    /// granted that what is given is what is declared, and from complaining in its own words; it has
    /// to differ from what is declared, whatever const parameters are.
    pub fn items(&self, names: &Names) -> TokenStream {
        let (name, declared, params) = (&self.name, &self.declared, &names.params);
        if declared.is_empty() {
            return quote!();
        }
        let this = names.with(&names.ident);
        let nothing = declared.iter().map(|_| quote!(0));
        let other = declared.iter().any(|n| names.is_fixed(n)).then(|| {
            quote! {
                #[diagnostic::do_not_recommend]
                impl<
                    #params
                    E: ::shapewright::dfdx::shapes::Dtype,
                    D: ::shapewright::dfdx::tensor::Storage<E>,
                > ::shapewright::network::#name<#(#nothing,)* #(#declared),*> for #this {}
            }
        });
        quote_spanned! {place(&self.ident)=>
            impl<
                #params
                E: ::shapewright::dfdx::shapes::Dtype,
                D: ::shapewright::dfdx::tensor::Storage<E>,
            > ::shapewright::network::#name<#(#declared,)* #(#declared),*> for #this {}
            #other
        }
    }
}

/// A name that the network does not use for a parameter of its own.
fn free(name: &str, network: &Checked) -> Ident {
    let mut name = name.to_string();
    let taken = |name: &str| {
        let consts = network.generics.const_params().map(|param| &param.ident);
        consts.chain(&network.variables).any(|ident| ident == name)
    };
    while taken(&name) {
        name.push('_');
    }
    Ident::new(&name, network.name.span())
}
