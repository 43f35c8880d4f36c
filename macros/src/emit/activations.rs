//! `net.activations(x)`: what each named step gives, with its shape, as a struct; that of a named
//! block is a struct in it.

use super::Names;
use super::docs;
use super::forward::Way;
use super::typed::{Typed, output_dims};
use crate::ast::Join;
use crate::check::{Checked, Kind, Step};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// A struct: its steps that have names, and what comes out.
struct Record<'a> {
    ident: Ident,
    /// The block; `None` for the network.
    step: Option<&'a Step>,
    named: Vec<&'a Step>,
    /// Whether it is for each round of a `Repeat` that does not keep the shape.
    varies: bool,
}

/// The structs, which stand beside the network's own.
pub fn structs(network: &Checked, names: &Names) -> TokenStream {
    let records = records(network);
    let structs = records.iter().map(|record| declaration(network, names, record));
    quote!(#(#structs)*)
}

/// `activations` and `try_activations`.
pub fn methods(network: &Checked, names: &Names, typed: &Typed) -> TokenStream {
    let (this, params) = (names.with(&names.ident), &names.params);
    let (input, own, bound) = typed.batch();
    let (ident, args) = (self::ident(&names.ident), &names.args);
    let body = Way::Record.steps(&network.steps, &quote!(self));
    let named = self::names(std::slice::from_ref(&network.steps));
    let output = output(std::slice::from_ref(&network.steps));
    let result = quote!(#ident<B, #args E, D>);
    let [activations, try_activations] =
        ["activations", "try_activations"].map(|name| Ident::new(name, names.ident.span()));
    quote! {
        impl<#params E: ::shapewright::FloatDtype, D: ::shapewright::ops::Backend<E>> #this {
            /// Evaluates the network on a batch, and gives what each named step gives.
            ///
            /// # Panics
            /// As `forward`.
            #[track_caller]
            pub fn #activations<#own>(&self, x: #input) -> #result #bound {
                ::shapewright::network::expect(self.#try_activations(x))
            }

            /// Evaluates the network on a batch, and gives what each named step gives.
            ///
            /// # Errors
            /// As `try_forward`.
            pub fn #try_activations<#own>(
                &self,
                x: #input,
            ) -> ::core::result::Result<#result, ::shapewright::Error> #bound {
                let x = ::shapewright::ops::Flow::enter(::shapewright::ops::erase(x)?)?;
                #body
                let output = ::shapewright::network::activation(x.keep())?;
                ::core::result::Result::Ok(#ident { #(#named,)* #output })
            }
        }
    }
}

/// The struct of a block, of the variables that its statements have made.
pub fn record(step: &Step) -> TokenStream {
    let branches = step.kind.branches();
    let (named, output) = (names(branches), output(branches));
    let ident = step.scope.as_ref().map(ident);
    quote!(#ident { #(#named,)* #output })
}

fn ident(scope: &Ident) -> Ident {
    format_ident!("{scope}Activations", span = scope.span())
}

/// The field of what comes out, unless a step has that name.
fn output(branches: &[Vec<Step>]) -> Option<TokenStream> {
    names(branches).iter().all(|name| name != "output").then(|| quote!(output,))
}

/// The named steps of a scope, those in blocks without a name included.
pub fn names(branches: &[Vec<Step>]) -> Vec<Ident> {
    let mut named = Vec::new();
    branches.iter().for_each(|branch| collect(branch, &mut named));
    named.into_iter().filter_map(|step| step.name.clone()).collect()
}

fn collect<'a>(steps: &'a [Step], named: &mut Vec<&'a Step>) {
    for step in steps {
        if step.name.is_some() {
            named.push(step);
        } else if step.scope.is_none() {
            step.kind.branches().iter().for_each(|branch| collect(branch, named));
        }
    }
}

/// The names of the structs.
pub fn idents(network: &Checked) -> Vec<Ident> {
    records(network).into_iter().map(|record| record.ident).collect()
}

fn records(network: &Checked) -> Vec<Record<'_>> {
    let mut named = Vec::new();
    collect(&network.steps, &mut named);
    let mut records =
        vec![Record { ident: ident(&network.name), step: None, named, varies: false }];
    inner(&network.steps, false, &mut records);
    records
}

/// The structs of the named blocks.
fn inner<'a>(steps: &'a [Step], varies: bool, records: &mut Vec<Record<'a>>) {
    for step in steps {
        let Kind::Block(block) = &step.kind else { continue };
        let kept = step.input.is_some() && step.input == step.output;
        let varies = varies || (matches!(block.join, Join::Repeat(_)) && !kept);
        if let (Some(scope), Some(_)) = (&step.scope, &step.name) {
            let mut named = Vec::new();
            block.branches.iter().for_each(|branch| collect(branch, &mut named));
            records.push(Record { ident: ident(scope), step: Some(step), named, varies });
        }
        // What is in the rounds of a `Repeat` without a name can't be told apart.
        if step.scope.is_none() || step.name.is_some() {
            block.branches.iter().for_each(|branch| inner(branch, varies, records));
        }
    }
}

fn declaration(network: &Checked, names: &Names, record: &Record) -> TokenStream {
    let (ident, vis, params) = (&record.ident, &network.vis, &names.params);
    let cfgs = network.attrs.iter().filter(|a| a.path().is_ident("cfg"));
    let fields = record.named.iter().filter_map(|step| {
        let name = step.name.as_ref()?;
        let doc = docs::given(network, step, record.varies);
        let ty = field_type(network, names, step, record.varies);
        Some(quote!(#[doc = #doc] pub #name: #ty,))
    });
    let output = record.named.iter().all(|step| step.name.as_ref().is_some_and(|n| n != "output"));
    let output = output.then(|| {
        let ty = match record.step {
            Some(step) => tensor(network, names, step, record.varies),
            None => of_network(network, names),
        };
        quote!(#[doc = "What comes out."] pub output: #ty,)
    });
    let doc = match record.step.and_then(|step| step.name.as_ref()) {
        Some(name) => format!("What the steps of `{name}` in [`{}`] give.", network.name),
        None => format!("What the steps of [`{}`] give: `activations` returns it.", network.name),
    };
    quote! {
        #(#cfgs)*
        #[doc = #doc]
        #[derive(::core::fmt::Debug, ::core::clone::Clone)]
        #vis struct #ident<
            B: ::shapewright::dfdx::shapes::Dim,
            #params
            E: ::shapewright::dfdx::shapes::Dtype = f32,
            D: ::shapewright::dfdx::tensor::Storage<E> = ::shapewright::dfdx::tensor::Cpu,
        > {
            #(#fields)*
            #output
        }
    }
}

fn field_type(network: &Checked, names: &Names, step: &Step, varies: bool) -> TokenStream {
    let Kind::Block(block) = &step.kind else { return tensor(network, names, step, varies) };
    let (ident, args) = (step.scope.as_ref().map(ident), &names.args);
    match &block.join {
        Join::Repeat(_) => quote!(::std::vec::Vec<#ident<B, #args E, D>>),
        _ => quote!(#ident<B, #args E, D>),
    }
}

/// The tensor that a step gives. A size that is not the same for all inputs, or that depends on a
/// const parameter, is a `usize`.
fn tensor(network: &Checked, names: &Names, step: &Step, varies: bool) -> TokenStream {
    let constant = |n: TokenStream| quote!(::shapewright::dfdx::shapes::Const<#n>);
    let number = step.number;
    let shape = match step.output.filter(|_| !network.failed()) {
        Some(shape) => {
            let dims = (0..shape.rank()).map(|axis| {
                if shape.varies()[axis] || (varies && axis > 0) {
                    return quote!(usize);
                }
                let n = shape.dim(axis);
                constant(quote!(#n))
            });
            quote!((B, #(#dims,)*))
        }
        None if names.is_generic() || network.failed() => quote!((B, usize, usize, usize)),
        None => {
            let ty = &names.ty;
            let declared = quote!(<#ty as ::shapewright::network::Declared>::NETWORK);
            let dims = (0..3usize).map(|axis| {
                if (network.is_variable() || varies) && axis > 0 {
                    return quote!(usize);
                }
                constant(quote!({ #declared.dim_after(#number, #axis) }))
            });
            quote! {
                <::shapewright::network::Rank<{ #declared.rank_after(#number) }>
                    as ::shapewright::network::Ranked>::Of<B, #(#dims),*>
            }
        }
    };
    quote!(::shapewright::dfdx::tensor::Tensor<#shape, E, D>)
}

/// The tensor that the network gives.
fn of_network(network: &Checked, names: &Names) -> TokenStream {
    let mut dims = output_dims(network, names, false);
    if network.is_variable() {
        dims[1..].iter_mut().for_each(|dim| *dim = quote!(usize));
    }
    quote!(::shapewright::dfdx::tensor::Tensor<(B, #(#dims,)*), E, D>)
}
