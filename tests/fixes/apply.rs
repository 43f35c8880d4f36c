//! Fixes as changes of the text.

use std::ops::Range;

use super::grammar::Fix;
use super::place::Call;
use super::source::Source;

/// A part of the text, in bytes, and what takes its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    pub range: Range<usize>,
    pub text: String,
}

impl Edit {
    /// Whether both change the same text.
    pub fn overlaps(&self, other: &Self) -> bool {
        self != other && self.range.start < other.range.end && other.range.start < self.range.end
    }
}

/// The text with all of these changes.
pub fn edited(text: &str, mut edits: Vec<Edit>) -> Result<String, String> {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    edits.dedup();
    let (mut out, mut done) = (String::new(), 0);
    for edit in edits {
        if edit.range.start < done {
            return Err("two of its fixes change the same place".to_owned());
        }
        out += &text[done..edit.range.start];
        out += &edit.text;
        done = edit.range.end;
    }
    Ok(out + &text[done..])
}

/// The changes that a fix makes; `tokens` are those underlined.
pub fn edits(fix: &Fix, source: &Source, tokens: Range<usize>) -> Result<Vec<Edit>, String> {
    let at = tokens.start;
    let missing = |what: &str| format!("there is no {what} at its place");
    let step = || source.step(at).ok_or_else(|| missing("step"));
    let above = |layer: &str| source.above(layer, at).ok_or(format!("no `{layer}` is above it"));
    let replace = |tokens: Range<usize>, text: &str| {
        vec![Edit { range: source.bytes(tokens), text: text.to_owned() }]
    };
    Ok(match fix {
        Fix::Write(code) => return write(code, source, tokens),
        Fix::WriteFor(label, code) => {
            let layer = label.find(source, at).ok_or_else(|| missing("such layer"))?;
            return write(code, source, layer);
        }
        Fix::DidYouMean(code) | Fix::Name(code) => replace(tokens, code),
        Fix::Input(shape) => {
            replace(source.network(at).ok_or_else(|| missing("network"))?.input, shape)
        }
        Fix::Before(code) if code == "," => vec![insert(source.tokens[at - 1].range.end, ",")],
        Fix::Before(code) => vec![insert_before(source, &step()?, code)],
        Fix::After(code) => {
            // What belongs to the step comes without a comma.
            let comma = if code.starts_with("shortcut") { "" } else { "," };
            let end = source.bytes(step()?).end;
            vec![insert(end, &format!("{comma} {code}"))]
        }
        Fix::BeforeThe(code, layer) => vec![insert_before(source, &above(layer)?, code)],
        Fix::MoveBefore(layer) => {
            let step = step()?;
            let there = insert_before(source, &above(layer)?, source.code(step.clone()));
            vec![there, removal(source, step)]
        }
        Fix::RemoveIt => vec![removal(source, thing(source, tokens))],
        Fix::Remove(code) => vec![removal(source, nearest(source, at, code)?)],
    })
}

fn insert(at: usize, text: &str) -> Edit {
    Edit { range: at..at, text: text.to_owned() }
}

fn insert_before(source: &Source, step: &Range<usize>, code: &str) -> Edit {
    // An attribute belongs to the step.
    let comma = if code.starts_with("#[") { "" } else { "," };
    insert(source.bytes(step.clone()).start, &format!("{code}{comma} "))
}

/// With a comma that belongs to it, or with the parentheses that it alone is in.
fn removal(source: &Source, tokens: Range<usize>) -> Edit {
    let (mut start, mut end) = (tokens.start, tokens.end);
    let (before, after) = (source.at(start - 1), source.at(end));
    if matches!(before, "," | "(" | "{" | "<") && after == "," {
        end += 1;
    } else if before == "," && matches!(after, ")" | "}" | ">") {
        start -= 1;
    } else if (before, after) == ("(", ")") {
        (start, end) = (start - 1, end + 1);
    }
    Edit { range: source.bytes(start..end), text: String::new() }
}

/// What `it` is to be removed: a layer's argument, a step by its layer, or what is underlined.
fn thing(source: &Source, tokens: Range<usize>) -> Range<usize> {
    if let Some(argument) = source.argument(tokens.start) {
        return argument;
    }
    match source.call(tokens.start) {
        Some(call) if call.head.contains(&tokens.start) => source.step(tokens.start).unwrap(),
        _ => tokens,
    }
}

/// This code in the same call, or else where it is nearest.
fn nearest(source: &Source, at: usize, code: &str) -> Result<Range<usize>, String> {
    let wanted = Source::new(code)?;
    let n = wanted.tokens.len();
    let matches = |&start: &usize| (0..n).all(|i| source.at(start + i) == wanted.at(i));
    let call = source.call(at).map_or(at..at, |call| call.all);
    let distance = |start: &usize| (!call.contains(start), start.abs_diff(at));
    let found = (0..source.tokens.len()).filter(matches).min_by_key(distance);
    found.map(|start| start..start + n).ok_or(format!("there is no `{code}` in the program"))
}

fn write(code: &str, source: &Source, tokens: Range<usize>) -> Result<Vec<Edit>, String> {
    let at = tokens.start;
    let replace = |tokens: Range<usize>, text: &str| {
        Ok(vec![Edit { range: source.bytes(tokens), text: text.to_owned() }])
    };
    if code.starts_with("=>") {
        let start = (0..=at).rev().find(|&i| source.at(i) == "=>").ok_or("no checkpoint")?;
        return replace(start..source.next(start + 1), code);
    }
    if code.starts_with("->") {
        let network = source.network(at).ok_or("it is in no network")?;
        return match network.output {
            Some(output) => replace(output, code),
            None => Ok(vec![insert(source.bytes(network.input).end, &format!(" {code}"))]),
        };
    }
    let code_of_tokens = code.replace('…', REST);
    let new = Source::new(&code_of_tokens)?;
    if let Some(call) = source.call(at) {
        let upper = code.starts_with(|c: char| c.is_uppercase());
        if upper && (new.at(1) == "(" || code == source.code(call.head.clone())) {
            return replace(call.all.clone(), &with_rest(&new, source, call.open));
        }
        if new.is_name(0) && new.at(1) == "=" {
            return Ok(vec![option(code, new.at(0), source, &call, at)]);
        }
    }
    replace(source.whole(tokens), code)
}

/// Stands for `…`, which is no token of Rust.
const REST: &str = "REST";

/// A call's code with the other arguments of the one before in the place of `…`.
fn with_rest(new: &Source, old: &Source, old_open: Option<usize>) -> String {
    if !new.text.contains(REST) {
        return new.text.to_owned();
    }
    let key = |source: &Source, item: &Range<usize>| {
        let named = source.at(item.start + 1) == "=";
        named.then(|| source.at(item.start).to_owned())
    };
    let items = new.items(1);
    let is_rest = |item: &Range<usize>| new.at(item.start) == REST;
    let given: Vec<_> = items.iter().filter(|i| !is_rest(i)).map(|i| key(new, i)).collect();
    let old_items = old_open.map_or(Vec::new(), |open| old.items(open));
    let mut arguments = Vec::new();
    for item in items {
        if is_rest(&item) {
            let rest = old_items.iter().filter(|i| !given.contains(&key(old, i)));
            arguments.extend(rest.map(|i| old.code(i.clone())));
        } else {
            arguments.push(new.code(item));
        }
    }
    format!("{}({})", new.at(0), arguments.join(", "))
}

/// Sets an option: in the place of one of this name, of a value given without its name, or behind
/// all others.
fn option(code: &str, key: &str, source: &Source, call: &Call, at: usize) -> Edit {
    let Some(open) = call.open else {
        let text = format!("{}({code})", source.code(call.all.clone()));
        return Edit { range: source.bytes(call.all.clone()), text };
    };
    let items = source.items(open);
    let nameless = |item: &Range<usize>| item.contains(&at) && source.at(item.start + 1) != "=";
    let old = items.iter().find(|item| source.at(item.start) == key);
    match old.or_else(|| items.iter().skip(1).find(|item| nameless(item))) {
        Some(item) => Edit { range: source.bytes(item.clone()), text: code.to_owned() },
        None => {
            let comma = if items.is_empty() { "" } else { ", " };
            let close = source.tokens[open].pair.unwrap();
            insert(source.tokens[close].range.start, &format!("{comma}{code}"))
        }
    }
}
