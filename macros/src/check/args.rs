//! A layer's arguments, taken one by one and checked for their kind.

use crate::ast::{Call, Num, Value};
use crate::diagnostics::{Diagnostics, list, suggest};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use shapewright_shape::Arg;

pub struct Args<'a> {
    /// The layer's name as written.
    pub layer: Ident,
    /// Where each argument stands, for later errors.
    pub spans: Vec<(Arg, Span)>,
    positional: std::vec::IntoIter<Value>,
    named: Vec<(Ident, Value)>,
    /// The options that have been asked for.
    options: Vec<&'static str>,
    diagnostics: &'a mut Diagnostics,
}

/// A value that the macro may know, and the tokens for the compiler.
#[derive(Clone)]
pub struct Known<T> {
    pub known: Option<T>,
    pub tokens: TokenStream,
}

/// `(height, width)`.
#[derive(Clone)]
pub struct Pair {
    pub known: Option<[usize; 2]>,
    pub tokens: TokenStream,
    /// The two as they are written.
    pub nums: [Num; 2],
}

impl<'a> Args<'a> {
    pub fn new(call: Call, diagnostics: &'a mut Diagnostics) -> Self {
        Args {
            spans: vec![(Arg::Layer, call.layer.span())],
            layer: call.layer,
            positional: call.positional.into_iter(),
            named: call.named,
            options: Vec::new(),
            diagnostics,
        }
    }

    pub fn error(&mut self, span: Span, message: impl std::fmt::Display) {
        self.diagnostics.error(span, message);
    }

    /// The next value without a name.
    pub fn positional(&mut self) -> Option<Value> {
        self.positional.next()
    }

    /// The value of `key = …`.
    pub fn named(&mut self, key: &'static str) -> Option<Value> {
        self.options.push(key);
        let i = self.named.iter().position(|(name, _)| name == key)?;
        Some(self.named.remove(i).1)
    }

    /// `out` or `in -> out`; `what` is counted, `example` shows how.
    pub fn in_out(&mut self, what: &str, example: &str) -> (Option<Num>, Num) {
        let value = self.positional();
        let Some(value) = value else {
            let (layer, span) = (self.layer.to_string(), self.layer.span());
            self.error(span, format!("`{layer}` needs its number of {what}: `{example}`"));
            return (None, Num::stand_in(span));
        };
        let number = format!("the number of {what}");
        let (input, out) = match value {
            Value::Arrow(input, out) => (Some(*input), *out),
            out => (None, out),
        };
        let input = input.map(|v| v.into_num(&number, self.diagnostics));
        let out = out.into_num(&number, self.diagnostics);
        if let Some(input) = &input {
            self.spans.push((Arg::In, input.span));
        }
        self.spans.push((Arg::Out, out.span));
        (input, out)
    }

    /// Whether `key = …` is written.
    pub fn has(&self, key: &str) -> bool {
        self.named.iter().any(|(name, _)| name == key)
    }

    /// A value that is a number.
    pub fn take_num(&mut self, value: Value, key: &str, arg: Arg) -> Num {
        self.spans.push((arg, value.span()));
        value.into_num(&format!("`{key}`"), self.diagnostics)
    }

    /// `key = n`.
    pub fn num(&mut self, key: &'static str, arg: Arg, default: usize) -> Num {
        match self.named(key) {
            Some(value) => self.take_num(value, key, arg),
            None => Num::implied(default, self.layer.span()),
        }
    }

    /// `key = n` or `key = (h, w)`.
    pub fn pair(&mut self, key: &'static str, arg: Arg) -> Option<Pair> {
        let value = self.named(key)?;
        Some(self.take_pair(value, key, arg))
    }

    /// `n` or `(h, w)`.
    pub fn take_pair(&mut self, value: Value, key: &str, arg: Arg) -> Pair {
        self.spans.push((arg, value.span()));
        let what = format!("`{key}`");
        let [h, w] = match value {
            Value::Tuple { items, span } => match <[Value; 2]>::try_from(items) {
                Ok(pair) => pair.map(|v| v.into_num(&what, self.diagnostics)),
                Err(items) => {
                    let n = items.len();
                    self.error(span, format!("{what} is `n` or `(height, width)`, not {n} values"));
                    [Num::stand_in(span), Num::stand_in(span)]
                }
            },
            value => {
                let n = value.into_num(&what, self.diagnostics);
                [n.clone(), n]
            }
        };
        Pair::of(&h, &w)
    }

    /// `key = true`.
    pub fn flag(&mut self, key: &'static str, default: bool) -> Known<bool> {
        match self.named(key) {
            None => Known { known: Some(default), tokens: quote!(#default) },
            Some(Value::Bool { value, .. }) => Known { known: Some(value), tokens: quote!(#value) },
            Some(Value::Word(word)) => Known { known: None, tokens: word.into_token_stream() },
            Some(Value::Expr { tokens, .. }) => Known { known: None, tokens },
            Some(other) => {
                self.error(other.span(), format!("`{key}` is `true` or `false`"));
                Known { known: None, tokens: quote!(#default) }
            }
        }
    }

    /// A value as a float; whole numbers will do.
    pub fn float(&mut self, value: Option<Value>, key: &str, arg: Arg, default: f64) -> Known<f64> {
        if let Some(value) = &value {
            self.spans.push((arg, value.span()));
        }
        let known = |value: f64| Known { known: Some(value), tokens: quote!(#value) };
        match value {
            None => known(default),
            Some(Value::Float { value, .. }) => known(value),
            Some(Value::Int(Num { known: Some(n), .. })) => known(n as f64),
            Some(Value::Word(word)) => Known { known: None, tokens: word.into_token_stream() },
            Some(Value::Expr { tokens, .. }) => Known { known: None, tokens },
            Some(other) => {
                self.error(other.span(), format!("`{key}` is a number"));
                known(default)
            }
        }
    }

    /// Reports what nobody asked for, and gives the spans of the rest.
    pub fn finish(mut self) -> Vec<(Arg, Span)> {
        let layer = self.layer.to_string();
        for (key, _) in std::mem::take(&mut self.named) {
            let hint = match self.options.as_slice() {
                [] => "; it has no options".to_string(),
                options => suggest(&key.to_string(), options),
            };
            self.error(key.span(), format!("`{layer}` has no option `{key}`{hint}"));
        }
        if let Some(value) = self.positional.next() {
            let hint = match self.options.as_slice() {
                [] => String::new(),
                options => format!("; options have names: {}", list(options)),
            };
            self.error(value.span(), format!("`{layer}` takes no further value here{hint}"));
        }
        self.spans
    }
}

impl Pair {
    pub fn of(h: &Num, w: &Num) -> Pair {
        let (ht, wt) = (&h.tokens, &w.tokens);
        Pair {
            known: h.known.zip(w.known).map(|(h, w)| [h, w]),
            tokens: quote!([#ht, #wt]),
            nums: [h.clone(), w.clone()],
        }
    }

    pub fn implied(n: usize) -> Pair {
        let num = Num::implied(n, Span::call_site());
        Pair::of(&num, &num)
    }
}
