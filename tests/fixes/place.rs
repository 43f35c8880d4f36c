//! What stands at an error's place: the tokens, the argument, the call, the step, the network.

use std::ops::Range;

use super::source::Source;

/// Ranges are of tokens.
type Tokens = Range<usize>;

/// A layer as it is written.
pub struct Call {
    pub all: Tokens,
    /// Its name, a path if it is another network's.
    pub head: Tokens,
    /// The opening parenthesis.
    pub open: Option<usize>,
}

/// What a network declares.
pub struct Network {
    pub input: Tokens,
    /// With its arrow.
    pub output: Option<Tokens>,
}

impl Source<'_> {
    /// The tokens underlined. Lines and columns count from 1, columns in characters.
    pub fn underlined(&self, (line, column, width): (usize, usize, usize)) -> Option<Tokens> {
        let before: usize = self.text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let of_chars = |s: &str, n: usize| s.chars().take(n).map(char::len_utf8).sum::<usize>();
        let start = before + of_chars(self.text.get(before..)?, column - 1);
        let end = start + of_chars(self.text.get(start..)?, width);
        let inside =
            |i: &usize| self.tokens[*i].range.start < end && self.tokens[*i].range.end > start;
        let mut all = (0..self.tokens.len()).filter(inside);
        let first = all.next()?;
        Some(first..all.next_back().unwrap_or(first) + 1)
    }

    /// All of the value or argument that starts with these tokens: of an expression computed by
    /// the compiler, only the first token is underlined.
    pub fn whole(&self, tokens: Tokens) -> Tokens {
        let starts = matches!(self.at(tokens.start.wrapping_sub(1)), "(" | "[" | "," | "=" | "->");
        let Some(open) = self.tokens[tokens.start].parent.filter(|&i| self.at(i) != "{") else {
            return tokens;
        };
        if !starts {
            return tokens;
        }
        let mut end = tokens.start;
        while end < self.tokens[open].pair.unwrap() && !matches!(self.at(end), "," | "->") {
            end = self.next(end);
        }
        tokens.start..end.max(tokens.end)
    }

    /// The argument of a layer's call that this is in.
    pub fn argument(&self, i: usize) -> Option<Tokens> {
        let open = self.call(i)?.open?;
        self.items(open).into_iter().find(|argument| argument.contains(&i))
    }

    /// The layer that this is in.
    pub fn call(&self, i: usize) -> Option<Call> {
        let step = self.step(i)?;
        let mut start = step.start;
        if self.is_name(start) && self.at(start + 1) == ":" {
            start += 2;
        }
        // Steps that are not separated: from the one that is meant on.
        if self.tokens[i].parent == self.tokens[start].parent && i > start && self.is_name(i) {
            start = if self.at(i - 1) == "::" { start } else { i };
        }
        let mut end = start + 1;
        while self.at(end) == "::" {
            end += 2;
        }
        let head = start..end;
        let after = if self.at(end) == "<" { self.after_angles(end) } else { end };
        let open = (self.at(after) == "(").then_some(after);
        let all = start..open.map_or(after, |open| self.next(open));
        self.is_name(start).then_some(Call { all, head, open })
    }

    /// The token after `<…>`.
    fn after_angles(&self, mut i: usize) -> usize {
        while i < self.tokens.len() && self.at(i) != ">" {
            i = self.next(i);
        }
        i + 1
    }

    /// The step that this is in, with its name and without its comma.
    pub fn step(&self, i: usize) -> Option<Tokens> {
        let mut inside = i;
        loop {
            let open = self.tokens[inside].parent?;
            if self.at(open) == "{" && self.holds_steps(open) {
                let mut items = self.items(open).into_iter();
                return items.find(|step| step.contains(&inside));
            }
            inside = open;
        }
    }

    /// Whether these braces are a block, not a value.
    fn holds_steps(&self, open: usize) -> bool {
        let value = matches!(self.at(open - 1), "<" | "=" | "->" | "(");
        !value && self.tokens[open].parent.is_some_and(|parent| self.at(parent) == "{")
    }

    /// The step of this layer that is nearest above.
    pub fn above(&self, layer: &str, i: usize) -> Option<Tokens> {
        let at = (0..i).rev().find(|&i| self.at(i) == layer)?;
        self.step(at)
    }

    /// The network that this is in.
    pub fn network(&self, i: usize) -> Option<Network> {
        let at = (0..=i).rev().find(|&i| self.at(i) == "struct")?;
        let end = self.tokens[self.tokens[at].parent?].pair?;
        let mut at = at + 2;
        if self.at(at) == "<" {
            at = self.after_angles(at);
        }
        let input = (at..end).find(|&i| self.at(i) == "[")?;
        let arrow = self.next(input);
        Some(Network {
            input: input..arrow,
            output: (self.at(arrow) == "->").then(|| arrow..self.next(arrow + 1)),
        })
    }
}
