//! A program as tokens that know where they stand.

use std::ops::Range;
use std::str::FromStr;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

pub struct Token {
    /// Such as `Conv2d`, `->` or `(`.
    pub text: String,
    /// In bytes.
    pub range: Range<usize>,
    /// Of a bracket, the other one.
    pub pair: Option<usize>,
    /// The opening bracket that it is in.
    pub parent: Option<usize>,
}

pub struct Source<'a> {
    pub text: &'a str,
    pub tokens: Vec<Token>,
}

impl<'a> Source<'a> {
    pub fn new(text: &'a str) -> Result<Self, String> {
        let stream = TokenStream::from_str(text).map_err(|e| format!("{e}:\n{text}"))?;
        let mut source = Self { text, tokens: Vec::new() };
        source.push_all(stream, None);
        Ok(source)
    }

    fn push_all(&mut self, stream: TokenStream, parent: Option<usize>) {
        let mut joint = false;
        for tree in stream {
            let was_joint = std::mem::take(&mut joint);
            match tree {
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Parenthesis => ("(", ")"),
                        Delimiter::Brace => ("{", "}"),
                        Delimiter::Bracket => ("[", "]"),
                        Delimiter::None => ("", ""),
                    };
                    let at = self.push(open, group.span_open().byte_range(), parent);
                    self.push_all(group.stream(), Some(at));
                    let pair = self.push(close, group.span_close().byte_range(), parent);
                    self.tokens[at].pair = Some(pair);
                    self.tokens[pair].pair = Some(at);
                }
                TokenTree::Punct(punct) => {
                    joint = punct.spacing() == Spacing::Joint;
                    let range = punct.span().byte_range();
                    match self.tokens.last_mut() {
                        Some(last) if was_joint && is_double(&last.text, punct.as_char()) => {
                            last.text.push(punct.as_char());
                            last.range.end = range.end;
                        }
                        _ => _ = self.push(&punct.to_string(), range, parent),
                    }
                }
                other => _ = self.push(&other.to_string(), other.span().byte_range(), parent),
            }
        }
    }

    fn push(&mut self, text: &str, range: Range<usize>, parent: Option<usize>) -> usize {
        self.tokens.push(Token { text: text.to_owned(), range, pair: None, parent });
        self.tokens.len() - 1
    }

    /// The token's text, or nothing where there is no token.
    pub fn at(&self, i: usize) -> &str {
        self.tokens.get(i).map_or("", |token| &token.text)
    }

    pub fn is_name(&self, i: usize) -> bool {
        self.at(i).starts_with(|c: char| c.is_alphabetic() || c == '_')
    }

    /// The bytes of some tokens.
    pub fn bytes(&self, tokens: Range<usize>) -> Range<usize> {
        self.tokens[tokens.start].range.start..self.tokens[tokens.end - 1].range.end
    }

    pub fn code(&self, tokens: Range<usize>) -> &'a str {
        &self.text[self.bytes(tokens)]
    }

    /// The token after this one, or after its closing bracket.
    pub fn next(&self, i: usize) -> usize {
        match self.tokens[i].pair {
            Some(pair) if pair > i => pair + 1,
            _ => i + 1,
        }
    }

    /// What is between the commas in a bracket.
    pub fn items(&self, open: usize) -> Vec<Range<usize>> {
        let close = self.tokens[open].pair.expect("a bracket");
        let (mut items, mut start, mut i, mut angles) = (Vec::new(), open + 1, open + 1, 0);
        while i < close {
            match self.at(i) {
                "<" => angles += 1,
                ">" => angles -= 1,
                "," if angles == 0 => {
                    items.push(start..i);
                    start = i + 1;
                }
                _ => {}
            }
            i = self.next(i);
        }
        items.push(start..close);
        items.retain(|item| !item.is_empty());
        items
    }
}

fn is_double(first: &str, second: char) -> bool {
    matches!((first, second), ("-" | "=", '>') | (":", ':'))
}
