//! `init = kaiming_normal`: how the weight starts.

use super::args::{Args, Known};
use crate::ast::{Value, Wrong};
use crate::diagnostics::{list, nearest, suggest, write_each};
use quote::{ToTokens, format_ident, quote};
use shapewright_shape::{Arg, Init, NormInit};

/// The words for a normalisation.
const OF_NORMS: &[&str] = &["ones", "zeros"];

/// What needs numbers, as it is written here.
const WITH_NUMBERS: &[(&str, &str)] = &[
    ("normal", "{ Init::Normal { mean: 0.0, std: 0.02 } }"),
    ("uniform", "{ Init::Uniform { low: -0.1, high: 0.1 } }"),
    ("trunc_normal", "{ Init::TruncNormal { mean: 0.0, std: 0.02, low: -0.04, high: 0.04 } }"),
    ("constant", "{ Init::Constant(0.1) }"),
];

/// The option of layers that multiply: a word, or a constant of type `Init`.
pub fn option(args: &mut Args) -> Known<Init> {
    let Some(value) = args.named("init") else { return of_word("pytorch") };
    args.at(Arg::Init, &value);
    match value {
        Value::Word(word) if !word.to_string().starts_with(char::is_lowercase) => {
            Known { known: None, tokens: word.into_token_stream() }
        }
        Value::Expr { tokens, .. } => Known { known: None, tokens },
        value => {
            let words = Init::WORDS.map(|(word, _)| word);
            let word = if misses_numbers(args, &value) { None } else { word(args, value, &words) };
            of_word(word.unwrap_or("pytorch"))
        }
    }
}

/// The option of normalisations, a word.
pub fn of_norm(args: &mut Args) -> Known<NormInit> {
    let word = args.named("init").and_then(|value| word(args, value, OF_NORMS));
    let (known, tokens) = match word {
        Some("zeros") => (NormInit::Zeros, quote!(Zeros)),
        _ => (NormInit::Ones, quote!(Ones)),
    };
    Known { known: Some(known), tokens: quote!(::shapewright::shape::NormInit::#tokens) }
}

fn of_word(word: &str) -> Known<Init> {
    let known = Init::WORDS.iter().find(|(known, _)| *known == word).map(|(_, init)| *init);
    let constant = match word {
        "pytorch" => format_ident!("PyTorch"),
        word => format_ident!("{}", word.to_uppercase()),
    };
    Known { known, tokens: quote!(::shapewright::shape::Init::#constant) }
}

/// An error, if it is a word that says too little.
fn misses_numbers(args: &mut Args, value: &Value) -> bool {
    let Value::Word(word) = value else { return false };
    let name = ours(&word.to_string());
    let Some((_, code)) = WITH_NUMBERS.iter().find(|(word, _)| *word == name) else { return false };
    let message = format!("the `init` of {} needs numbers to be `{word}`", args.label);
    args.wrong_value(value, message, &[format!("write `init = {code}`")]);
    true
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
