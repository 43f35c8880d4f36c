//! The network's name with its const parameters, as declared and as used.

use super::editor;
use crate::ast::Num;
use crate::check::{Checked, ConstParams};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// The place of generated code that errors may point at: the name of the network, not the whole of
/// `net!`. In an editor the name leads to the network alone.
pub fn place(name: &Ident) -> Span {
    if editor::is_there() { Span::call_site() } else { Span::call_site().located_at(name.span()) }
}

pub struct Names {
    pub ident: Ident,
    /// `const IN: usize, const OUT: usize,`
    pub params: TokenStream,
    /// `IN, OUT,`
    pub args: TokenStream,
    /// `Name<IN, OUT>`
    pub ty: TokenStream,
    const_params: ConstParams,
}

impl Names {
    pub fn of(network: &Checked) -> Self {
        let ident = network.name.clone();
        let params = network.generics.params.iter();
        let const_params = ConstParams::of(&network.generics);
        let idents = const_params.idents();
        let ty = if idents.is_empty() { quote!(#ident) } else { quote!(#ident<#(#idents),*>) };
        Names { params: quote!(#(#params,)*), args: quote!(#(#idents,)*), ty, ident, const_params }
    }

    /// `Name<IN, OUT, E, D>` of the network or of a block in it.
    pub fn with(&self, ident: &Ident) -> TokenStream {
        let args = &self.args;
        quote!(#ident<#args E, D>)
    }

    /// Whether it has const parameters.
    pub fn is_generic(&self) -> bool {
        !self.const_params.idents().is_empty()
    }

    /// Whether a const argument is the same whatever the const parameters are.
    pub fn is_fixed(&self, arg: &TokenStream) -> bool {
        !self.const_params.mentions(arg.clone())
    }

    /// A number as a const argument of a type; `None` if it is computed from a const parameter.
    pub fn const_arg(&self, num: &Num) -> Option<TokenStream> {
        self.const_params.const_arg(num)
    }
}
