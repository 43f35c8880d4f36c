//! Tokens to [`ast`](crate::ast). A mistake is reported at its token, and reading goes on after
//! the next comma, so that every mistake is found.

mod block;
mod call;
mod head;
mod shape;
mod value;

pub use value::Wanted;

use crate::ast::{Network, ShapeExpr, Step, StepKind};
use crate::diagnostics::{Diagnostics, helped};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, GenericParam, Generics, Result, Token, Visibility};

/// All networks of one `net!`. What is wrong with one whose name could not be read goes to
/// `nameless`.
pub fn networks(tokens: TokenStream, nameless: &mut Diagnostics) -> Vec<Network> {
    let mut networks = Vec::new();
    let parser = |input: ParseStream| {
        while !input.is_empty() {
            match network(input) {
                Ok(network) => networks.push(network),
                Err(error) => {
                    nameless.push(error);
                    skip_item(input);
                }
            }
        }
        Ok(())
    };
    // What is left within brackets after a mistake there is an error, too, and of no interest.
    let _ = parser.parse2(tokens);
    networks
}

/// `pub struct Name: [3, 32, 32] -> [10] { … }`. An error means that there is no name.
fn network(input: ParseStream) -> Result<Network> {
    let mut mistakes = Diagnostics::default();
    let attrs = input.call(Attribute::parse_outer)?;
    let vis: Visibility = input.parse()?;
    if input.peek(Token![struct]) {
        input.parse::<Token![struct]>()?;
    } else {
        mistakes.push(head::without_struct(input)?);
    }
    let name = head::name(input)?;
    let mut network = Network {
        attrs,
        vis,
        input: ShapeExpr::open(name.span()),
        output: ShapeExpr::open(name.span()),
        name,
        generics: Generics::default(),
        variables: Vec::new(),
        steps: Vec::new(),
        mistakes: Diagnostics::default(),
    };
    if let Err(error) = declaration(input, &mut network, &mut mistakes) {
        mistakes.push(error);
        skip_item(input);
    }
    Ok(Network { mistakes, ..network })
}

/// What follows the name.
fn declaration(
    input: ParseStream,
    network: &mut Network,
    diagnostics: &mut Diagnostics,
) -> Result<()> {
    network.generics = generics(input, diagnostics)?;
    if !input.peek(Token![:]) {
        return Err(input.error(
            "expected `: [input] -> [output]` after the name, such as `: [3, 32, 32] -> [10]`",
        ));
    }
    input.parse::<Token![:]>()?;
    let variables = variables(input, diagnostics)?;
    let mut input_shape = shape::parse(input, diagnostics, false)?;
    if !input.peek(Token![->]) {
        return Err(
            input.error("expected `-> [output]`, with `_` for what is to be inferred: `-> [_]`")
        );
    }
    input.parse::<Token![->]>()?;
    let mut output = shape::parse(input, diagnostics, true)?;
    if !input.peek(syn::token::Brace) {
        return Err(input.error("expected the layers in braces: `{ Linear(10), ReLU }`"));
    }
    let body;
    syn::braced!(body in input);
    let mut steps = steps(&body, diagnostics);
    shape::name_variables(&mut input_shape, &mut output, &mut steps, &variables);
    (network.input, network.output) = (input_shape, output);
    (network.variables, network.steps) = (variables, steps);
    Ok(())
}

/// `<const IN: usize, const OUT: usize>`.
fn generics(input: ParseStream, diagnostics: &mut Diagnostics) -> Result<Generics> {
    let mut generics: Generics = input.parse()?;
    let all = std::mem::take(&mut generics.params);
    for param in all {
        match param {
            GenericParam::Const(mut param) => {
                free(&param.ident, diagnostics);
                // The element type and the device come after, and would take its place.
                if let Some(default) = param.default.take() {
                    diagnostics.error_on(default, "a const parameter of a network has no default");
                }
                generics.params.push(GenericParam::Const(param));
            }
            other => diagnostics.error_on(
                other,
                "a network has const parameters only, such as `<const CHANNELS: usize>`\n\n\
                 help: remove it; the network's numbers are `f32` or `f64`, and its device any, anyway",
            ),
        }
    }
    Ok(generics)
}

/// A network has parameters of its own: batch, element type, device, tape.
fn free(name: &Ident, diagnostics: &mut Diagnostics) {
    if ["B", "E", "D", "T"].iter().any(|taken| name == taken) {
        diagnostics.error(
            name.span(),
            format!("`{name}` is a parameter of the network already; choose another name"),
        );
    }
}

/// `for<H, W>`.
fn variables(input: ParseStream, diagnostics: &mut Diagnostics) -> Result<Vec<Ident>> {
    if !input.peek(Token![for]) {
        return Ok(Vec::new());
    }
    input.parse::<Token![for]>()?;
    if !input.peek(Token![<]) {
        return Err(input.error("expected the dimension variables: `for<H, W>`"));
    }
    input.parse::<Token![<]>()?;
    let mut variables = Vec::new();
    while !input.peek(Token![>]) {
        let name = input.parse()?;
        free(&name, diagnostics);
        variables.push(name);
        if !input.peek(Token![>]) {
            input.parse::<Token![,]>()?;
        }
    }
    input.parse::<Token![>]>()?;
    Ok(variables)
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
                    let message = "steps end with a comma, not a semicolon";
                    diagnostics.error(input.span(), helped(message, &["write `,`".to_string()]));
                    let _ = input.parse::<Token![;]>();
                } else if block::is_stray_shortcut(input) {
                    diagnostics.error(
                        input.span(),
                        "`shortcut { … }` comes right after the block of a `Residual`",
                    );
                    skip_to_comma(input);
                } else if input.peek(Ident::peek_any)
                    || input.peek(Token![=>])
                    || input.peek(syn::token::Brace)
                {
                    let comma = comma_before(input);
                    diagnostics
                        .error(input.span(), helped("expected a comma before this step", &comma));
                } else {
                    let message = "expected a comma and the next layer";
                    diagnostics.error(input.span(), helped(message, &stray(input)));
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

/// `name: Layer(…)`, `Layer`, a block or `=> [shape]`.
fn step(input: ParseStream, diagnostics: &mut Diagnostics) -> Result<Step> {
    let attrs = input.call(Attribute::parse_outer)?;
    if input.peek(Token![=>]) {
        input.parse::<Token![=>]>()?;
        let kind = StepKind::Checkpoint(shape::parse(input, diagnostics, true)?);
        return Ok(Step { attrs, name: None, kind });
    }
    let name = if input.peek(Ident::peek_any) && input.peek2(Token![:]) && !input.peek2(Token![::])
    {
        let name = input.call(Ident::parse_any)?;
        input.parse::<Token![:]>()?;
        if syn::parse2::<Ident>(name.clone().into_token_stream()).is_err() {
            diagnostics.error(
                name.span(),
                helped(
                    format!("`{name}` is a keyword of Rust, so it cannot be a layer's name"),
                    &[format!("name it `{name}_`")],
                ),
            );
            None
        } else {
            Some(name)
        }
    } else {
        None
    };
    let kind = match block::parse(input, diagnostics)? {
        Some(block) => StepKind::Block(block),
        None => StepKind::Layer(call::parse(input, diagnostics)?),
    };
    Ok(Step { attrs, name, kind })
}

/// A comma in the place where the next token is.
fn comma_before(input: ParseStream) -> Vec<String> {
    match input.fork().parse::<TokenTree>() {
        Ok(TokenTree::Ident(word)) => vec![format!("write `, {word}`")],
        Ok(TokenTree::Literal(literal)) => vec![format!("write `, {literal}`")],
        _ => vec![],
    }
}

/// A token that nothing is missing without.
fn stray(input: ParseStream) -> Vec<String> {
    let ahead = input.fork();
    let is_token = matches!(ahead.parse(), Ok(TokenTree::Punct(_) | TokenTree::Literal(_)));
    let fits = ahead.is_empty() || ahead.peek(Token![,]) || ahead.peek(Ident::peek_any);
    if is_token && fits { vec!["remove it".to_string()] } else { vec![] }
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
