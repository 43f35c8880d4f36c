//! The generated code in a file, for those who want to read it: `#[expand("lenet.rs")]` on a
//! network, or `SHAPEWRIGHT_EXPAND=DIR` for all networks of a build.

use crate::check::Checked;
use crate::diagnostics::Diagnostics;
use crate::emit::editor;
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::HashMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::{env, fs};
use syn::ext::IdentExt;
use syn::{Attribute, LitStr};

const VARIABLE: &str = "SHAPEWRIGHT_EXPAND";

/// A network's attributes without `#[expand("…")]`, and the files that these name.
pub fn files(
    attrs: Vec<Attribute>,
    diagnostics: &mut Diagnostics,
) -> (Vec<Attribute>, Vec<LitStr>) {
    let (ours, rest) = attrs.into_iter().partition::<Vec<_>, _>(|a| a.path().is_ident("expand"));
    let files = ours.into_iter().filter_map(|attr| match attr.parse_args::<LitStr>() {
        Ok(file) => Some(file),
        Err(_) => {
            let message = "`expand` takes the file for the generated code: `#[expand(\"net.rs\")]`";
            diagnostics.error_on(attr, message);
            None
        }
    });
    let files = files.collect();
    (rest, files)
}

/// Tells cargo that what is done here depends on the variable.
pub fn tracked() -> TokenStream {
    quote!(
        const _: ::core::option::Option<&str> = ::core::option_env!(#VARIABLE);
    )
}

/// Writes a network's code to the files that are asked for; says which can't be written. What is
/// being typed in an editor is not worth a file.
pub fn write(network: &Checked, code: &TokenStream) -> Diagnostics {
    let mut unwritten = Diagnostics::default();
    if network.failed() || editor::is_there() {
        return unwritten;
    }
    let named = network.expand.iter().map(|file| {
        // Else the path is absolute, or this is no cargo.
        let crate_dir = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
        (Path::new(&crate_dir).join(file.value()), file.span(), "")
    });
    let by_variable = env::var_os(VARIABLE).filter(|dir| !dir.is_empty()).map(|dir| {
        let path = free(&Path::new(&dir).join(crate_name()), &network.name.unraw().to_string());
        (path, network.name.span(), " (for `SHAPEWRIGHT_EXPAND`)")
    });
    let targets: Vec<_> = named.chain(by_variable).collect();
    if targets.is_empty() {
        return unwritten;
    }
    let text = text(network, code);
    for (path, span, why) in targets {
        if let Err(error) = replace(&path, &text) {
            let path = path.display();
            unwritten.error(span, format!("can't write the file `{path}`{why}: {error}"));
        }
    }
    unwritten
}

fn crate_name() -> String {
    env::var("CARGO_CRATE_NAME").unwrap_or_else(|_| "crate".to_string())
}

/// `dir/Net.rs`; `dir/Net-2.rs` for the second network of this name in the crate.
fn free(dir: &Path, name: &str) -> PathBuf {
    static SEEN: Mutex<Option<HashMap<PathBuf, usize>>> = Mutex::new(None);
    let path = dir.join(format!("{name}.rs"));
    let mut seen = SEEN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let count = seen.get_or_insert_default().entry(path.clone()).or_default();
    *count += 1;
    if *count == 1 { path } else { dir.join(format!("{name}-{count}.rs")) }
}

/// Writes a file if that changes it: else whatever depends on it would be built anew every time.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    if fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|error| {
            io::Error::new(error.kind(), format!("its folder can't be made: {error}"))
        })?;
    }
    fs::write(path, text)
}

fn text(network: &Checked, code: &TokenStream) -> String {
    let (name, version) = (network.name.unraw(), env!("CARGO_PKG_VERSION"));
    let first = format!("// What `net!` of shapewright {version} makes of `{name}`.");
    let code = code.to_string();
    match formatted(&code) {
        Ok(code) => format!("{first}\n\n{}", readable(&code)),
        Err(error) => {
            let error = error.to_string().replace('\n', " ");
            format!("{first}\n// Not formatted, since `rustfmt` failed: {error}\n\n{code}\n")
        }
    }
}

fn formatted(code: &str) -> io::Result<String> {
    let rustfmt = env::var_os("RUSTFMT").unwrap_or_else(|| "rustfmt".into());
    let mut child = Command::new(rustfmt)
        .args(["--edition", "2024", "--emit", "stdout"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    // It reads everything before it prints anything. If it ends early, its status says so.
    let written = child.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(code.as_bytes()));
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err(io::Error::other(output.status.to_string()));
    }
    written?;
    String::from_utf8(output.stdout).map_err(io::Error::other)
}

/// What `rustfmt` leaves as it is in tokens: documentation in attributes, paths with spaces,
/// items without a line between them.
fn readable(code: &str) -> String {
    let (mut text, mut before) = (String::new(), "");
    for line in code.lines() {
        let words = line.trim_start();
        let indent = &line[..line.len() - words.len()];
        if ends_item(before) && starts_item(words) {
            text.push('\n');
        }
        let documented = before.starts_with("#[doc");
        before = words;
        let doc = words.strip_prefix("#[doc = ").and_then(|rest| rest.strip_suffix(']'));
        let doc = doc.and_then(|literal| syn::parse_str::<LitStr>(literal).ok());
        // With more slashes than three it would be no documentation.
        match doc.map(|literal| literal.value()).filter(|doc| !doc.starts_with('/')) {
            Some(doc) => {
                let doc = if documented { doc.as_str() } else { doc.trim_start_matches('\n') };
                let lines = if doc.is_empty() && documented { "\n" } else { doc }.lines();
                let space = if doc.starts_with(' ') { "" } else { " " };
                let line = |line: &str| format!("{indent}///{space}{line}").trim_end().to_owned();
                text.extend(lines.map(|words| line(words) + "\n"));
            }
            None if words.starts_with("#[derive") => {
                let paths = words.replace(":: ", "::").replace(" ::", "::").replace(",::", ", ::");
                text.extend([indent, &paths, "\n"]);
            }
            None => text.extend([line, "\n"]),
        }
    }
    text
}

fn ends_item(line: &str) -> bool {
    line == "}" || line == "};"
}

fn starts_item(line: &str) -> bool {
    ["#[", "pub ", "impl", "const ", "fn "].iter().any(|start| line.starts_with(start))
}
