//! The network as a constant, its check by the compiler, and what users read of it.

use super::{Names, typed};
use crate::ast::Join;
use crate::check::{Checked, Kind, Step, span};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use shapewright_shape::Arg;
use syn::ext::IdentExt;

pub fn items(network: &Checked, names: &Names) -> TokenStream {
    let (ty, params) = (&names.ty, &names.params);
    let text = network.name.unraw().to_string();
    let (input, output) = (network.input.claim_tokens(), network.output.claim_tokens());
    let list = steps(&network.steps);
    let checked = !names.is_generic();
    let this = names.with(&names.ident);
    let declared = quote! {
        impl<
            #params
            E: ::shapewright::dfdx::shapes::Dtype,
            D: ::shapewright::dfdx::tensor::Storage<E>,
        > ::shapewright::network::Declared for #this {
            const NETWORK: ::shapewright::shape::Network<'static> =
                ::shapewright::shape::Network {
                    name: #text,
                    input: #input,
                    output: #output,
                    steps: #list,
                    own_parameters: 0,
                    checked: #checked,
                };
        }
    };
    let constants = (!names.is_generic()).then(|| constants(network, ty));
    let public = public(network, names);
    quote!(#declared #constants #public)
}

/// A list of steps as a const expression.
fn steps(all: &[Step]) -> TokenStream {
    let steps = all.iter().map(|step| {
        let name = step.name.as_ref().map(|n| n.unraw().to_string()).unwrap_or_default();
        let kind = match &step.kind {
            Kind::Layer(def) => {
                let layer = &def.tokens;
                quote!(Layer(::shapewright::shape::Layer::#layer))
            }
            Kind::Network(inner) => {
                let (path, args) = (&inner.path, &inner.generics);
                let ty = if args.is_empty() { quote!(#path) } else { quote!(#path<#(#args),*>) };
                quote!(Network(&<#ty as ::shapewright::network::Declared>::NETWORK))
            }
            Kind::Checkpoint(shape) => {
                let claim = shape.claim_tokens();
                quote!(Checkpoint(#claim))
            }
            Kind::Block(block) => {
                let join = match &block.join {
                    Join::Chain => quote!(Chain),
                    Join::Residual => quote!(Residual),
                    Join::Shortcut => quote!(Shortcut),
                    Join::Concat => quote!(Concat),
                    Join::Sum => quote!(Sum),
                    Join::Repeat(rounds) => {
                        let rounds = &rounds.tokens;
                        quote!(Repeat(#rounds))
                    }
                };
                let branches = block.branches.iter().map(|branch| self::steps(branch));
                quote!(Block(::shapewright::shape::Block {
                    join: ::shapewright::shape::Join::#join,
                    branches: &[#(#branches),*],
                }))
            }
        };
        quote! {
            ::shapewright::shape::Step {
                name: #name,
                kind: ::shapewright::shape::StepKind::#kind,
            }
        }
    });
    quote!(&[#(#steps),*])
}

/// What the rest of the generated code reads, and the compiler's check.
fn constants(network: &Checked, ty: &TokenStream) -> TokenStream {
    let report = if is_left_to_the_compiler(network) { report(network) } else { quote!() };
    let count = network.count;
    quote! {
        const NETWORK: ::shapewright::shape::Network<'static> =
            <#ty as ::shapewright::network::Declared>::NETWORK;
        const TRACE: ::shapewright::shape::Trace<#count> =
            ::shapewright::shape::Trace::of(&NETWORK);
        #report
    }
}

/// Constants and the summary.
fn public(network: &Checked, names: &Names) -> TokenStream {
    let (ty, params, count) = (&names.ty, &names.params, network.count);
    let declared = quote!(<Self as ::shapewright::network::Declared>::NETWORK);
    let parameters = quote! {
        /// The number of trainable parameters.
        pub const PARAMETERS: usize = #declared.parameters();
    };
    if network.is_variable() {
        let input = match network.input.dims.len() {
            2 => quote!(length: usize),
            _ => quote!(height: usize, width: usize),
        };
        let mut sizes = match network.input.dims.len() {
            2 => vec![quote!(length)],
            _ => vec![quote!(height), quote!(width)],
        };
        sizes.insert(0, quote!(#declared.example().dim(0)));
        let new = if network.input.dims.len() == 2 { quote!(sequence) } else { quote!(image) };
        return quote! {
            impl<#params> #ty {
                #parameters

                /// The table of layers for an input of this size, up to a layer for which it is
                /// too small: options, shapes, parameters, multiply-adds, receptive field.
                #[must_use]
                pub fn summary(#input) -> ::shapewright::Summary {
                    let input = ::shapewright::shape::Shape::#new(#(#sizes),*);
                    ::shapewright::Summary::of_input(&#declared, input)
                }
            }
        };
    }
    let (input_rank, output_rank) = (network.input.dims.len(), network.output.dims.len());
    quote! {
        impl<#params> #ty {
            /// The shape of one input, without the batch.
            pub const INPUT: [usize; #input_rank] =
                ::shapewright::shape::dims(&#declared.example());
            /// The shape of one output, without the batch.
            pub const OUTPUT: [usize; #output_rank] =
                ::shapewright::shape::dims(&#declared.output_or_declared());
            /// The shape after each step: of a block, then of the steps in it.
            pub const SHAPES: [::shapewright::shape::Shape; #count] =
                ::shapewright::shape::Trace::<#count>::of(&#declared).shapes(&#declared);
            #parameters
            /// The number of multiply-adds for one input, of convolutions and linear layers.
            pub const MULTIPLY_ADDS: u64 = #declared.multiply_adds(#declared.example());

            /// The table of layers: options, shapes, parameters, multiply-adds, receptive field.
            #[must_use]
            pub fn summary() -> ::shapewright::Summary {
                ::shapewright::Summary::of(&#declared)
            }
        }
    }
}

/// Whether the shapes are checked by const evaluation.
pub fn is_left_to_the_compiler(network: &Checked) -> bool {
    !network.failed() && !network.all_known() && network.generics.params.is_empty()
}

/// The check by const evaluation: a call for each argument that is written out, so that the
/// error points at it.
fn report(network: &Checked) -> TokenStream {
    let mut calls = vec![call(0, &[Arg::NetworkInput], network.input.span)];
    report_steps(&network.steps, &mut calls);
    calls.push(call(network.count, &[Arg::Layer], network.output.span));
    let check = match typed::computed_output(network) {
        // After a mistake the output has no type, so that its uses raise no errors of their own.
        Some(axis) => {
            quote!(type Output = ::shapewright::dfdx::shapes::Const<{ #(#calls)* NETWORK.output_or_declared().dim(#axis) }>;)
        }
        None => quote!(const _: () = { #(#calls)* };),
    };
    quote! {
        const RESULT: ::core::result::Result<
            ::shapewright::shape::Shape,
            ::shapewright::shape::Mistake,
        > = NETWORK.check();
        #check
    }
}

fn report_steps(steps: &[Step], calls: &mut Vec<TokenStream>) {
    for step in steps {
        let written: Vec<Arg> = match &step.kind {
            Kind::Layer(def) => def.spans.iter().map(|(arg, _)| *arg).collect(),
            Kind::Block(_) => vec![Arg::Out],
            Kind::Network(_) | Kind::Checkpoint(_) => vec![],
        };
        let written: Vec<Arg> =
            ARGS.into_iter().filter(|arg| *arg != Arg::Layer && written.contains(arg)).collect();
        for &arg in &written {
            calls.push(call(step.number, &[arg], span(&step.kind, arg)));
        }
        // All others are a matter of the layer as a whole.
        let rest: Vec<Arg> = ARGS.into_iter().filter(|arg| !written.contains(arg)).collect();
        calls.push(call(step.number, &rest, span(&step.kind, Arg::Layer)));
        step.kind.branches().iter().for_each(|branch| report_steps(branch, calls));
    }
}

fn call(step: usize, args: &[Arg], span: Span) -> TokenStream {
    let args = args.iter().map(|arg| {
        let arg = format_ident!("{arg:?}");
        quote!(::shapewright::shape::Arg::#arg)
    });
    quote_spanned! {span=>
        ::shapewright::shape::words::report(&NETWORK, &RESULT, #step, &[#(#args),*]);
    }
}

/// Every argument of a step that a mistake can point at.
const ARGS: [Arg; 14] = [
    Arg::Layer,
    Arg::In,
    Arg::Out,
    Arg::Kernel,
    Arg::Stride,
    Arg::Padding,
    Arg::Dilation,
    Arg::Groups,
    Arg::Probability,
    Arg::Power,
    Arg::OutputPadding,
    Arg::Epsilon,
    Arg::Momentum,
    Arg::Init,
];
