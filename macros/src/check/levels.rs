//! `#[allow(shapewright::dropped_rows)]` and its like: which lints speak up, and how loudly.
//! Rustc does not know the tool, so these attributes end here.

use super::lints::Lint;
use crate::diagnostics::{Diagnostics, helped, list, nearest};
use proc_macro2::Ident;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Path, Token};

#[derive(Clone, Copy, PartialEq)]
pub enum Level {
    Allow,
    Warn,
    Deny,
}

/// The level of one lint, in the network or in one step and all within it.
pub struct Setting {
    pub lint: Lint,
    pub level: Level,
}

/// The tool in the names of lints.
const TOOL: &str = "shapewright";

/// A network's attributes: those that are rustc's, and the settings in the others.
pub fn of_network(
    attrs: Vec<Attribute>,
    diagnostics: &mut Diagnostics,
) -> (Vec<Attribute>, Vec<Setting>) {
    let (mut rest, mut settings) = (Vec::new(), Vec::new());
    for mut attr in attrs {
        if let Some((word, metas)) = levels(&attr) {
            let (ours, others): (Vec<_>, Vec<_>) = metas.into_iter().partition(is_ours);
            if !ours.is_empty() {
                let lints = others
                    .iter()
                    .filter(|meta| meta.path().get_ident().is_none_or(|w| w != "reason"));
                if lints.count() == 0 {
                    read(&word, &ours, &mut settings, diagnostics);
                    continue;
                }
                read(&word, &ours, &mut settings, diagnostics);
                let path = attr.path();
                attr.meta = syn::parse_quote!(#path(#(#others),*));
            }
        }
        rest.push(attr);
    }
    (rest, settings)
}

/// A step's attributes: its doc comments, and the settings. It takes no others.
pub fn of_step(
    attrs: Vec<Attribute>,
    diagnostics: &mut Diagnostics,
) -> (Vec<Attribute>, Vec<Setting>) {
    let (mut docs, mut settings) = (Vec::new(), Vec::new());
    for attr in attrs {
        if attr.path().is_ident("doc") {
            docs.push(attr);
        } else if let Some((word, metas)) = levels(&attr) {
            let lints: Vec<_> =
                metas.into_iter().filter(|m| !m.path().is_ident("reason")).collect();
            read(&word, &lints, &mut settings, diagnostics);
        } else {
            let message = "a step takes doc comments and `#[allow(shapewright::…)]`, but no other \
                           attributes";
            diagnostics.error_on(attr, helped(message, &["remove it".to_string()]));
        }
    }
    (docs, settings)
}

/// `allow` and what it lists, if the attribute is one of these.
fn levels(attr: &Attribute) -> Option<(Ident, Vec<Meta>)> {
    let word = attr.path().get_ident()?.clone();
    if !["allow", "warn", "deny", "forbid", "expect"].iter().any(|w| word == w) {
        return None;
    }
    let metas = attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
    Some((word, metas.into_iter().collect()))
}

/// Whether it names one of our lints, if without the tool.
fn is_ours(meta: &Meta) -> bool {
    let path = meta.path();
    path.segments.first().is_some_and(|first| first.ident == TOOL)
        || path.get_ident().is_some_and(|word| Lint::named(&word.to_string()).is_some())
}

fn read(word: &Ident, lints: &[Meta], settings: &mut Vec<Setting>, diagnostics: &mut Diagnostics) {
    let level = match word.to_string().as_str() {
        "warn" => Level::Warn,
        "deny" => Level::Deny,
        "allow" => Level::Allow,
        other => {
            let near = if other == "forbid" { "deny" } else { "allow" };
            let names: Vec<_> = lints.iter().map(|meta| words(meta.path()).join("::")).collect();
            let names = names.join(", ");
            diagnostics.error(
                word.span(),
                format!(
                    "the lints of `net!` take `allow`, `warn` and `deny`, but not `{other}`\n\n\
                     help: write `{near}({names})`"
                ),
            );
            return;
        }
    };
    for meta in lints {
        settings.extend(lint(meta.path(), diagnostics).map(|lint| Setting { lint, level }));
    }
}

fn words(path: &Path) -> Vec<String> {
    path.segments.iter().map(|segment| segment.ident.to_string()).collect()
}

/// The lint of `shapewright::name`; else says what is wrong with it.
fn lint(path: &Path, diagnostics: &mut Diagnostics) -> Option<Lint> {
    let names = Lint::ALL.map(Lint::name);
    let words = words(path);
    let (tool, word) = match words.as_slice() {
        [tool, word] => (tool == TOOL, word.as_str()),
        [word] => (false, word.as_str()),
        _ => (false, ""),
    };
    match (tool, Lint::named(word)) {
        (true, Some(lint)) => return Some(lint),
        (false, Some(_)) => diagnostics.error_on(
            path,
            format!("the lints of `net!` are in `{TOOL}`\n\nhelp: write `{TOOL}::{word}`"),
        ),
        (_, None) => {
            let hint = match nearest(word, &names) {
                Some(near) => format!("; did you mean `{TOOL}::{near}`?"),
                None => format!("; in `{TOOL}::` there are {}\n\nhelp: remove it", list(&names)),
            };
            let written = words.join("::");
            diagnostics.error_on(path, format!("`net!` has no lint `{written}`{hint}"));
        }
    }
    None
}
