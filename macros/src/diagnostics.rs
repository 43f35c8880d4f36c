//! The mistakes found so far, each reported as an error of its own.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

#[derive(Default)]
pub struct Diagnostics {
    errors: Vec<syn::Error>,
}

impl Diagnostics {
    /// An error on one token.
    pub fn error(&mut self, span: Span, message: impl std::fmt::Display) {
        self.errors.push(syn::Error::new(span, message));
    }

    /// An error on the tokens from the first to the last.
    pub fn error_on(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.errors.push(syn::Error::new_spanned(tokens, message));
    }

    /// An error on all that stands from the first place to the second.
    pub fn error_between(&mut self, [first, last]: [Span; 2], message: impl std::fmt::Display) {
        let mut tokens = TokenStream::new();
        for span in [first, last] {
            let mut dot = proc_macro2::Punct::new('.', proc_macro2::Spacing::Alone);
            dot.set_span(span);
            dot.to_tokens(&mut tokens);
        }
        self.error_on(tokens, message);
    }

    pub fn push(&mut self, error: syn::Error) {
        self.errors.push(error);
    }

    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// The errors as items.
    pub fn tokens(&self) -> TokenStream {
        self.errors.iter().map(syn::Error::to_compile_error).collect()
    }
}

/// The message with what would help, one fix a line. See the shape engine's `words` for their form.
pub fn helped(message: impl std::fmt::Display, fixes: &[String]) -> String {
    if fixes.is_empty() {
        return message.to_string();
    }
    format!("{message}\n\nhelp: {}", fixes.join("\n      or "))
}

/// ``write `padding = same` `` for each of the words.
pub fn write_each(before: &str, words: &[&str]) -> Vec<String> {
    words.iter().map(|word| format!("write `{before}{word}`")).collect()
}

/// `; did you mean `stride`?`, or the list if nothing is near.
pub fn suggest(word: &str, known: &[&str]) -> String {
    match nearest(word, known) {
        Some(near) => format!("; did you mean `{near}`?"),
        None if known.is_empty() => String::new(),
        None if known.len() == 1 => format!("; there is only {}", list(known)),
        None => format!("; there are {}", list(known)),
    }
}

/// The word that was probably meant. Spellings that differ in case only are the same.
pub fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let distance = |k: &&str| edit_distance(&word.to_lowercase(), &k.to_lowercase());
    known.iter().copied().min_by_key(distance).filter(|k| distance(k) <= 1 + word.len() / 4)
}

/// `` `a`, `b` and `c` ``.
pub fn list(words: &[&str]) -> String {
    let words: Vec<_> = words.iter().map(|w| format!("`{w}`")).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// Levenshtein's distance, a swap of neighbours counting as one.
fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]) as usize;
            let mut best = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
