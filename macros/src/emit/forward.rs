//! The forward pass over erased tensors: the steps in order, instantiated once for each element
//! type, device and tape, whatever the shapes.

use super::{Names, fields};
use crate::ast::Join;
use crate::check::{Block, Checked, Kind, Step};
use proc_macro2::TokenStream;
use quote::quote;

pub fn items(network: &Checked, names: &Names) -> TokenStream {
    let (params, this) = (&names.params, names.with(&names.ident));
    let eval = method(network, Way { training: false });
    let train = method(network, Way { training: true });
    quote! {
        impl<#params E: ::shapewright::FloatDtype, D: ::shapewright::ops::Backend<E>>
            ::shapewright::layers::Layer<E, D> for #this
        {
            #eval
            #train
        }
    }
}

/// Evaluation or training.
#[derive(Clone, Copy)]
struct Way {
    training: bool,
}

fn method(network: &Checked, way: Way) -> TokenStream {
    let (name, this) = match way.training {
        false => (quote!(try_forward), quote!(&self)),
        true => (quote!(try_forward_mut), quote!(&mut self)),
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
    fn steps(self, steps: &[Step], owner: &TokenStream) -> TokenStream {
        steps.iter().map(|step| self.step(step, owner)).collect()
    }

    fn step(self, step: &Step, owner: &TokenStream) -> TokenStream {
        match &step.kind {
            Kind::Checkpoint(_) => TokenStream::new(),
            Kind::Block(block) => {
                let value = self.block(step, block, owner);
                quote!(let x = { #value };)
            }
            Kind::Layer(def) if def.module.is_none() => {
                let layer = &def.tokens;
                let run = if self.training { quote!(stateless_mut) } else { quote!(stateless) };
                quote! {
                    let x = ::shapewright::layers::#run(
                        x,
                        &const { ::shapewright::shape::Layer::#layer },
                    )?;
                }
            }
            Kind::Layer(_) | Kind::Network(_) => {
                let (borrow, method) = self.borrow();
                let field = fields::ident(step);
                quote! {
                    let x = ::shapewright::layers::Layer::#method(#borrow #owner.#field, x)?;
                }
            }
        }
    }

    fn borrow(self) -> (TokenStream, TokenStream) {
        if self.training {
            (quote!(&mut), quote!(try_forward_mut))
        } else {
            (quote!(&), quote!(try_forward))
        }
    }

    /// An expression for what a block makes of `x`.
    fn block(self, step: &Step, block: &Block, owner: &TokenStream) -> TokenStream {
        let field = fields::ident(step);
        let inner = match &block.join {
            Join::Repeat(_) => quote!(block),
            _ if step.is_scope() => quote!(#owner.#field),
            _ => owner.clone(),
        };
        let branches = block.branches.iter().map(|branch| self.steps(branch, &inner));
        let mut branches: Vec<TokenStream> = branches.collect();
        let last = branches.pop().unwrap_or_default();
        match &block.join {
            Join::Chain => quote!(#last x),
            Join::Residual => quote! {
                let kept = x.keep();
                #last
                ::shapewright::ops::add(x, kept)?
            },
            Join::Shortcut => quote! {
                let kept = x.keep();
                #(#branches)*
                let (block, x) = x.go_on_from(kept);
                #last
                ::shapewright::ops::add(x, block)?
            },
            Join::Sum => quote! {
                let kept = x.keep();
                let mut outputs = ::std::vec::Vec::new();
                #(
                    #branches
                    let (output, x) = x.go_on_from(kept.clone());
                    outputs.push(output);
                )*
                #last
                let mut x = x;
                for output in outputs {
                    x = ::shapewright::ops::add(x, output)?;
                }
                x
            },
            Join::Concat => quote! {
                let kept = x.keep();
                let mut outputs = ::std::vec::Vec::new();
                #(
                    #branches
                    let (output, x) = x.go_on_from(kept.clone());
                    outputs.push(output);
                )*
                #last
                ::shapewright::ops::concat(outputs, x)?
            },
            Join::Repeat(rounds) => {
                let (borrow, _) = self.borrow();
                let rounds = &rounds.tokens;
                let blocks = if fields::is_field(step) {
                    quote!(block in #borrow #owner.#field)
                } else {
                    quote!(_ in 0..#rounds)
                };
                quote! {
                    let mut flow = x;
                    for #blocks {
                        let x = flow;
                        #last
                        flow = x;
                    }
                    flow
                }
            }
        }
    }
}
