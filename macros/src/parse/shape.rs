//! `[3, 32, 32]`, `[10, _, _]`.

use super::value;
use crate::ast::{Dim, ShapeExpr, Step, StepKind, Value};
use crate::diagnostics::Diagnostics;
use proc_macro2::Ident;
use syn::parse::ParseStream;
use syn::{Result, Token};

/// A shape of one to three dimensions; `open` allows `_`.
pub fn parse(input: ParseStream, diagnostics: &mut Diagnostics, open: bool) -> Result<ShapeExpr> {
    if !input.peek(syn::token::Bracket) {
        return Err(input.error("expected a shape in brackets, such as `[3, 32, 32]`"));
    }
    let body;
    let span = syn::bracketed!(body in input).span.join();
    let mut dims = Vec::new();
    while !body.is_empty() {
        let here = body.span();
        if body.peek(Token![_]) {
            body.parse::<Token![_]>()?;
            if !open {
                diagnostics.error(here, "only the output can be inferred; an input of any size has dimension variables: `for<H, W> [3, H, W]`");
            }
            dims.push(Dim::Open);
        } else {
            let value = value::parse(&body, diagnostics)?;
            dims.push(match value {
                Value::Bad(_) => Dim::Open,
                value => {
                    let wanted = value::Wanted { what: "a dimension", key: None, usual: 1 };
                    Dim::Size(value.into_num(&wanted, diagnostics))
                }
            });
        }
        if !body.is_empty() {
            if !body.peek(Token![,]) {
                return Err(body.error("expected a comma between dimensions"));
            }
            body.parse::<Token![,]>()?;
        }
    }
    if !(1..=3).contains(&dims.len()) {
        return Err(syn::Error::new(span, wrong_rank(&dims)));
    }
    Ok(ShapeExpr { dims, span })
}

/// With the batch it is one dimension too many.
fn wrong_rank(dims: &[Dim]) -> String {
    let rule = "a shape is `[channels, height, width]`, `[channels, length]` or `[features]`, without the batch";
    let [_, image @ ..] = dims else { return rule.to_string() };
    let words = image.iter().map(|dim| match dim {
        Dim::Size(num) => num.known.map_or_else(|| num.tokens.to_string(), |n| n.to_string()),
        Dim::Open => "_".to_string(),
        Dim::Variable(name) => name.to_string(),
    });
    match image.len() {
        3 => format!("{rule}\n\nhelp: write `[{}]`", words.collect::<Vec<_>>().join(", ")),
        _ => rule.to_string(),
    }
}

/// Tells the dimension variables from constants, now that all of the network has been read.
pub fn name_variables(
    input: &mut ShapeExpr,
    output: &mut ShapeExpr,
    steps: &mut [Step],
    variables: &[Ident],
) {
    if variables.is_empty() {
        return;
    }
    in_shape(input, variables);
    in_shape(output, variables);
    in_steps(steps, variables);
}

fn in_steps(steps: &mut [Step], variables: &[Ident]) {
    for step in steps {
        match &mut step.kind {
            StepKind::Checkpoint(shape) => in_shape(shape, variables),
            StepKind::Block(block) => {
                block.branches.iter_mut().for_each(|branch| in_steps(branch, variables));
            }
            StepKind::Layer(_) => {}
        }
    }
}

fn in_shape(shape: &mut ShapeExpr, variables: &[Ident]) {
    for dim in &mut shape.dims {
        if let Dim::Size(num) = dim
            && let Ok(name) = syn::parse2::<Ident>(num.tokens.clone())
            && variables.contains(&name)
        {
            *dim = Dim::Variable(name);
        }
    }
}
