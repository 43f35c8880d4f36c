//! A layer's arguments, taken one by one and checked for their kind.

use crate::ast::{Call, Num, Value, Wrong};
use crate::diagnostics::{Diagnostics, helped, list, nearest, suggest, write_each};
use crate::parse::Wanted;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use shapewright_shape::Arg;

pub struct Args<'a> {
    /// The layer's name as written.
    pub layer: Ident,
    /// What messages call it.
    pub label: String,
    /// How many outputs what follows wants, if that is known.
    wanted: Option<usize>,
    /// The first value, as it is written.
    pub first: String,
    /// The values without a name that come too late: the option before them, where the last one
    /// stands, and the call as it should be.
    late: Option<(Ident, [Span; 2], String)>,
    /// Where each argument stands, for later errors, and where it ends.
    spans: Vec<(Arg, Span)>,
    ends: Vec<(Arg, Span)>,
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
        for (key, value) in &call.again {
            let message = format!("`{key}` of {} is given twice", call.label);
            diagnostics.error_between(
                [key.span(), value.end()],
                helped(message, &["remove it".to_string()]),
            );
        }
        let late = call.late.as_ref().zip(call.positional.last());
        let late = late.map(|(key, value)| (key.clone(), [value.span(), value.end()], all(&call)));
        Args {
            late,
            spans: vec![(Arg::Layer, call.layer.span())],
            ends: Vec::new(),
            layer: call.layer,
            label: call.label,
            wanted: call.wanted,
            first: call.positional.first().map(Value::code).unwrap_or_default(),
            positional: call.positional.into_iter(),
            named: call.named,
            options: Vec::new(),
            diagnostics,
        }
    }

    /// An error with what would help.
    pub fn wrong(&mut self, span: Span, message: impl std::fmt::Display, fixes: &[String]) {
        self.diagnostics.error(span, helped(message, fixes));
    }

    /// The same on all of a value.
    pub fn wrong_value(
        &mut self,
        value: &Value,
        message: impl std::fmt::Display,
        fixes: &[String],
    ) {
        self.diagnostics.error_between([value.span(), value.end()], helped(message, fixes));
    }

    /// ``write `Conv2d(16, …)` ``: the whole call, with what else is written in it.
    pub fn call_with(&self, first: &str) -> String {
        let rest = if self.named.is_empty() { "" } else { ", …" };
        format!("write `{}({first}{rest})`", self.layer)
    }

    pub fn is_pool(&self) -> bool {
        self.layer.to_string().contains("Pool")
    }

    /// Notes where an argument stands.
    pub fn at(&mut self, arg: Arg, value: &Value) {
        self.spans.push((arg, value.span()));
        self.ends.push((arg, value.end()));
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

    /// `out` or `in -> out`; `what` is counted, `usual` of them are an example.
    pub fn in_out(&mut self, what: &str, usual: usize) -> (Option<Num>, Num) {
        let usual = self.wanted.unwrap_or(usual);
        let value = self.positional();
        let Some(value) = value else {
            let span = self.layer.span();
            let windows = self.layer != "Linear";
            let fix = if windows && !self.has("kernel") {
                self.call_with(&format!("{usual}, kernel = 3"))
            } else {
                self.call_with(&usual.to_string())
            };
            let message = format!("{} needs its number of output {what}", self.label);
            self.wrong(span, message, &[fix]);
            return (None, Num::stand_in(span));
        };
        let (input, out) = match value {
            Value::Arrow(input, out) => (Some(*input), *out),
            out => (None, out),
        };
        let input = input.map(|value| {
            self.at(Arg::In, &value);
            let what = format!("the number of input {what} of {}", self.label);
            value.into_num(&Wanted { what: &what, key: None, usual }, self.diagnostics)
        });
        self.at(Arg::Out, &out);
        let what = format!("the number of output {what} of {}", self.label);
        let out = out.into_num(&Wanted { what: &what, key: None, usual }, self.diagnostics);
        (input, out)
    }

    /// Whether `key = …` is written.
    pub fn has(&self, key: &str) -> bool {
        self.named.iter().any(|(name, _)| name == key)
    }

    /// Whether an option is written that is meant to be `key`.
    pub fn has_nearly(&self, key: &str) -> bool {
        self.named.iter().any(|(name, _)| {
            let word = name.to_string();
            !self.options.contains(&word.as_str()) && nearest(elsewhere(&word), &[key]).is_some()
        })
    }

    /// A value that is a number. `key` is the option that it is all of, if it has its name.
    pub fn take_num(&mut self, value: Value, key: &str, arg: Arg) -> Num {
        self.at(arg, &value);
        self.number(value, key, self.options.contains(&key))
    }

    fn number(&mut self, value: Value, key: &str, named: bool) -> Num {
        let what = format!("the `{key}` of {}", self.label);
        let usual = match key {
            "kernel" if self.is_pool() => 2,
            "kernel" => 3,
            "scale" => 2,
            _ => 1,
        };
        let wanted = Wanted { what: &what, key: named.then_some(key), usual };
        value.into_num(&wanted, self.diagnostics)
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
        self.at(arg, &value);
        let [h, w] = match value {
            Value::Tuple { items, span } => match <[Value; 2]>::try_from(items) {
                Ok(pair) => pair.map(|v| self.number(v, key, false)),
                Err(items) => {
                    let n = items.len();
                    let what = format!("the `{key}` of {}", self.label);
                    let message = format!("{what} is `n` or `(height, width)`, not {n} values");
                    let code = |i: usize| items.get(i).map_or("1".to_string(), Value::code);
                    let two = if n == 1 { code(0) } else { format!("({}, {})", code(0), code(1)) };
                    self.wrong(span, message, &[format!("write `{two}`")]);
                    [Num::stand_in(span), Num::stand_in(span)]
                }
            },
            value => {
                let n = self.number(value, key, self.options.contains(&key));
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
            Some(Value::Word(word)) if !is_lower_case(&word) => {
                Known { known: None, tokens: word.into_token_stream() }
            }
            Some(Value::Expr { tokens, .. }) => Known { known: None, tokens },
            Some(Value::Bad(_)) => Known { known: None, tokens: quote!(#default) },
            Some(other) => {
                let code = other.code();
                let message =
                    format!("`{key}` of {} is `true` or `false`, not `{code}`", self.label);
                let no = ["0", "no", "off", "none"].contains(&code.as_str());
                let words = if no { ["false", "true"] } else { ["true", "false"] };
                self.wrong_value(&other, message, &write_each(&format!("{key} = "), &words));
                Known { known: None, tokens: quote!(#default) }
            }
        }
    }

    /// A value as a float; whole numbers will do.
    pub fn float(&mut self, value: Option<Value>, key: &str, arg: Arg, default: f64) -> Known<f64> {
        if let Some(value) = &value {
            self.at(arg, value);
        }
        let known = |value: f64| Known { known: Some(value), tokens: quote!(#value) };
        match value {
            None => known(default),
            Some(Value::Float { value, .. }) => known(value),
            Some(Value::Int(Num { known: Some(n), .. })) => known(n as f64),
            Some(Value::Word(word)) => Known { known: None, tokens: word.into_token_stream() },
            Some(Value::Expr { tokens, .. }) => Known { known: None, tokens },
            Some(Value::Bad(_)) => known(default),
            Some(Value::Wrong { why: Wrong::Negative, text, .. })
                if text.parse::<f64>().is_ok() =>
            {
                known(text.parse().unwrap_or(default))
            }
            Some(other) => {
                let code = other.code();
                let message = format!("`{key}` of {} is a number, not `{code}`", self.label);
                // As it is written in the documentation.
                let usual = if default == 1e-5 { "1e-5".to_string() } else { default.to_string() };
                self.wrong_value(&other, message, &[format!("write `{usual}`")]);
                known(default)
            }
        }
    }

    /// Reports what nobody asked for, and gives the places of the rest: where they start and end.
    pub fn finish(mut self) -> [Vec<(Arg, Span)>; 2] {
        let label = self.label.clone();
        for (key, value) in std::mem::take(&mut self.named) {
            let word = key.to_string();
            let near = nearest(elsewhere(&word), &self.options);
            let hint = match self.options.as_slice() {
                [] => "; it has no options".to_string(),
                options => suggest(elsewhere(&word), options),
            };
            let message = format!("{label} has no option `{key}`{hint}");
            let remove = format!("remove `{key} = {}`", value.code());
            // What comes after `did you mean` replaces the key.
            let fixes = if near.is_some() { vec![] } else { vec![remove] };
            self.wrong(key.span(), message, &fixes);
        }
        if let Some(value) = self.positional.next() {
            let hint = match self.options.as_slice() {
                [] => String::new(),
                options => format!("; options have names: {}", list(options)),
            };
            let message = format!("{label} takes no further value here{hint}");
            self.wrong_value(&value, message, &["remove it".to_string()]);
        } else if let Some((key, place, code)) = self.late {
            let message = format!("a value without a name comes before `{key}` of {label}");
            self.diagnostics.error_between(place, helped(message, &[format!("write `{code}`")]));
        }
        [self.spans, self.ends]
    }
}

/// The whole call, values without names first.
fn all(call: &Call) -> String {
    let values = call.positional.iter().map(Value::code);
    let named = call.named.iter().map(|(key, value)| format!("{key} = {}", value.code()));
    format!("{}({})", call.layer, values.chain(named).collect::<Vec<_>>().join(", "))
}

/// The option that is called so in other libraries.
fn elsewhere(key: &str) -> &str {
    match key {
        "kernel_size" | "pool_size" => "kernel",
        "scale_factor" => "scale",
        "negative_slope" => "slope",
        "num_groups" => "groups",
        "rate" | "prob" => "p",
        "epsilon" => "eps",
        "dilation_rate" => "dilation",
        "norm_type" => "p",
        "use_bias" => "bias",
        "interpolation" => "mode",
        other => other,
    }
}

/// Constants are upper case; a lower-case word is a mode, perhaps with a typo.
pub fn is_lower_case(word: &Ident) -> bool {
    word.to_string().chars().all(char::is_lowercase)
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
