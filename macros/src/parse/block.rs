//! `Residual { … } shortcut { … }`, `Concat { { … }, { … } }`, `Repeat<3> { … }` and plain `{ … }`.

use super::{steps, value};
use crate::ast::{Block, Join, Step};
use crate::diagnostics::{Diagnostics, suggest};
use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Result, Token};

const NAMES: &[&str] = &["Residual", "Concat", "Sum", "Repeat"];

/// A block, if there is one here.
pub fn parse(input: ParseStream, diagnostics: &mut Diagnostics) -> Result<Option<Block>> {
    if input.peek(syn::token::Brace) {
        let span = input.span();
        let branches = vec![branch(input, diagnostics)?];
        return Ok(Some(Block { join: Join::Chain, span, branches }));
    }
    let ahead = input.fork();
    let Ok(word) = Ident::parse_any(&ahead) else { return Ok(None) };
    let name = word.to_string();
    if !NAMES.contains(&name.as_str()) && !ahead.peek(syn::token::Brace) {
        return Ok(None);
    }
    input.call(Ident::parse_any)?;
    let span = word.span();
    let (join, branches) = match name.as_str() {
        "Residual" => residual(input, span, diagnostics)?,
        "Concat" => (Join::Concat, branches(input, &word, diagnostics)?),
        "Sum" => (Join::Sum, branches(input, &word, diagnostics)?),
        "Repeat" => repeat(input, span, diagnostics)?,
        "shortcut" => {
            let message =
                "`shortcut { … }` comes right after the block of a `Residual`, without a comma";
            return Err(syn::Error::new(span, message));
        }
        _ => {
            let hint = suggest(&name, NAMES);
            return Err(syn::Error::new(span, format!("there is no block `{name} {{ … }}`{hint}")));
        }
    };
    Ok(Some(Block { join, span, branches }))
}

/// Whether a `shortcut` comes where a comma should.
pub fn is_stray_shortcut(input: ParseStream) -> bool {
    input.fork().parse::<Ident>().is_ok_and(|word| word == "shortcut")
        && input.peek2(syn::token::Brace)
}

fn residual(
    input: ParseStream,
    span: Span,
    diagnostics: &mut Diagnostics,
) -> Result<(Join, Vec<Vec<Step>>)> {
    expect_brace(input, span, "`Residual` needs its block: `Residual { … }`")?;
    let block = branch(input, diagnostics)?;
    if !is_stray_shortcut(input) {
        return Ok((Join::Residual, vec![block]));
    }
    input.parse::<Ident>()?;
    Ok((Join::Shortcut, vec![block, branch(input, diagnostics)?]))
}

fn repeat(
    input: ParseStream,
    span: Span,
    diagnostics: &mut Diagnostics,
) -> Result<(Join, Vec<Vec<Step>>)> {
    const EXAMPLE: &str = "`Repeat` needs its number of rounds and its block: `Repeat<3> { … }`";
    if !input.peek(Token![<]) {
        return Err(syn::Error::new(span, EXAMPLE));
    }
    input.parse::<Token![<]>()?;
    let rounds = value::parse(input, diagnostics)?.into_num("the number of rounds", diagnostics);
    if !input.peek(Token![>]) {
        return Err(input.error("expected `>` after the number of rounds"));
    }
    input.parse::<Token![>]>()?;
    expect_brace(input, span, EXAMPLE)?;
    Ok((Join::Repeat(rounds), vec![branch(input, diagnostics)?]))
}

/// `{ { … }, { … } }`.
fn branches(
    input: ParseStream,
    word: &Ident,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<Vec<Step>>> {
    let example = format!("`{word}` needs its branches: `{word} {{ {{ … }}, {{ … }} }}`");
    expect_brace(input, word.span(), &example)?;
    let body;
    syn::braced!(body in input);
    let mut all = Vec::new();
    while !body.is_empty() {
        if !body.peek(syn::token::Brace) {
            let span = body.span();
            super::skip_all(&body);
            diagnostics.error(
                span,
                format!("each branch of a `{word}` is in braces: `{word} {{ {{ … }}, {{ … }} }}`"),
            );
            // As if there were enough of them.
            return Ok(vec![Vec::new(), Vec::new()]);
        }
        all.push(branch(&body, diagnostics)?);
        if !body.is_empty() {
            if !body.peek(Token![,]) {
                return Err(body.error("expected a comma between branches"));
            }
            body.parse::<Token![,]>()?;
        }
    }
    if all.len() < 2 {
        let message = format!("a `{word}` has at least two branches; `{{ }}` passes its input on");
        diagnostics.error(word.span(), message);
    }
    Ok(all)
}

fn branch(input: ParseStream, diagnostics: &mut Diagnostics) -> Result<Vec<Step>> {
    let body;
    syn::braced!(body in input);
    Ok(steps(&body, diagnostics))
}

fn expect_brace(input: ParseStream, span: Span, message: &str) -> Result<()> {
    if input.peek(syn::token::Brace) { Ok(()) } else { Err(syn::Error::new(span, message)) }
}
