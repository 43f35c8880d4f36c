//! `init = kaiming_normal`: how the weight starts.

use super::args::{Args, Known};
use crate::ast::{Value, Wrong};
use crate::diagnostics::{list, nearest, suggest, write_each};
use quote::{ToTokens, format_ident, quote};
use shapewright_shape::{Arg, Init, NormInit};

/// The words for a layer that multiplies.
const WORDS: &[&str] =
    &["pytorch", "kaiming_uniform", "kaiming_normal", "xavier_uniform", "xavier_normal", "zeros"];

/// The words for a normalisation.
const OF_NORMS: &[&str] = &["ones", "zeros"];

/// What needs numbers, as it is written here.
const WITH_NUMBERS: &[(&str, &str)] = &[
    ("normal", "{ Init::Normal { mean: 0.0, std: 0.02 } }"),
    ("uniform", "{ Init::Uniform { low: -0.1, high: 0.1 } }"),
    ("trunc_normal", "{ Init::TruncNormal { mean: 0.0, std: 0.02, low: -0.04, high: 0.04 } }"),
    ("constant", "{ Init::Constant(0.1) }"),
];

/// The option of convolutions and of `Linear`: a word, or a constant of type `Init`.
pub fn option(args: &mut Args) -> Known<Init> {
    let Some(value) = args.named("init") else { return of_word("pytorch") };
    args.at(Arg::Init, &value);
    match value {
        Value::Word(word) if !is_lower_case(&word.to_string()) => {
            Known { known: None, tokens: word.into_token_stream() }
        }
        Value::Expr { tokens, .. } => Known { known: None, tokens },
        value => of_word(word(args, value, WORDS).unwrap_or("pytorch")),
    }
}

/// The option of normalisations, a word.
pub fn of_norm(args: &mut Args) -> Known<NormInit> {
    let word = args.named("init").and_then(|value| word(args, value, OF_NORMS));
    match word {
        Some("zeros") => Known {
            known: Some(NormInit::Zeros),
            tokens: quote!(::shapewright::shape::NormInit::Zeros),
        },
        _ => Known {
            known: Some(NormInit::Ones),
            tokens: quote!(::shapewright::shape::NormInit::Ones),
        },
    }
}

fn of_word(word: &str) -> Known<Init> {
    let init = match word {
        "kaiming_uniform" => Init::KAIMING_UNIFORM,
        "kaiming_normal" => Init::KAIMING_NORMAL,
        "xavier_uniform" => Init::XAVIER_UNIFORM,
        "xavier_normal" => Init::XAVIER_NORMAL,
        "zeros" => Init::ZEROS,
        _ => {
            return Known {
                known: Some(Init::PyTorch),
                tokens: quote!(::shapewright::shape::Init::PyTorch),
            };
        }
    };
    let constant = format_ident!("{}", word.to_uppercase());
    Known { known: Some(init), tokens: quote!(::shapewright::shape::Init::#constant) }
}

/// The value as one of the words, or an error.
fn word(args: &mut Args, value: Value, words: &[&'static str]) -> Option<&'static str> {
    let text = match &value {
        Value::Bad(_) => return None,
        Value::Word(word) => word.to_string(),
        Value::Wrong { why: Wrong::Text, text, .. } if words.contains(&text.trim_matches('"')) => {
            let message = format!("the `init` of {} is written without quotes", args.label);
            let word = text.trim_matches('"');
            args.wrong_value(&value, message, &[format!("write `init = {word}`")]);
            return None;
        }
        other => {
            let message = format!("the `init` of {} is a word", args.label);
            args.wrong_value(other, message, &write_each("init = ", words));
            return None;
        }
    };
    if let Some(word) = words.iter().find(|word| **word == text) {
        return Some(word);
    }
    let with_numbers = WITH_NUMBERS.iter().find(|(word, _)| *word == ours(&text));
    if let Some((_, code)) = with_numbers.filter(|_| words == WORDS) {
        let message = format!("the `init` of {} needs numbers to be `{text}`", args.label);
        args.wrong_value(&value, message, &[format!("write `init = {code}`")]);
        return None;
    }
    let (hint, fixes) = meant(&text, words);
    let message = format!("{} has no initialisation `{text}`{hint}", args.label);
    args.wrong_value(&value, message, &fixes);
    None
}

/// What another word is probably meant to be: the end of the message, and its fixes.
fn meant(text: &str, words: &[&str]) -> (String, Vec<String>) {
    if let Some(near) = nearest(&ours(text), words) {
        return (suggest(near, words), vec![]);
    }
    let author = match text {
        "he" => "kaiming",
        "glorot" => "xavier",
        text => text,
    };
    let same: Vec<&str> = words.iter().copied().filter(|word| word.starts_with(author)).collect();
    let fixes = write_each("init = ", if same.is_empty() { words } else { &same });
    (format!("; there are {}", list(words)), fixes)
}

/// PyTorch's functions end with an underscore, and Keras has the authors' other names.
fn ours(word: &str) -> String {
    word.trim_end_matches('_').replace("he_", "kaiming_").replace("glorot_", "xavier_")
}

fn is_lower_case(word: &str) -> bool {
    word.starts_with(char::is_lowercase)
}
