//! The fixes that errors suggest are right: each, applied to the program of `ui-tests/fail` that
//! it is printed for, makes it compile.

mod apply;
mod build;
mod exceptions;
mod forms;
mod grammar;
mod label;
#[path = "../messages/mod.rs"]
mod messages;
mod place;
mod source;

use std::collections::HashSet;

use apply::{Edit, edited, edits};
use exceptions::{NOT_ALONE, WITHOUT_FIX};
use grammar::Fix;
use messages::{Message, Program, programs};
use source::Source;

/// A program with one of its fixes, and the first fix of each other error.
struct Variant {
    name: String,
    program: String,
    /// As the error words it.
    fix: String,
    text: String,
    /// Headlines of errors that no fix is suggested for.
    remaining: Vec<String>,
    /// Whether it is among the exceptions.
    not_alone: bool,
}

/// A fix as the error words it, and the changes that it makes.
struct Suggested {
    words: String,
    fix: Fix,
    edits: Vec<Edit>,
}

/// Of another error the first fix that leaves alone what is changed already, and the input, on
/// which all else depends, if it can.
fn first_beside(done: &[Edit], fixes: &[Suggested]) -> Vec<Edit> {
    let beside = |fix: &&Suggested| !fix.edits.iter().any(|a| done.iter().any(|b| a.overlaps(b)));
    let of_input = |fix: &&Suggested| matches!(fix.fix, Fix::Input(_));
    let first = fixes.iter().filter(beside).min_by_key(of_input);
    first.map_or(Vec::new(), |fix| fix.edits.clone())
}

#[derive(Default)]
struct Found {
    variants: Vec<Variant>,
    /// Entries of the exceptions that stand for something.
    used: HashSet<String>,
    failures: Vec<String>,
}

#[test]
fn each_suggested_fix_compiles() {
    let mut found = Found::default();
    for program in programs() {
        found.program(&program);
    }
    found.stale_exceptions();
    let mut errors = build::check(&found.sources());
    for variant in &found.variants {
        let errors = errors.remove(&variant.name).unwrap_or_default();
        // rustc's short form says more in the first line.
        let remains = |said: &str| variant.remaining.iter().any(|line| said.starts_with(line));
        let mut new = errors.iter().filter(|(headline, _)| !remains(headline));
        let (program, fix, text) = (&variant.program, &variant.fix, &variant.text);
        match (new.next(), variant.not_alone) {
            (Some((_, said)), false) => found
                .failures
                .push(format!("{program}: after `{fix}` it does not compile:\n\n{text}\n{said}")),
            (None, true) => found.failures.push(format!(
                "{program}: `{fix}` is enough by now; take it from tests/fixes/exceptions.rs"
            )),
            _ => {}
        }
    }
    assert!(errors.is_empty(), "errors of no program: {errors:?}");
    println!("{} fixes applied and compiled", found.variants.len());
    let failures = &found.failures;
    assert!(failures.is_empty(), "{} failures\n\n{}", failures.len(), failures.join("\n\n"));
}

fn words_of((program, fix): &(&str, &str)) -> String {
    format!("{program}: {fix}")
}

impl Found {
    fn program(&mut self, program: &Program) {
        let source = match Source::new(&program.source) {
            Ok(source) => source,
            Err(e) => return self.failures.push(format!("{}: {e}", program.id())),
        };
        let messages = program.messages();
        let fixes: Vec<_> = messages.iter().map(|m| self.fixes(program, m, &source)).collect();
        let remaining = messages.iter().zip(&fixes).filter(|(_, fixes)| fixes.is_empty());
        let remaining: Vec<_> = remaining.map(|(message, _)| message.headline.clone()).collect();
        for (i, of_message) in fixes.iter().enumerate() {
            for (j, fix) in of_message.iter().enumerate() {
                let mut all = fix.edits.clone();
                for (_, other) in fixes.iter().enumerate().filter(|(k, _)| *k != i) {
                    all.extend(first_beside(&all, other));
                }
                let not_alone = self.is_not_alone(program, &fix.words);
                let text = edited(&program.source, all);
                match text.and_then(|text| Source::new(&text).map(|_| text.clone())) {
                    Ok(text) => self.variants.push(Variant {
                        name: format!("{}__{}__{i}_{j}", program.chapter, program.name),
                        program: program.id(),
                        fix: fix.words.clone(),
                        text,
                        remaining: remaining.clone(),
                        not_alone,
                    }),
                    Err(_) if not_alone => {}
                    Err(e) => {
                        self.failures.push(format!("{}: after `{}`: {e}", program.id(), fix.words))
                    }
                }
            }
        }
    }

    /// The fixes that an error suggests.
    fn fixes(&mut self, program: &Program, message: &Message, source: &Source) -> Vec<Suggested> {
        let mut fixes = Vec::new();
        let mut unclear = None;
        if let Some(fix) = grammar::of_headline(&message.headline) {
            fixes.push((message.headline.clone(), fix));
        }
        for line in &message.help {
            match grammar::of_help(line) {
                Ok(Some(fix)) => fixes.push((line.clone(), fix)),
                Ok(None) => {}
                Err(()) => unclear = Some(line),
            }
        }
        if (unclear.is_some() || fixes.is_empty()) && !self.is_excused(program) {
            let what = unclear.map_or("no fix".to_owned(), |line| format!("not clear: `{line}`"));
            let headline = &message.headline;
            self.failures.push(format!("{}: `{headline}`: {what}", program.id()));
        }
        let Some(tokens) = source.underlined(message.place) else { return Vec::new() };
        let mut suggested = Vec::new();
        for (words, fix) in fixes {
            match edits(&fix, source, tokens.clone()) {
                Ok(edits) => suggested.push(Suggested { words, fix, edits }),
                Err(e) => self.failures.push(format!("{}: `{words}`: {e}", program.id())),
            }
        }
        suggested
    }

    fn is_excused(&mut self, program: &Program) -> bool {
        let id = program.id();
        let entries = WITHOUT_FIX.iter().flat_map(|(_, entries)| entries.iter());
        let entry = entries.copied().find(|&entry| entry == id || entry == program.chapter);
        self.used.extend(entry.map(str::to_owned));
        entry.is_some()
    }

    fn is_not_alone(&mut self, program: &Program, fix: &str) -> bool {
        let id = program.id();
        let mut entries = NOT_ALONE.iter().flat_map(|(_, entries)| entries.iter());
        let entry = entries.find(|(of, words)| *of == id && (words.is_empty() || *words == fix));
        self.used.extend(entry.map(words_of));
        entry.is_some()
    }

    fn stale_exceptions(&mut self) {
        let without = WITHOUT_FIX.iter().flat_map(|(_, entries)| entries.iter());
        let not_alone = NOT_ALONE.iter().flat_map(|(_, entries)| entries.iter()).map(words_of);
        let all = without.map(|entry| (*entry).to_owned()).chain(not_alone);
        for entry in all.filter(|entry| !self.used.contains(entry)) {
            let stale = format!("tests/fixes/exceptions.rs: nothing needs {entry} any more");
            self.failures.push(stale);
        }
    }

    fn sources(&self) -> build::Sources {
        let apart = |v: &&Variant| v.not_alone || !v.remaining.is_empty();
        let of = |v: &Variant| (v.name.clone(), v.text.clone());
        build::Sources {
            together: self.variants.iter().filter(|v| !apart(v)).map(of).collect(),
            apart: self.variants.iter().filter(apart).map(of).collect(),
        }
    }
}
