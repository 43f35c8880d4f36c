//! That the documentation of the words, which the editor shows, has every layer and option.

use super::layer;
use crate::ast::{Call, Value};
use crate::check::names;
use crate::diagnostics::Diagnostics;
use proc_macro2::{Ident, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The structs of `src/net` with their fields.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/net");
    let mut structs = BTreeMap::new();
    for file in ["activation", "conv", "dense", "norm", "pool", "resize"] {
        let text = std::fs::read_to_string(folder.join(format!("{file}.rs"))).unwrap();
        for item in syn::parse_file(&text).unwrap().items {
            let syn::Item::Struct(item) = item else { continue };
            let fields = item.fields.iter().filter_map(|field| field.ident.as_ref());
            structs.insert(item.ident.to_string(), fields.map(Ident::to_string).collect());
        }
    }
    structs
}

/// Whether a layer takes the option, whatever else is missing.
fn takes(name: &str, option: &str) -> bool {
    let ident = |word: &str| Ident::new(word, Span::call_site());
    let value = Value::Bad(Span::call_site());
    let mut call = Call::new(ident(name).into(), ident(name), Vec::new());
    call.named.push((ident(option), value));
    let mut mistakes = Diagnostics::default();
    layer(call, &mut mistakes);
    !mistakes.tokens().to_string().contains("has no option")
}

#[test]
fn every_layer_and_option_is_documented() {
    let documented = documented();
    let names: BTreeSet<_> = names::all().map(ToString::to_string).collect();
    assert_eq!(documented.keys().cloned().collect::<BTreeSet<_>>(), names);
    let all: BTreeSet<_> = documented.values().flatten().cloned().collect();
    for (name, options) in &documented {
        for option in &all {
            assert_eq!(takes(name, option), options.contains(option), "`{name}`, `{option}`");
        }
    }
}
