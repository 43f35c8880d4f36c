//! Integers, floats, booleans, constants, `{ const expressions }` and tuples of them.

use super::shape;
use crate::ast::{Dim, Num, Value, Wrong};
use crate::diagnostics::{Diagnostics, helped};
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative;
use syn::{Lit, Path, Result, Token};

pub fn parse(input: ParseStream, diagnostics: &mut Diagnostics) -> Result<Value> {
    let start = input.fork();
    let value = simple(input, diagnostics)?;
    if !is_operator(input) {
        return Ok(value);
    }
    // `2 * N`, up to the next value.
    let mut tokens = TokenStream::new();
    while !start.is_empty() && !start.peek(Token![,]) && !start.peek(Token![->]) {
        tokens.extend([start.parse::<TokenTree>()?]);
    }
    input.advance_to(&start);
    Err(computed(&tokens))
}

fn is_operator(input: ParseStream) -> bool {
    let arrow = input.peek(Token![->]);
    input.peek(Token![+])
        || input.peek(Token![*])
        || input.peek(Token![/])
        || input.peek(Token![%])
        || input.peek(Token![-]) && !arrow
}

fn computed(tokens: &TokenStream) -> syn::Error {
    let fix = format!("write `{{ {} }}`", crate::ast::code(tokens));
    syn::Error::new_spanned(tokens, helped("a computed value is written in braces", &[fix]))
}

fn simple(input: ParseStream, diagnostics: &mut Diagnostics) -> Result<Value> {
    let span = input.span();
    if input.peek(Token![-]) && !input.peek(Token![->]) {
        input.parse::<Token![-]>()?;
        let value = simple(input, diagnostics)?;
        let end = value.end();
        if let Value::Float { value, .. } = value {
            return Ok(Value::Float { value: -value, span, end });
        }
        let text = format!("-{}", value.code());
        return Ok(Value::Wrong { why: Wrong::Negative, text, span, end });
    }
    if input.peek(Lit) {
        return Ok(literal(input.parse()?, diagnostics));
    }
    if input.peek(syn::token::Brace) {
        let block: syn::Block = input.parse()?;
        let span = block.brace_token.span.join();
        return Ok(Value::Expr { tokens: block.into_token_stream(), span, end: span });
    }
    if input.peek(syn::token::Bracket) {
        return Ok(Value::Shape(shape::parse(input, diagnostics, true)?));
    }
    if input.peek(syn::token::Paren) {
        let body;
        let span = syn::parenthesized!(body in input).span.join();
        let mut items = Vec::new();
        while !body.is_empty() {
            items.push(parse(&body, diagnostics)?);
            if !body.is_empty() {
                body.parse::<Token![,]>()?;
            }
        }
        return Ok(Value::Tuple { items, span });
    }
    if input.peek(Ident::peek_any) || input.peek(Token![::]) {
        let path: Path = input.call(Path::parse_mod_style)?;
        if input.peek(syn::token::Paren) || input.peek(Token![<]) || input.peek(Token![!]) {
            let mut tokens = path.into_token_stream();
            while !input.is_empty() && !input.peek(Token![,]) {
                tokens.extend([input.parse::<TokenTree>()?]);
            }
            return Err(computed(&tokens));
        }
        return Ok(match path.get_ident() {
            Some(word) => Value::Word(word.clone()),
            None => {
                let end = path.segments.last().map_or(span, |segment| segment.ident.span());
                Value::Expr { tokens: path.into_token_stream(), span, end }
            }
        });
    }
    Err(input.error("expected a number, a constant, `(height, width)` or `{ a const expression }`"))
}

fn literal(lit: Lit, diagnostics: &mut Diagnostics) -> Value {
    let span = lit.span();
    let wrong =
        |why| Value::Wrong { why, text: lit.to_token_stream().to_string(), span, end: span };
    match &lit {
        Lit::Int(int) => match int.base10_parse::<usize>() {
            Err(_) => wrong(Wrong::TooLarge),
            Ok(_) if !matches!(int.suffix(), "" | "usize") => wrong(Wrong::Suffix),
            Ok(n) => Value::Int(Num { known: Some(n), tokens: number(n, span), span }),
        },
        Lit::Float(float) => match float.base10_parse() {
            Ok(value) => Value::Float { value, span, end: span },
            Err(error) => {
                diagnostics.push(error);
                Value::Bad(span)
            }
        },
        Lit::Bool(b) => Value::Bool { value: b.value, span },
        _ => wrong(Wrong::Text),
    }
}

/// What a number is for, and how it would be written.
pub struct Wanted<'a> {
    /// Such as ``the `kernel` of `conv1` ``.
    pub what: &'a str,
    /// The option that it is all of.
    pub key: Option<&'a str>,
    /// The usual one.
    pub usual: usize,
}

impl Wanted<'_> {
    /// A whole number in the place of what was written.
    fn fix(&self, value: &Value) -> String {
        let n = whole(value).unwrap_or(self.usual);
        match self.key {
            Some(key) => format!("write `{key} = {n}`"),
            None => format!("write `{n}`"),
        }
    }
}

/// What was meant by it, as a whole number.
fn whole(value: &Value) -> Option<usize> {
    match value {
        Value::Int(num) => num.known,
        Value::Float { value, .. } => Some((value.abs().round() as usize).max(1)),
        Value::Wrong { text, .. } => {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            digits.parse().ok().filter(|n| *n > 0)
        }
        Value::Tuple { items, .. } => items.first().and_then(whole),
        Value::Shape(shape) => match shape.dims.first() {
            Some(Dim::Size(num)) => num.known,
            _ => None,
        },
        Value::Arrow(left, _) => whole(left),
        _ => None,
    }
}

impl Value {
    /// As a whole number, or an error that says what it is for.
    pub fn into_num(self, wanted: &Wanted, diagnostics: &mut Diagnostics) -> Num {
        let (span, what) = (self.span(), wanted.what);
        let wrong = match &self {
            Value::Int(num) => return num.clone(),
            Value::Word(word) => {
                return Num { known: None, tokens: word.into_token_stream(), span };
            }
            Value::Expr { tokens, .. } => {
                return Num { known: None, tokens: tokens.clone(), span };
            }
            Value::Bad(_) => return Num::stand_in(span),
            Value::Float { value, .. } => format!("{what} is a whole number, not {value}"),
            Value::Bool { value, .. } => format!("{what} is a whole number, not `{value}`"),
            Value::Tuple { .. } => format!("{what} is one whole number, not several"),
            Value::Shape(_) => format!("{what} is one whole number, not a shape"),
            Value::Arrow(..) => format!("{what} is one whole number, not `in -> out`"),
            Value::Wrong { why, text, .. } => match why {
                Wrong::Negative => format!("{what} is a whole number, so it can't be negative"),
                Wrong::TooLarge => format!("{what} does not fit a `usize`: {text}"),
                Wrong::Suffix => format!("{what} is a `usize`, so `{text}` has the wrong suffix"),
                Wrong::Text => format!("{what} is a whole number, not {text}"),
            },
        };
        let suffix = matches!(self, Value::Wrong { why: Wrong::Suffix, .. });
        let fix = match (suffix, self.code().find(['u', 'i'])) {
            (true, Some(at)) => Value::Wrong {
                why: Wrong::Text,
                text: self.code()[..at].to_string(),
                span,
                end: span,
            },
            _ => self.clone(),
        };
        let message = helped(wrong, &[wanted.fix(&fix)]);
        diagnostics.error_between([span, self.end()], message);
        Num::stand_in(span)
    }
}

impl Num {
    /// In the place of a number that was wrong, which has been reported.
    pub fn stand_in(span: Span) -> Num {
        Num { known: None, tokens: number(1, span), span }
    }

    /// A number that the user did not write.
    pub fn implied(n: usize, span: Span) -> Num {
        Num { known: Some(n), tokens: number(n, span), span }
    }
}

fn number(n: usize, span: Span) -> TokenStream {
    let mut literal = Literal::usize_suffixed(n);
    literal.set_span(span);
    literal.into_token_stream()
}
