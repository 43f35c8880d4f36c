//! The programs of `ui-tests/fail` and what the compiler says to each, taken apart.

// Each test is a crate of its own and uses only some of these.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};

/// A program that does not compile.
pub struct Program {
    /// The folder in `ui-tests/fail`.
    pub chapter: String,
    pub name: String,
    pub source: String,
    /// What the compiler prints, as in the `.stderr` file.
    pub printed: String,
}

impl Program {
    /// `claims/linear_features`.
    pub fn id(&self) -> String {
        format!("{}/{}", self.chapter, self.name)
    }

    pub fn messages(&self) -> Vec<Message> {
        let starts = |line: &str| line.starts_with("error") || line.starts_with("warning");
        let mut texts: Vec<String> = Vec::new();
        for line in self.printed.lines() {
            match texts.last_mut() {
                Some(text) if !starts(line) => *text += &format!("\n{line}"),
                _ => texts.push(line.to_owned()),
            }
        }
        texts.iter().map(|text| Message::parse(text.trim_end())).collect()
    }
}

/// All of them, sorted by chapter and name.
pub fn programs() -> Vec<Program> {
    let mut programs = Vec::new();
    for chapter in sorted(&root().join("ui-tests/fail")) {
        for path in sorted(&chapter) {
            if path.extension().is_some_and(|extension| extension == "rs") {
                let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
                let printed = path.with_extension("stderr");
                programs.push(Program {
                    chapter: name(&chapter),
                    name: name(&path),
                    source: read(&path),
                    printed: read(&printed),
                });
            }
        }
    }
    programs
}

/// The repository's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// One error.
pub struct Message {
    /// All of it.
    pub text: String,
    /// Its first line, without `error: ` and the like.
    pub headline: String,
    /// What it suggests, one alternative each.
    pub help: Vec<String>,
    /// What is underlined: line and column, counted from 1, and how many columns.
    pub place: (usize, usize, usize),
}

impl Message {
    fn parse(text: &str) -> Self {
        let first = text.lines().next().unwrap_or_default();
        Self {
            text: text.to_owned(),
            headline: headline(first).to_owned(),
            help: help(text),
            place: place(text).unwrap_or_else(|| panic!("this error has no place:\n{text}")),
        }
    }
}

/// The words of an error's first line, by whatever way it comes.
pub fn headline(line: &str) -> &str {
    let words = line.split_once(": ").map_or(line, |(_, words)| words);
    words.strip_prefix("evaluation panicked: ").unwrap_or(words)
}

/// The lines from `help: ` on, above the place. rustc's own help stands below it.
fn help(text: &str) -> Vec<String> {
    let above = text.lines().take_while(|line| !line.trim_start().starts_with("--> "));
    let mut alternatives: Vec<String> = Vec::new();
    for line in above.map(str::trim).skip_while(|line| !line.starts_with("help: ")) {
        match (line.strip_prefix("help: "), line.strip_prefix("or "), alternatives.last_mut()) {
            (Some(first), _, _) => alternatives.push(first.to_owned()),
            (_, Some(other), _) => alternatives.push(other.to_owned()),
            (_, _, Some(last)) if !line.is_empty() => *last += &format!(" {line}"),
            _ => {}
        }
    }
    alternatives
}

fn place(text: &str) -> Option<(usize, usize, usize)> {
    let position = text.lines().find_map(|line| line.trim_start().strip_prefix("--> "))?;
    let mut numbers = position.rsplit(':').map_while(|n| n.parse().ok());
    let (column, line) = (numbers.next()?, numbers.next()?);
    // An underline over several lines has no row of its own under the first.
    let row = text.lines().find(|line| line.contains('^'));
    let width = row.map_or(1, |row| row.chars().filter(|&c| c == '^').count());
    Some((line, column, width))
}
