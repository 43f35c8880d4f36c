//! `Conv2d(6 -> 16, kernel = 5, padding = same)`.

use super::{comma_before, eat, stray, value};
use crate::ast::{Call, Value};
use crate::diagnostics::{Diagnostics, helped};
use proc_macro2::{Ident, TokenTree};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{AngleBracketedGenericArguments, GenericArgument, Path, PathSegment, Result, Token};

pub fn parse(input: ParseStream, diagnostics: &mut Diagnostics) -> Result<Call> {
    if !input.peek(Ident::peek_any) && !input.peek(Token![::]) {
        let message =
            "expected a layer, such as `Conv2d(6, kernel = 5)`, `name: Layer` or `=> [shape]`";
        return Err(input.error(helped(message, &stray(input))));
    }
    let (path, layer, generics) = path(input)?;
    let mut call = Call::new(path, layer, generics);
    if !input.peek(syn::token::Paren) {
        return Ok(call);
    }
    let args;
    syn::parenthesized!(args in input);
    while !args.is_empty() {
        argument(&args, &mut call, diagnostics)?;
        if !args.is_empty() && !eat::<Token![,]>(&args, args.peek(Token![,]))? {
            let message = format!("expected a comma between the arguments of `{}`", call.layer);
            return Err(args.error(helped(message, &comma_before(&args))));
        }
    }
    Ok(call)
}

/// `models::ResBlock<64, 128, 2>`: the path, its last name, its arguments.
fn path(input: ParseStream) -> Result<(Path, Ident, Vec<GenericArgument>)> {
    let leading_colon: Option<Token![::]> = input.parse()?;
    let mut segments = Punctuated::<PathSegment, Token![::]>::new();
    loop {
        let name = input.call(Ident::parse_any)?;
        segments.push_value(name.clone().into());
        let mut generics = Vec::new();
        let colons = if input.peek(Token![<]) { None } else { input.parse()? };
        if input.peek(Token![<]) {
            let arguments: AngleBracketedGenericArguments = input.parse()?;
            generics = arguments.args.into_iter().collect();
        } else if let Some(colons) = colons {
            segments.push_punct(colons);
            continue;
        }
        return Ok((Path { leading_colon, segments }, name, generics));
    }
}

/// A value, or what stands for one that is wrong or not there yet: the other arguments are read all
/// the same.
fn value(args: ParseStream, diagnostics: &mut Diagnostics) -> Value {
    let span = args.span();
    value::parse(args, diagnostics).unwrap_or_else(|error| {
        diagnostics.push(error);
        while !args.is_empty() && !args.peek(Token![,]) {
            let _ = args.parse::<TokenTree>();
        }
        Value::Bad(span)
    })
}

/// `key = value`, `value` or `in -> out`.
fn argument(args: ParseStream, call: &mut Call, diagnostics: &mut Diagnostics) -> Result<()> {
    let named = args.peek(Ident::peek_any) && args.peek2(Token![=]) && !args.peek2(Token![==]);
    if named {
        let key = args.call(Ident::parse_any)?;
        args.parse::<Token![=]>()?;
        let value = value(args, diagnostics);
        if call.named.iter().any(|(other, _)| *other == key) {
            call.again.push((key, value));
        } else {
            call.named.push((key, value));
        }
        return Ok(());
    }
    if args.peek(Ident::peek_any) && args.peek2(Token![:]) && !args.peek2(Token![::]) {
        // As if it were written right.
        let key = args.call(Ident::parse_any)?;
        let message = format!("`{key}` of `{}` is given with `=`, not with a colon", call.layer);
        diagnostics.error(args.span(), helped(message, &["write `=`".to_string()]));
        args.parse::<Token![:]>()?;
        call.named.push((key, value(args, diagnostics)));
        return Ok(());
    }
    let mut value = value(args, diagnostics);
    if eat::<Token![->]>(args, args.peek(Token![->]))? {
        let out = self::value(args, diagnostics);
        value = Value::Arrow(Box::new(value), Box::new(out));
    }
    if let Some((key, _)) = call.named.first() {
        call.late = Some(key.clone());
    }
    call.positional.push(value);
    Ok(())
}
