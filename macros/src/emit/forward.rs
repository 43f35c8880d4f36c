//! The forward pass over erased tensors: the steps in order, instantiated once for each element
//! type, device and tape, whatever the shapes.

use super::{Names, activations, fields};
use crate::ast::Join;
use crate::check::{Block, Checked, Kind, Step};
use proc_macro2::TokenStream;
use quote::quote;
use shapewright_shape::{Activation, Layer, PoolKind};

pub fn items(network: &Checked, names: &Names) -> TokenStream {
    let (params, this) = (&names.params, names.with(&names.ident));
    let eval = method(network, Way::Eval);
    let train = method(network, Way::Train);
    quote! {
        impl<#params E: ::shapewright::FloatDtype, D: ::shapewright::ops::Backend<E>>
            ::shapewright::layers::Layer<E, D> for #this
        {
            #eval
            #train
        }
    }
}

fn is_relu(step: &Step) -> bool {
    matches!(&step.kind, Kind::Layer(def) if def.known == Some(Layer::Activation(Activation::ReLU)))
}

/// Whether it takes the largest of windows, so that a ReLU before it may come after it as well: the
/// largest number stays the largest, and where it is not positive no gradient passes, whoever won.
/// ReLU and its gradient have fewer numbers to go through then. (A dilated window may have no pixel,
/// and a result that is no ReLU's.)
fn is_max_pool(step: &Step) -> bool {
    let Kind::Layer(def) = &step.kind else { return false };
    match &def.known {
        Some(Layer::Pool2d(pool)) => pool.kind == PoolKind::Max && pool.dilation == [1, 1],
        Some(Layer::Pool1d(pool)) => pool.kind == PoolKind::Max && pool.dilation == 1,
        _ => false,
    }
}

/// Evaluation or training, or evaluation that records what named steps give.
#[derive(Clone, Copy, PartialEq)]
pub enum Way {
    Eval,
    Train,
    Record,
}

fn method(network: &Checked, way: Way) -> TokenStream {
    let (name, this) = match way {
        Way::Train => (quote!(try_forward_mut), quote!(&mut self)),
        Way::Eval | Way::Record => (quote!(try_forward), quote!(&self)),
    };
    let body = way.steps(&network.steps, &quote!(self));
    quote! {
        fn #name<T: ::shapewright::dfdx::tensor::Tape<E, D>>(
            #this,
            x: ::shapewright::ops::Flow<E, D, T>,
        ) -> ::core::result::Result<::shapewright::ops::Flow<E, D, T>, ::shapewright::Error> {
            #body
            ::core::result::Result::Ok(x)
        }
    }
}

impl Way {
    /// Statements that bring `x` through the steps, whose fields are those of `owner`.
    pub fn steps(self, steps: &[Step], owner: &TokenStream) -> TokenStream {
        let mut order: Vec<&Step> = steps.iter().collect();
        if self == Way::Train {
            order.chunk_by_mut(|a, b| is_relu(a) && is_max_pool(b)).for_each(<[_]>::reverse);
        }
        order.into_iter().map(|step| self.step(step, owner)).collect()
    }

    fn step(self, step: &Step, owner: &TokenStream) -> TokenStream {
        let run = match &step.kind {
            Kind::Checkpoint(_) => return TokenStream::new(),
            Kind::Block(block) => return self.block(step, block, owner),
            Kind::Layer(def) if def.module.is_none() => {
                let layer = &def.tokens;
                let run = match self {
                    Way::Train => quote!(stateless_mut),
                    Way::Eval | Way::Record => quote!(stateless),
                };
                quote!(::shapewright::layers::#run(x, &const { ::shapewright::shape::Layer::#layer }))
            }
            Kind::Layer(_) | Kind::Network(_) => {
                let (borrow, method) = self.borrow();
                let field = fields::ident(step);
                quote!(::shapewright::layers::Layer::#method(#borrow #owner.#field, x))
            }
        };
        let path = &step.path;
        let run = quote!(let x = ::shapewright::layers::at(#path, #run)?;);
        match &step.name {
            Some(name) if self == Way::Record => {
                quote!(#run let #name = ::shapewright::network::activation(x.keep())?;)
            }
            _ => run,
        }
    }

    fn borrow(self) -> (TokenStream, TokenStream) {
        match self {
            Way::Train => (quote!(&mut), quote!(try_forward_mut)),
            Way::Eval | Way::Record => (quote!(&), quote!(try_forward)),
        }
    }

    /// A statement that brings `x` through a block, and records what is named in it.
    fn block(self, step: &Step, block: &Block, owner: &TokenStream) -> TokenStream {
        let field = fields::ident(step);
        let inner = match &block.join {
            Join::Repeat(_) => quote!(block),
            _ if step.scope.is_some() => quote!(#owner.#field),
            _ => owner.clone(),
        };
        let branches = block.branches.iter().map(|branch| self.steps(branch, &inner));
        let mut branches: Vec<TokenStream> = branches.collect();
        let last = branches.pop().unwrap_or_default();
        let path = &step.path;
        let statements = match &block.join {
            Join::Chain => last,
            Join::Residual => quote! {
                let kept = x.keep();
                #last
                let x = ::shapewright::layers::at(#path, ::shapewright::ops::add(x, kept))?;
            },
            Join::Shortcut => quote! {
                let kept = x.keep();
                #(#branches)*
                let (block, x) = x.go_on_from(kept);
                #last
                let x = ::shapewright::layers::at(#path, ::shapewright::ops::add(x, block))?;
            },
            Join::Sum | Join::Concat => {
                let join = match block.join {
                    Join::Sum => quote!(sum),
                    _ => quote!(concat),
                };
                quote! {
                    let kept = x.keep();
                    let mut outputs = ::std::vec::Vec::new();
                    #(
                        #branches
                        let (output, x) = x.go_on_from(kept.clone());
                        outputs.push(output);
                    )*
                    #last
                    let x = ::shapewright::layers::at(#path, ::shapewright::ops::#join(outputs, x))?;
                }
            }
            Join::Repeat(rounds) => {
                let rounds = &rounds.tokens;
                return self.repeat(step, rounds, owner, last);
            }
        };
        if self != Way::Record {
            return quote!(let x = { #statements x };);
        }
        if step.scope.is_some() {
            let (name, record) = (&field, activations::record(step));
            return quote!(let (x, #name) = { #statements let output = ::shapewright::network::activation(x.keep())?; (x, #record) };);
        }
        let names = activations::names(&block.branches);
        quote!(let (x, #(#names,)*) = { #statements (x, #(#names,)*) };)
    }

    fn repeat(
        self,
        step: &Step,
        rounds: &TokenStream,
        owner: &TokenStream,
        body: TokenStream,
    ) -> TokenStream {
        let ((borrow, _), field) = (self.borrow(), fields::ident(step));
        let blocks = if fields::is_field(step) {
            quote!(block in #borrow #owner.#field)
        } else {
            quote!(_ in 0..#rounds)
        };
        let run = |round: TokenStream| {
            quote! {
                let mut flow = x;
                for #blocks {
                    let x = flow;
                    #body
                    #round
                    flow = x;
                }
            }
        };
        if self == Way::Record && step.name.is_some() {
            let record = activations::record(step);
            let run = run(quote! {
                let output = ::shapewright::network::activation(x.keep())?;
                rounds.push(#record);
            });
            return quote! {
                let (x, #field) = {
                    let mut rounds = ::std::vec::Vec::new();
                    #run
                    (flow, rounds)
                };
            };
        }
        let run = run(TokenStream::new());
        quote!(let x = { #run flow };)
    }
}
