//! The network's name with its const parameters, as declared and as used.

use crate::ast::Num;
use crate::check::Checked;
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;
use syn::GenericParam;

pub struct Names {
    pub ident: Ident,
    /// `const IN: usize, const OUT: usize = 8,` for a struct.
    pub declared: TokenStream,
    /// `const IN: usize, const OUT: usize,` for an `impl`.
    pub params: TokenStream,
    /// `IN, OUT,`
    pub args: TokenStream,
    /// `Name<IN, OUT>`
    pub ty: TokenStream,
    idents: Vec<Ident>,
}

impl Names {
    pub fn of(network: &Checked) -> Self {
        let ident = network.name.clone();
        let declared = network.generics.params.iter();
        let idents: Vec<Ident> =
            network.generics.const_params().map(|param| param.ident.clone()).collect();
        let params = declared.clone().map(|param| match param {
            GenericParam::Const(param) => {
                let (ident, ty) = (&param.ident, &param.ty);
                quote!(const #ident: #ty,)
            }
            other => quote!(#other,),
        });
        let ty = if idents.is_empty() { quote!(#ident) } else { quote!(#ident<#(#idents),*>) };
        Names {
            declared: quote!(#(#declared,)*),
            params: quote!(#(#params)*),
            args: quote!(#(#idents,)*),
            ty,
            ident,
            idents,
        }
    }

    /// `Name<IN, OUT, E, D>` of the network or of a block in it.
    pub fn with(&self, ident: &Ident) -> TokenStream {
        let args = &self.args;
        quote!(#ident<#args E, D>)
    }

    /// Whether it has const parameters.
    pub fn is_generic(&self) -> bool {
        !self.idents.is_empty()
    }

    /// A number as a const argument of a type; `None` if it is computed from a const parameter,
    /// which stable Rust can't do in types.
    pub fn const_arg(&self, num: &Num) -> Option<TokenStream> {
        let tokens = &num.tokens;
        match num.known {
            Some(n) => Some(quote!(#n)),
            None if self.is_param(tokens) || !self.mentions(tokens.clone()) => {
                Some(quote!({ #tokens }))
            }
            None => None,
        }
    }

    fn is_param(&self, tokens: &TokenStream) -> bool {
        syn::parse2::<Ident>(tokens.clone()).is_ok_and(|word| self.idents.contains(&word))
    }

    fn mentions(&self, tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(word) => self.idents.contains(&word),
            TokenTree::Group(group) => self.mentions(group.stream()),
            _ => false,
        })
    }
}
