//! The network as a constant, its check by the compiler, and what users read of it.

use crate::check::{Checked, Kind, span};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use shapewright_shape::Arg;
use syn::ext::IdentExt;

pub fn items(network: &Checked) -> TokenStream {
    let name = &network.name;
    let text = name.unraw().to_string();
    let (input, output) = (network.input.shape_tokens(), network.output.claim_tokens());
    let steps = network.steps.iter().map(|step| {
        let name = step.name.as_ref().map(|n| n.unraw().to_string()).unwrap_or_default();
        let kind = match &step.kind {
            Kind::Layer(def) => {
                let layer = &def.tokens;
                quote!(Layer(::shapewright::shape::Layer::#layer))
            }
            Kind::Network(path) => {
                quote!(Network(&<#path as ::shapewright::network::Declared>::NETWORK))
            }
            Kind::Checkpoint(shape) => {
                let claim = shape.claim_tokens();
                quote!(Checkpoint(#claim))
            }
        };
        quote! {
            ::shapewright::shape::Step {
                name: #name,
                kind: ::shapewright::shape::StepKind::#kind,
            }
        }
    });
    let report = if network.failed || network.all_known() { quote!() } else { report(network) };
    let (n, input_rank, output_rank) =
        (network.steps.len(), network.input.dims.len(), network.output.dims.len());
    quote! {
        impl ::shapewright::network::Declared for #name {
            const NETWORK: ::shapewright::shape::Network<'static> = ::shapewright::shape::Network {
                name: #text,
                input: #input,
                output: #output,
                steps: &[#(#steps),*],
            };
        }
        const NETWORK: ::shapewright::shape::Network<'static> =
            <#name as ::shapewright::network::Declared>::NETWORK;
        const OUTPUT: ::shapewright::shape::Shape = NETWORK.output_or_declared();
        #report
        impl #name {
            /// The shape of one input, without the batch.
            pub const INPUT: [usize; #input_rank] = ::shapewright::shape::dims(&NETWORK.input);
            /// The shape of one output, without the batch.
            pub const OUTPUT: [usize; #output_rank] = ::shapewright::shape::dims(&OUTPUT);
            /// The shape after each step.
            pub const SHAPES: [::shapewright::shape::Shape; #n] = NETWORK.shapes();
            /// The number of trainable parameters.
            pub const PARAMETERS: usize = NETWORK.parameters();
            /// The number of multiply-adds for one input, of convolutions and linear layers.
            pub const MULTIPLY_ADDS: u64 = NETWORK.multiply_adds();

            /// The table of layers: options, shapes, parameters, multiply-adds, receptive field.
            #[must_use]
            pub fn summary() -> ::shapewright::Summary {
                ::shapewright::Summary::of(&NETWORK)
            }
        }
    }
}

/// The check by const evaluation: a call for each argument, so that the error points at it.
fn report(network: &Checked) -> TokenStream {
    let call = |step: usize, arg: Arg, span: Span| {
        let arg = format_ident!("{arg:?}");
        quote_spanned! {span=>
            ::shapewright::shape::words::report(&NETWORK, &RESULT, #step, ::shapewright::shape::Arg::#arg);
        }
    };
    let mut calls = vec![call(0, Arg::NetworkInput, network.input.span)];
    for (i, step) in network.steps.iter().enumerate() {
        for arg in ARGS {
            calls.push(call(i, arg, span(&step.kind, arg)));
        }
    }
    calls.push(call(network.steps.len(), Arg::Layer, network.output.span));
    quote! {
        const RESULT: ::core::result::Result<
            ::shapewright::shape::Shape,
            ::shapewright::shape::Mistake,
        > = NETWORK.check();
        const _: () = { #(#calls)* };
    }
}

/// Every argument of a step that a mistake can point at.
const ARGS: [Arg; 13] = [
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
];
