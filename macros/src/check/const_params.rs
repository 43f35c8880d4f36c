//! Const parameters, and what stable Rust can do with them in types: nothing but name them.

use super::{Kind, Spatial, Step};
use crate::ast::{Dim, Join, Network, Num};
use crate::diagnostics::Diagnostics;
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;
use syn::Generics;

/// The names of a network's const parameters.
pub struct ConstParams(Vec<Ident>);

impl ConstParams {
    pub fn of(generics: &Generics) -> Self {
        ConstParams(generics.const_params().map(|param| param.ident.clone()).collect())
    }

    pub fn idents(&self) -> &[Ident] {
        &self.0
    }

    /// A number as a const argument of a type; `None` if it is computed from a const parameter.
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
        syn::parse2::<Ident>(tokens.clone()).is_ok_and(|word| self.0.contains(&word))
    }

    /// Whether there is a const parameter in it.
    pub fn mentions(&self, tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(word) => self.0.contains(&word),
            TokenTree::Group(group) => self.mentions(group.stream()),
            _ => false,
        })
    }

    /// Reports a number that has to be in a type and can't.
    fn check(&self, num: &Num, what: &str, diagnostics: &mut Diagnostics) {
        if self.const_arg(num).is_none() {
            diagnostics.error(
                num.span,
                format!(
                    "{what} is part of a type, and stable Rust can't compute with a const parameter \
                     there; make the result a const parameter of its own"
                ),
            );
        }
    }
}

/// The declared input is part of a type. So are, in a network for any size, the options that
/// decide on the size of its output.
pub fn check(network: &Network, steps: &[Step], diagnostics: &mut Diagnostics) {
    let params = ConstParams::of(&network.generics);
    if params.0.is_empty() {
        return;
    }
    for dim in &network.input.dims {
        if let Dim::Size(num) = dim {
            params.check(num, "a dimension of the input", diagnostics);
        }
    }
    if !network.variables.is_empty() {
        check_steps(&params, steps, diagnostics);
    }
}

fn check_steps(params: &ConstParams, steps: &[Step], diagnostics: &mut Diagnostics) {
    const WHAT: &str = "this option, which decides on the size of the output,";
    for step in steps {
        match &step.kind {
            Kind::Layer(def) => {
                for num in nums(&def.spatial) {
                    params.check(num, WHAT, diagnostics);
                }
            }
            Kind::Block(block) => {
                if let Join::Repeat(rounds) = &block.join {
                    params.check(rounds, "the number of rounds", diagnostics);
                }
                block.branches.iter().for_each(|b| check_steps(params, b, diagnostics));
            }
            Kind::Network(_) | Kind::Checkpoint(_) => {}
        }
    }
}

fn nums(spatial: &Spatial) -> Vec<&Num> {
    let mut nums: Vec<&Num> = match spatial {
        Spatial::Kept | Spatial::Features | Spatial::Reshaped(_) => vec![],
        Spatial::Through(operations) => operations.iter().flat_map(|op| &op.args).collect(),
        Spatial::Along(operation) => operation.args.iter().collect(),
        Spatial::Fixed(size) => size.iter().collect(),
    };
    // An option for both axes is written once.
    let mut seen = Vec::new();
    nums.retain(|num| {
        let (place, text) = (format!("{:?}", num.span), num.tokens.to_string());
        let new = !seen.contains(&(place.clone(), text.clone()));
        seen.push((place, text));
        new
    });
    nums
}
