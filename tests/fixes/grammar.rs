//! How the messages word their fixes.

use super::label::Label;

/// A change of the program, as an error suggests it.
#[derive(Clone, Debug, PartialEq)]
pub enum Fix {
    /// `write …`: what it takes the place of, the code itself tells.
    Write(String),
    /// `declare the input as …`
    Input(String),
    /// `put … before it`, or an attribute alone.
    Before(String),
    /// `put … after it`
    After(String),
    /// `put … before the …`, the nearest one above.
    BeforeThe(String, String),
    /// `remove it`
    RemoveIt,
    /// `remove …`
    Remove(String),
    /// `name it …`
    Name(String),
    /// `move it before the …`, the nearest one above.
    MoveBefore(String),
    /// `give conv1 8 outputs: …`, `give the 1st Conv2d the option …`
    WriteFor(Label, String),
    /// `did you mean …?`
    DidYouMean(String),
}

/// The fix that a line of help describes. An error, if it has code in it but not in one of the
/// forms above; `None`, if it is words only.
pub fn of_help(line: &str) -> Result<Option<Fix>, ()> {
    if let Some(fix) = for_another(line) {
        return Ok(Some(fix));
    }
    let fix = if let Some((code, _)) = code_after(line, "write ") {
        Fix::Write(code)
    } else if let Some((code, _)) = code_after(line, "declare the input as ") {
        Fix::Input(code)
    } else if let Some((attribute, _)) = code_after(line, "").filter(|(c, _)| c.starts_with("#[")) {
        Fix::Before(attribute)
    } else if let Some((step, rest)) = code_after(line, "put ") {
        match code_after(rest, "before the ") {
            _ if rest.starts_with(" before it") => Fix::Before(step),
            _ if rest.starts_with(" after it") => Fix::After(step),
            Some((layer, _)) if rest.starts_with(" before the ") => Fix::BeforeThe(step, layer),
            _ => return Err(()),
        }
    } else if let Some((step, " after the block")) = code_after(line, "too: ") {
        Fix::After(step)
    } else if let Some((name, _)) = code_after(line, "name it ") {
        Fix::Name(name)
    } else if let Some((layer, _)) = code_after(line, "move it before the ") {
        Fix::MoveBefore(layer)
    } else if let Some((code, _)) = code_after(line, "remove ") {
        Fix::Remove(code)
    } else if line.contains("remove it") {
        Fix::RemoveIt
    } else if line.contains('`') {
        return Err(());
    } else {
        return Ok(None);
    };
    Ok(Some(fix))
}

pub fn of_headline(headline: &str) -> Option<Fix> {
    let (code, rest) = code_after(headline, "did you mean ")?;
    rest.starts_with('?').then_some(Fix::DidYouMean(code))
}

/// A change of another layer than that with the error.
fn for_another(line: &str) -> Option<Fix> {
    let (label, rest) = match line.strip_prefix("give ") {
        Some(rest) => Label::parse(rest)?,
        None => Label::parse(line.split_once(", with ")?.1)?,
    };
    let (words, code) = rest.strip_suffix('`')?.split_once('`')?;
    let known = ["outputs: ", "output: ", " the option ", " written "];
    known.iter().any(|end| words.ends_with(end)).then(|| Fix::WriteFor(label, code.to_owned()))
}

/// The code in backticks right after these words, and what follows it.
fn code_after<'a>(line: &'a str, words: &str) -> Option<(String, &'a str)> {
    let (_, rest) = line.split_once(&format!("{words}`"))?;
    let (code, rest) = rest.split_once('`')?;
    Some((code.to_owned(), rest))
}
