//! Tokens to [`ast`](crate::ast). A mistake is reported at its token, and reading goes on after
//! the next comma, so that every mistake is found.

mod call;
mod shape;
mod value;

use crate::ast::{Network, Step, StepKind};
use crate::diagnostics::Diagnostics;
use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Result, Token, Visibility};

/// All networks of one `net!`.
pub fn networks(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Vec<Network> {
    let parser = |input: ParseStream| {
        let mut networks = Vec::new();
        while !input.is_empty() {
            let before = diagnostics.count();
            match network(input, diagnostics) {
                Ok(network) => {
                    let failed = diagnostics.count() > before;
                    networks.push(Network { failed, ..network });
                }
                Err(error) => {
                    diagnostics.push(error);
                    skip_item(input);
                }
            }
        }
        Ok(networks)
    };
    // The parser eats everything and returns no error.
    parser.parse2(tokens).unwrap_or_default()
}

/// `pub struct Name: [3, 32, 32] -> [10] { … }`.
fn network(input: ParseStream, diagnostics: &mut Diagnostics) -> Result<Network> {
    let attrs = input.call(Attribute::parse_outer)?;
    let vis: Visibility = input.parse()?;
    if !input.peek(Token![struct]) {
        return Err(input.error("expected `struct Name: [input] -> [output] { layers }`"));
    }
    input.parse::<Token![struct]>()?;
    let name: Ident = input.parse()?;
    if input.peek(Token![<]) {
        return Err(input.error("networks with const generics are not supported yet"));
    }
    if !input.peek(Token![:]) {
        return Err(input.error(
            "expected `: [input] -> [output]` after the name, such as `: [3, 32, 32] -> [10]`",
        ));
    }
    input.parse::<Token![:]>()?;
    if input.peek(Token![for]) {
        return Err(input.error("dimension variables, `for<H, W>`, are not supported yet"));
    }
    let input_shape = shape::parse(input, diagnostics, false)?;
    if !input.peek(Token![->]) {
        return Err(
            input.error("expected `-> [output]`; write `_` for what is to be inferred: `-> [_]`")
        );
    }
    input.parse::<Token![->]>()?;
    let output = shape::parse(input, diagnostics, true)?;
    if !input.peek(syn::token::Brace) {
        return Err(input.error("expected the layers in braces"));
    }
    let body;
    syn::braced!(body in input);
    let steps = steps(&body, diagnostics);
    Ok(Network { attrs, vis, name, input: input_shape, output, steps, failed: false })
}

fn steps(input: ParseStream, diagnostics: &mut Diagnostics) -> Vec<Step> {
    let mut steps = Vec::new();
    while !input.is_empty() {
        match step(input, diagnostics) {
            Ok(step) => {
                steps.push(step);
                if input.is_empty() {
                } else if input.peek(Token![,]) {
                    let _ = input.parse::<Token![,]>();
                } else if input.peek(Token![;]) {
                    diagnostics.error(input.span(), "steps end with a comma, not a semicolon");
                    let _ = input.parse::<Token![;]>();
                } else if input.peek(Ident::peek_any) || input.peek(Token![=>]) {
                    diagnostics.error(input.span(), "expected a comma before this step");
                } else {
                    diagnostics.error(input.span(), "expected a comma and the next layer");
                    skip_to_comma(input);
                }
            }
            Err(error) => {
                diagnostics.push(error);
                skip_to_comma(input);
            }
        }
    }
    steps
}

/// `name: Layer(…)`, `Layer` or `=> [shape]`.
fn step(input: ParseStream, diagnostics: &mut Diagnostics) -> Result<Step> {
    let attrs = input.call(Attribute::parse_outer)?;
    if input.peek(Token![=>]) {
        input.parse::<Token![=>]>()?;
        return Ok(Step {
            attrs,
            kind: StepKind::Checkpoint(shape::parse(input, diagnostics, true)?),
        });
    }
    let name = if input.peek(Ident::peek_any) && input.peek2(Token![:]) && !input.peek2(Token![::])
    {
        let name = input.call(Ident::parse_any)?;
        input.parse::<Token![:]>()?;
        if syn::parse2::<Ident>(name.clone().into_token_stream()).is_err() {
            diagnostics.error(
                name.span(),
                format!(
                    "`{name}` is a keyword of Rust, so it cannot be a layer's name; try `{name}_`"
                ),
            );
            None
        } else {
            Some(name)
        }
    } else {
        None
    };
    Ok(Step { attrs, kind: StepKind::Layer { name, call: call::parse(input, diagnostics)? } })
}

/// After a mistake within a step: on to the next one.
fn skip_to_comma(input: ParseStream) {
    while !input.is_empty() && !input.peek(Token![,]) {
        let _ = input.parse::<proc_macro2::TokenTree>();
    }
    let _ = input.parse::<Option<Token![,]>>();
}

/// After a mistake in a network's head: on to the next network.
fn skip_item(input: ParseStream) {
    while !input.is_empty() {
        let last = input.peek(syn::token::Brace) || input.peek(Token![;]);
        let _ = input.parse::<proc_macro2::TokenTree>();
        if last {
            return;
        }
    }
}

/// Whether the input is at a `T`, eating it if so.
fn eat<T: Parse>(input: ParseStream, here: bool) -> Result<bool> {
    if here {
        input.parse::<T>()?;
    }
    Ok(here)
}
