//! `padding = n`, `(h, w)`, `((top, bottom), (left, right))`, `valid`, `same` or `full`; of a
//! sequence `n` or `(before, after)`.

use super::args::{Args, Pair};
use crate::ast::{Num, Value};
use crate::diagnostics::suggest;
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
            args.spans.push((Arg::Padding, word.span()));
            PaddingOption {
                known: Some(Padding::Same),
                tokens: quote!(::shapewright::shape::Padding::Same),
                kind: PaddingKind::Same,
            }
        }
        Value::Word(word) if word == "full" => {
            args.spans.push((Arg::Padding, word.span()));
            PaddingOption {
                known: Some(Padding::Full),
                tokens: quote!(::shapewright::shape::Padding::Full),
                kind: PaddingKind::Full,
            }
        }
        // Constants are upper case; a lower-case word is a mode with a typo.
        Value::Word(word) if word.to_string().chars().all(|c| c.is_lowercase()) => {
            let hint = suggest(&word.to_string(), MODES);
            args.error(word.span(), format!("there is no padding `{word}`{hint}"));
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
                Err(_) => {
                    args.error(
                        span,
                        "`padding` is `n`, `(h, w)` or `((top, bottom), (left, right))`",
                    );
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
        args.error(*span, "the `padding` of a sequence is `n` or `(before, after)`");
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
