//! Compiles many programs at once.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::messages::{headline, root};

/// Programs whose names are those of modules.
pub struct Sources {
    /// They should all compile, so they stand in a few crates together.
    pub together: Vec<(String, String)>,
    /// Each in a crate of its own, where no other error can hide its own.
    pub apart: Vec<(String, String)>,
}

/// What the compiler says to each program: for each error the headline and all of it.
pub type Errors = HashMap<String, Vec<(String, String)>>;

/// As many as run at the same time on small machines.
const CRATES: usize = 2;

pub fn check(sources: &Sources) -> Errors {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixes");
    let mut files = vec![(dir.join("Cargo.toml"), manifest())];
    for (name, text) in sources.together.iter().chain(&sources.apart) {
        files.push((dir.join(format!("src/{name}.rs")), text.clone()));
    }
    let together: Vec<_> = sources.together.iter().map(|(name, _)| name).collect();
    for (i, names) in together.chunks(together.len().div_ceil(CRATES).max(1)).enumerate() {
        files.push((dir.join(format!("src/bin/together_{i}.rs")), modules(names)));
    }
    for (name, _) in &sources.apart {
        files.push((dir.join(format!("src/bin/{name}.rs")), modules(&[name])));
    }
    write_all(&dir, &files);
    fs::copy(root().join("Cargo.lock"), dir.join("Cargo.lock")).unwrap();

    let output = Command::new(env!("CARGO"))
        .args(["check", "--bins", "--keep-going", "--offline", "--quiet"])
        .args(["--message-format=short", "--color=never", "--target-dir"])
        .arg(dir.join("target"))
        .current_dir(&dir)
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let errors = by_program(&said);
    assert_eq!(output.status.success(), errors.is_empty(), "cargo check failed:\n{said}");
    errors
}

fn manifest() -> String {
    format!(
        "[package]\nname = \"fixes\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nshapewright = {{ path = {:?} }}\n",
        root()
    )
}

fn modules(names: &[&String]) -> String {
    let module = |name: &&String| format!("#[path = \"../{name}.rs\"]\nmod {name};\n");
    let modules: String = names.iter().map(module).collect();
    format!("#![allow(warnings)]\n{modules}fn main() {{}}\n")
}

/// Only what has changed, so that cargo checks nothing twice; what is left from before goes.
fn write_all(dir: &Path, files: &[(PathBuf, String)]) {
    fs::create_dir_all(dir.join("src/bin")).unwrap();
    for folder in ["src", "src/bin"] {
        for entry in fs::read_dir(dir.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() && !files.iter().any(|(file, _)| *file == path) {
                fs::remove_file(path).unwrap();
            }
        }
    }
    for (path, text) in files {
        if fs::read_to_string(path).ok().as_ref() != Some(text) {
            fs::write(path, text).unwrap();
        }
    }
}

/// Lines `src/bin/../NAME.rs:5:16: error: words`, each followed by more words.
fn by_program(said: &str) -> Errors {
    let mut errors = Errors::new();
    let mut last: Option<String> = None;
    for line in said.lines() {
        let place = line.split_once(".rs:").filter(|(path, _)| path.starts_with("src/"));
        if let Some((path, rest)) = place {
            let name = path.rsplit('/').next().unwrap();
            let words = rest.splitn(3, ':').nth(2).unwrap_or_default().trim();
            last = None;
            if words.starts_with("error") {
                let all = errors.entry(name.to_owned()).or_default();
                all.push((headline(words).to_owned(), line.to_owned()));
                last = Some(name.to_owned());
            }
        } else if line.starts_with("error: could not compile") {
            last = None;
        } else if let Some(name) = &last {
            let (_, text) = errors.get_mut(name).unwrap().last_mut().unwrap();
            *text += &format!("\n{line}");
        }
    }
    errors
}
