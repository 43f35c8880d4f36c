//! Integers, floats, booleans, constants, `{ const expressions }` and tuples of them.

use super::shape;
use crate::ast::{Num, Value};
use crate::diagnostics::Diagnostics;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Lit, Path, Result, Token};

pub fn parse(input: ParseStream, diagnostics: &mut Diagnostics) -> Result<Value> {
    let span = input.span();
    if input.peek(Token![-]) && !input.peek(Token![->]) {
        input.parse::<Token![-]>()?;
        let value = parse(input, diagnostics)?;
        if let Value::Float { value, .. } = value {
            return Ok(Value::Float { value: -value, span });
        }
        diagnostics.error(span, "a size cannot be negative");
        return Ok(Value::Bad(span));
    }
    if input.peek(Lit) {
        return Ok(literal(input.parse()?, diagnostics));
    }
    if input.peek(syn::token::Brace) {
        let block: syn::Block = input.parse()?;
        return Ok(Value::Expr { tokens: block.into_token_stream(), span });
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
            return Err(input.error("write a computed value in braces: `{ 2 * N }`"));
        }
        return Ok(match path.get_ident() {
            Some(word) => Value::Word(word.clone()),
            None => Value::Expr { tokens: path.into_token_stream(), span },
        });
    }
    Err(input.error("expected a number, a constant, `(height, width)` or `{ a const expression }`"))
}

fn literal(lit: Lit, diagnostics: &mut Diagnostics) -> Value {
    let span = lit.span();
    match &lit {
        Lit::Int(int) => {
            let known = match int.base10_parse::<usize>() {
                Ok(n) => n,
                Err(_) => {
                    diagnostics.error(span, "this number does not fit a `usize`");
                    return Value::Bad(span);
                }
            };
            if !matches!(int.suffix(), "" | "usize") {
                diagnostics.error(span, "sizes are `usize`; leave the suffix out");
                return Value::Bad(span);
            }
            Value::Int(Num { known: Some(known), tokens: number(known, span), span })
        }
        Lit::Float(float) => match float.base10_parse() {
            Ok(value) => Value::Float { value, span },
            Err(error) => {
                diagnostics.push(error);
                Value::Bad(span)
            }
        },
        Lit::Bool(b) => Value::Bool { value: b.value, span },
        _ => {
            diagnostics.error(span, "expected a number or a constant");
            Value::Bad(span)
        }
    }
}

impl Value {
    /// As a whole number; `what` names it in the error if it can't be one.
    pub fn into_num(self, what: &str, diagnostics: &mut Diagnostics) -> Num {
        let wrong = match self {
            Value::Int(num) => return num,
            Value::Word(word) => {
                let span = word.span();
                return Num { known: None, tokens: word.into_token_stream(), span };
            }
            Value::Expr { tokens, span } => return Num { known: None, tokens, span },
            Value::Bad(span) => return Num::stand_in(span),
            Value::Float { value, .. } => format!("{what} is a whole number, not {value}"),
            Value::Bool { value, .. } => format!("{what} is a whole number, not `{value}`"),
            Value::Tuple { .. } => format!("{what} is one whole number, not several"),
            Value::Shape(_) => format!("{what} is one whole number, not a shape"),
            Value::Arrow(..) => format!("{what} is one whole number, not `in -> out`"),
        };
        diagnostics.error(self.span(), wrong);
        Num::stand_in(self.span())
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
