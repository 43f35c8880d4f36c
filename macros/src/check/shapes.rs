//! Shapes as values, where the macro knows them, and as const expressions.

use crate::ast::{Dim, ShapeExpr};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use shapewright_shape::Claim;

impl ShapeExpr {
    /// The claim, if every number in it is known.
    pub fn claim(&self) -> Option<Claim> {
        let dims: Option<Vec<Option<usize>>> = self
            .dims
            .iter()
            .map(|dim| match dim {
                Dim::Size(num) => num.known.map(Some),
                Dim::Open | Dim::Variable(_) => Some(None),
            })
            .collect();
        Claim::from_dims(&dims?)
    }

    /// `[16, _, _]` as a const expression.
    pub fn claim_tokens(&self) -> TokenStream {
        let new = self.constructor();
        let dims = self.dims.iter().map(|dim| match dim {
            Dim::Size(num) => {
                let n = &num.tokens;
                quote!(::core::option::Option::Some(#n))
            }
            Dim::Open | Dim::Variable(_) => quote!(::core::option::Option::None),
        });
        quote!(::shapewright::shape::Claim::#new(#(#dims),*))
    }

    fn constructor(&self) -> Ident {
        format_ident!("{}", ["features", "sequence", "image"][self.dims.len() - 1])
    }
}
