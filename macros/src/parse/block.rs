//! `Residual { … } shortcut { … }`, `Concat { { … }, { … } }`, `Repeat<3> { … }` and plain `{ … }`.

use super::{steps, value};
use crate::ast::{Block, Join, Step};
use crate::diagnostics::{Diagnostics, helped, suggest, write_each};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Result, Token};

const NAMES: &[&str] = &["Residual", "Concat", "Sum", "Repeat"];

/// What they are called elsewhere.
const ELSEWHERE: &[(&str, &str)] = &[
    ("Concatenate", "Concat"),
    ("Parallel", "Concat"),
    ("Inception", "Concat"),
    ("Add", "Sum"),
    ("Skip", "Residual"),
    ("Shortcut", "Residual"),
    ("Sequential", "{ … }"),
];

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
            let elsewhere = ELSEWHERE.iter().find(|(other, _)| *other == name);
            let (hint, fixes) = match elsewhere {
                Some((_, "{ … }")) => {
                    ("; a group is `{ … }` alone".into(), vec!["remove it".into()])
                }
                Some((_, ours)) => (format!("; did you mean `{ours}`?"), vec![]),
                None => (suggest(&name, NAMES), instead(input)),
            };
            let message = format!("there is no block `{name} {{ … }}`{hint}");
            return Err(syn::Error::new(span, helped(message, &fixes)));
        }
    };
    Ok(Some(Block { join, span, branches }))
}

/// The blocks that what is in the braces fits.
fn instead(input: ParseStream) -> Vec<String> {
    match input.fork().parse() {
        Ok(TokenTree::Group(body)) => match body.stream().into_iter().next() {
            Some(TokenTree::Group(_)) => write_each("", &["Concat", "Sum"]),
            _ => write_each("", &["Residual"]),
        },
        _ => vec![],
    }
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
        let fix = "write `Repeat<2>`".to_string();
        return Err(syn::Error::new(span, helped(EXAMPLE, &[fix])));
    }
    input.parse::<Token![<]>()?;
    let wanted = value::Wanted { what: "the number of rounds of `Repeat`", key: None, usual: 2 };
    let rounds = value::parse(input, diagnostics)?.into_num(&wanted, diagnostics);
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
            bare_branch(&body, word, diagnostics)?;
            all.push(Vec::new());
            continue;
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
        let message = format!("a `{word}` has at least two branches");
        let help = "an empty branch, `{}`, passes its input on".to_string();
        diagnostics.error(word.span(), helped(message, &[help]));
    }
    Ok(all)
}

/// A step where a branch should be, up to the next comma.
fn bare_branch(input: ParseStream, word: &Ident, diagnostics: &mut Diagnostics) -> Result<()> {
    let mut tokens = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        tokens.extend([input.parse::<TokenTree>()?]);
    }
    let _ = input.parse::<Option<Token![,]>>();
    let message = format!("each branch of a `{word}` is in braces");
    let code = crate::ast::code(&tokens);
    diagnostics.error_on(tokens, helped(message, &[format!("write `{{ {code} }}`")]));
    Ok(())
}

fn branch(input: ParseStream, diagnostics: &mut Diagnostics) -> Result<Vec<Step>> {
    let body;
    syn::braced!(body in input);
    Ok(steps(&body, diagnostics))
}

fn expect_brace(input: ParseStream, span: Span, message: &str) -> Result<()> {
    if input.peek(syn::token::Brace) { Ok(()) } else { Err(syn::Error::new(span, message)) }
}
