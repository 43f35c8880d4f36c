//! What a network makes of height and width, or length, in types: `shapewright::dims::Maps`. If its
//! input leaves them open, each layer that changes them is a bound, whose result is a parameter of
//! the `impl`.

use super::Names;
use super::typed::output_dims;
use crate::ast::{Dim, Join, Num, ShapeExpr};
use crate::check::{Block, Checked, Kind, Operation, Spatial, Step};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use std::collections::HashMap;

/// Rounds of a `Repeat` that are written out; more must keep the size.
const MOST_ROUNDS: usize = 64;

/// `impl Maps<(H, W)> for Net`.
pub fn items(network: &Checked, names: &Names) -> TokenStream {
    let (params, ty) = (&names.params, &names.ty);
    let input = tuple(&network.input.dims[1..], names);
    if !network.is_variable() || network.failed() {
        return fixed(network, names, &input);
    }
    let mut chain =
        Chain { names, results: Vec::new(), bounds: Vec::new(), written: HashMap::new() };
    let mut output = chain.steps(&network.steps, quote!(#input));
    if let Some(claimed) = claimed(&network.output, names) {
        output = chain.result(quote!(#output), quote!(::shapewright::dims::Meets<#claimed>));
    }
    let Chain { results, bounds, .. } = chain;
    let variables = &network.variables;
    quote! {
        impl<
            #(#variables: ::shapewright::dfdx::shapes::Dim,)*
            #(#results: ::shapewright::dims::Spatial,)*
            #params
        > ::shapewright::dims::Maps<#input> for #ty
        where
            #(#bounds,)*
        {
            type Output = #output;
        }
    }
}

/// Of a network for one size, of which the shape engine has computed the output: so that it has no
/// limits. After a mistake, of any.
fn fixed(network: &Checked, names: &Names, input: &TokenStream) -> TokenStream {
    let (params, ty, variables) = (&names.params, &names.ty, &network.variables);
    let output = output_dims(network, names, true);
    let output = &output[1..];
    quote! {
        impl<#(#variables: ::shapewright::dfdx::shapes::Dim,)* #params>
            ::shapewright::dims::Maps<#input> for #ty
        {
            type Output = (#(#output,)*);
        }
    }
}

/// The claimed output, if every dimension of it is claimed and one is a variable.
fn claimed(output: &ShapeExpr, names: &Names) -> Option<TokenStream> {
    let dims = &output.dims[1..];
    let all = dims.iter().all(|dim| !matches!(dim, Dim::Open));
    let any = dims.iter().any(|dim| matches!(dim, Dim::Variable(_)));
    (all && any).then(|| tuple(dims, names))
}

fn tuple(dims: &[Dim], names: &Names) -> TokenStream {
    let dims = dims.iter().map(|dim| match dim {
        Dim::Variable(name) => quote!(#name),
        Dim::Size(num) => constant(num, names),
        Dim::Open => quote!(usize),
    });
    quote!((#(#dims,)*))
}

fn constant(num: &Num, names: &Names) -> TokenStream {
    match names.const_arg(num) {
        Some(n) => quote!(::shapewright::dfdx::shapes::Const<#n>),
        None => quote!(usize),
    }
}

struct Chain<'a> {
    names: &'a Names,
    results: Vec<Ident>,
    bounds: Vec<TokenStream>,
    /// The result of each bound. Branches may have the same, and if it had two results the
    /// compiler could not tell which is which.
    written: HashMap<String, Ident>,
}

impl Chain<'_> {
    /// A new result: what `of` gives by `bound<…>`.
    fn result(&mut self, of: TokenStream, bound: TokenStream) -> TokenStream {
        self.out(of, bound, quote!(Out))
    }

    fn out(&mut self, of: TokenStream, bound: TokenStream, name: TokenStream) -> TokenStream {
        let written = format!("{of}: {bound}");
        if let Some(result) = self.written.get(&written) {
            return quote!(#result);
        }
        let result = format_ident!("S{}", self.results.len());
        self.written.insert(written, result.clone());
        self.results.push(result.clone());
        // `Trait<A, B>` to `Trait<A, B, Out = S>`.
        let mut tokens: Vec<_> = bound.into_iter().collect();
        tokens.pop();
        self.bounds.push(quote!(#of: #(#tokens)*, #name = #result>));
        quote!(#result)
    }

    /// The dimensions after the steps.
    fn steps(&mut self, steps: &[Step], input: TokenStream) -> TokenStream {
        steps.iter().fold(input, |x, step| self.step(step, x))
    }

    fn step(&mut self, step: &Step, x: TokenStream) -> TokenStream {
        match &step.kind {
            Kind::Checkpoint(_) => x,
            Kind::Layer(def) => self.layer(step, &def.spatial, x),
            Kind::Network(inner) => {
                let (path, args) = (&inner.path, &inner.generics);
                let ty = if args.is_empty() { quote!(#path) } else { quote!(#path<#(#args),*>) };
                self.out(ty, quote!(::shapewright::dims::Maps<#x>), quote!(Output))
            }
            Kind::Block(block) => self.block(block, x),
        }
    }

    fn layer(&mut self, step: &Step, spatial: &Spatial, x: TokenStream) -> TokenStream {
        let names = self.names;
        match spatial {
            Spatial::Kept => x,
            Spatial::Features => quote!(()),
            Spatial::Fixed(size) => {
                let size = size.each_ref().map(|n| constant(n, names));
                quote!((#(#size,)*))
            }
            Spatial::Through(operations) => {
                let operations = operations.each_ref().map(|op| operation(op, names));
                self.result(x, quote!(::shapewright::dims::Through<#(#operations),*>))
            }
            Spatial::Along(along) => {
                let along = operation(along, names);
                self.result(x, quote!(::shapewright::dims::Through<#along>))
            }
            Spatial::Reshaped(shape) => {
                let number = step.number;
                let dims = shape.dims.iter().enumerate().skip(1).map(|(i, dim)| match dim {
                    Dim::Size(num) => constant(num, names),
                    _ if names.is_generic() => quote!(usize),
                    _ => quote!(::shapewright::dfdx::shapes::Const<{ TRACE.dim(#number, #i) }>),
                });
                quote!((#(#dims,)*))
            }
        }
    }

    fn block(&mut self, block: &Block, x: TokenStream) -> TokenStream {
        let mut outputs = Vec::new();
        for branch in &block.branches {
            outputs.push(self.steps(branch, x.clone()));
        }
        let changed = |out: &TokenStream| out.to_string() != x.to_string();
        match &block.join {
            Join::Chain => outputs.pop().unwrap_or(x),
            Join::Repeat(rounds) => {
                let mut last = outputs.pop().unwrap_or(x.clone());
                if !changed(&last) {
                    return x;
                }
                match rounds.known {
                    Some(n) if n <= MOST_ROUNDS => {
                        for _ in 1..n {
                            last = self.steps(&block.branches[0], last);
                        }
                        last
                    }
                    _ => self.result(last, quote!(::shapewright::dims::Meets<#x>)),
                }
            }
            Join::Residual | Join::Shortcut | Join::Concat | Join::Sum => {
                let own = (matches!(block.join, Join::Residual)).then(|| x.clone());
                let mut all = own.into_iter().chain(outputs);
                let first = all.next().unwrap_or(x);
                all.fold(first, |first, other| {
                    if first.to_string() == other.to_string() {
                        return first;
                    }
                    self.result(other, quote!(::shapewright::dims::Meets<#first>))
                })
            }
        }
    }
}

fn operation(operation: &Operation, names: &Names) -> TokenStream {
    let name = format_ident!("{}", operation.name);
    // What can't be written in a type has been reported.
    let args = operation.args.iter().map(|n| names.const_arg(n).unwrap_or(quote!(1)));
    quote!(::shapewright::dims::#name<#(#args),*>)
}
