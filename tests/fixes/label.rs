//! What messages call a layer elsewhere in the network.

use std::ops::Range;

use super::source::Source;

/// `` `layer1.0.conv` ``, `` `Flatten` `` or ``the 2nd `ReLU` of `layer1` ``.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    nth: usize,
    /// Its name with those of its blocks, or, without a name, what it is.
    what: String,
    /// The names of its blocks, if it has no name.
    of: String,
}

impl Label {
    /// The label that a text begins with, and what follows it.
    pub fn parse(text: &str) -> Option<(Self, &str)> {
        let (nth, rest) = match text.strip_prefix("the ") {
            Some(rest) => {
                let (nth, rest) = rest.split_once(' ')?;
                (nth.trim_end_matches(char::is_alphabetic).parse().ok()?, rest)
            }
            None => (1, text),
        };
        let (what, rest) = rest.strip_prefix('`')?.split_once('`')?;
        let (of, rest) = match rest.strip_prefix(" of `") {
            Some(rest) => rest.split_once('`')?,
            None => ("", rest),
        };
        Some((Self { nth, what: what.to_owned(), of: of.to_owned() }, rest))
    }

    /// The first token of that layer, in the network that a token is in.
    pub fn find(&self, source: &Source, at: usize) -> Option<Range<usize>> {
        let network = source.network(at)?;
        let mut open = (network.input.end..source.tokens.len()).find(|&i| source.at(i) == "{")?;
        let is_named = self.what.starts_with(char::is_lowercase);
        let path = if is_named { &self.what } else { &self.of };
        // The rounds of a `Repeat` are written once.
        let mut names = path.split('.').filter(|name| name.parse::<usize>().is_err()).peekable();
        while let Some(name) = names.next().filter(|name| !name.is_empty()) {
            let inside = open + 1..source.tokens[open].pair?;
            let mut tokens = inside.clone();
            let named = tokens.find(|&i| source.at(i) == name && source.at(i + 1) == ":")?;
            if is_named && names.peek().is_none() {
                return Some(named + 2..named + 3);
            }
            open = inside.clone().find(|&i| i > named && source.at(i) == "{")?;
        }
        // A `Residual` goes on with its shortcut.
        let close = source.tokens[open].pair?;
        let shortcut = (source.at(close + 1) == "shortcut").then_some(close + 2);
        let mut all = [Some(open), shortcut].into_iter().flatten().flat_map(|open| {
            let inside = open + 1..source.tokens[open].pair.unwrap_or(open);
            inside.filter(move |&i| source.at(i) == self.what && is_unnamed(source, i, open))
        });
        let it = all.nth(self.nth - 1)?;
        Some(it..it + 1)
    }
}

/// Whether a layer has no name, and no block around it within these braces.
fn is_unnamed(source: &Source, mut i: usize, open: usize) -> bool {
    while i != open {
        let named = source.step(i).is_none_or(|step| source.at(step.start + 1) == ":");
        if named {
            return false;
        }
        match source.tokens[i].parent {
            Some(parent) => i = parent,
            None => return false,
        }
    }
    true
}
