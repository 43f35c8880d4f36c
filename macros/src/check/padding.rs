//! `padding = n`, `(h, w)`, `((top, bottom), (left, right))`, `valid`, `same` or `full`; of a
//! sequence `n` or `(before, after)`.

use super::args::{Args, Pair, is_lower_case};
use crate::ast::{Num, Value, Wrong};
use crate::diagnostics::{nearest, suggest, write_each};
use proc_macro2::TokenStream;
use quote::quote;
use shapewright_shape::{Arg, Padding};

const MODES: &[&str] = &["valid", "same", "full"];

/// A padding option.
pub struct PaddingOption {
    pub known: Option<Padding>,
    pub tokens: TokenStream,
    pub kind: PaddingKind,
}

/// Which padding it is, with the numbers as they are written.
pub enum PaddingKind {
    /// `[before, after]` of the height and of the width.
    Explicit(Box<[[Num; 2]; 2]>),
    Same,
    Full,
}

/// The option `padding`, by default none.
pub fn option(args: &mut Args) -> PaddingOption {
    option_of(args, sides)
}

/// The same of a sequence.
pub fn option_1d(args: &mut Args) -> PaddingOption {
    option_of(args, ends)
}

/// What a value means that is no mode.
type Explicit = fn(&mut Args, Value) -> Sides;

fn option_of(args: &mut Args, explicit_of: Explicit) -> PaddingOption {
    let Some(value) = args.named("padding") else { return explicit(none()) };
    match value {
        Value::Word(word) if word == "valid" => explicit(none()),
        Value::Word(word) if word == "same" => {
            args.at(Arg::Padding, &Value::Word(word));
            PaddingOption {
                known: Some(Padding::Same),
                tokens: quote!(::shapewright::shape::Padding::Same),
                kind: PaddingKind::Same,
            }
        }
        Value::Word(word) if word == "full" => {
            args.at(Arg::Padding, &Value::Word(word));
            PaddingOption {
                known: Some(Padding::Full),
                tokens: quote!(::shapewright::shape::Padding::Full),
                kind: PaddingKind::Full,
            }
        }
        Value::Word(word) if is_lower_case(&word) => {
            let (text, label) = (word.to_string(), args.label.clone());
            let fixes = match nearest(&text, MODES) {
                Some(_) => vec![],
                None => write_each("padding = ", MODES),
            };
            let message = format!("{label} has no padding `{word}`{}", suggest(&text, MODES));
            args.wrong(word.span(), message, &fixes);
            explicit(none())
        }
        Value::Wrong { why: Wrong::Text, text, span, .. }
            if MODES.contains(&text.trim_matches('"')) =>
        {
            let mode = text.trim_matches('"');
            let message = format!("the `padding` of {} is written without quotes", args.label);
            args.wrong(span, message, &[format!("write `padding = {mode}`")]);
            explicit(none())
        }
        value => explicit(explicit_of(args, value)),
    }
}

/// The padding before and after, of the height and of the width.
pub struct Sides {
    pub known: Option<[[usize; 2]; 2]>,
    pub tokens: TokenStream,
    pub nums: [[Num; 2]; 2],
}

/// `n`, `(h, w)` or `((top, bottom), (left, right))`.
pub fn sides(args: &mut Args, value: Value) -> Sides {
    match value {
        Value::Tuple { items, span } if items.iter().any(|v| matches!(v, Value::Tuple { .. })) => {
            match <[Value; 2]>::try_from(items) {
                Ok([h, w]) => {
                    let h = args.take_pair(h, "padding", Arg::Padding);
                    both(h, args.take_pair(w, "padding", Arg::Padding))
                }
                Err(items) => {
                    let what = format!("the `padding` of {}", args.label);
                    let message =
                        format!("{what} is `n`, `(h, w)` or `((top, bottom), (left, right))`");
                    let fix = match items.as_slice() {
                        [h, w, ..] => format!("({}, {})", h.code(), w.code()),
                        [one] => one.code(),
                        [] => "0".to_string(),
                    };
                    args.wrong(span, message, &[format!("write `{fix}`")]);
                    none()
                }
            }
        }
        value => {
            let pair = args.take_pair(value, "padding", Arg::Padding);
            let (tokens, [h, w]) = (pair.tokens, pair.nums);
            Sides {
                known: pair.known.map(|[h, w]| [[h, h], [w, w]]),
                tokens: quote!({
                    let p: [usize; 2] = #tokens;
                    [[p[0], p[0]], [p[1], p[1]]]
                }),
                nums: [[h.clone(), h], [w.clone(), w]],
            }
        }
    }
}

/// `n` or `(before, after)`.
fn ends(args: &mut Args, value: Value) -> Sides {
    if let Value::Tuple { items, span } = &value
        && (items.len() != 2 || items.iter().any(|item| matches!(item, Value::Tuple { .. })))
    {
        let message =
            format!("the `padding` of {}, for sequences, is `n` or `(before, after)`", args.label,);
        let last = items.last().map_or("0".to_string(), Value::code);
        args.wrong(*span, message, &[format!("write `padding = {last}`")]);
        return none();
    }
    let both_ends = args.take_pair(value, "padding", Arg::Padding);
    both(Pair::implied(0), both_ends)
}

/// No padding on any side.
pub fn none() -> Sides {
    both(Pair::implied(0), Pair::implied(0))
}

fn both(h: Pair, w: Pair) -> Sides {
    let (ht, wt) = (h.tokens, w.tokens);
    Sides {
        known: h.known.zip(w.known).map(|(h, w)| [h, w]),
        tokens: quote!([#ht, #wt]),
        nums: [h.nums, w.nums],
    }
}

/// These numbers as the option.
pub fn explicit(sides: Sides) -> PaddingOption {
    let tokens = sides.tokens;
    PaddingOption {
        known: sides.known.map(Padding::Explicit),
        tokens: quote!(::shapewright::shape::Padding::Explicit(#tokens)),
        kind: PaddingKind::Explicit(Box::new(sides.nums)),
    }
}
