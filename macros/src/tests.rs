//! That no input makes the macro panic: the programs of the ui tests, and what becomes of them when
//! their tokens are mixed up.

use super::{emit, expanded, parse};
use crate::diagnostics::Diagnostics;
use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Once;

const ROUNDS: usize = 12_000;

/// What stands in the braces of `net! { … }`, of all programs.
fn declarations() -> Vec<TokenStream> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui-tests");
    let mut files = Vec::new();
    collect(&root, &mut files);
    // It asks for files to be written.
    files.retain(|file| !file.ends_with("expand.rs"));
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        let tokens: TokenStream = text.parse().unwrap();
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        found.extend(tokens.windows(3).filter_map(|three| match three {
            [TokenTree::Ident(net), TokenTree::Punct(_), TokenTree::Group(body)] => {
                (net == "net").then(|| body.stream())
            }
            _ => None,
        }));
    }
    found
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Steele and Vigna's splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }
}

/// Drops, doubles, swaps or replaces a token somewhere.
fn mixed_up(tokens: TokenStream, others: &[TokenTree], random: &mut Random) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    if tokens.is_empty() {
        return others[random.below(others.len())].clone().into();
    }
    let i = random.below(tokens.len());
    let inside = random.below(4) > 0;
    match (&tokens[i], random.below(7)) {
        (TokenTree::Group(group), _) if inside => {
            let delimiter = match random.below(20) {
                0 => Delimiter::Brace,
                1 => Delimiter::Bracket,
                2 => Delimiter::Parenthesis,
                _ => group.delimiter(),
            };
            tokens[i] = Group::new(delimiter, mixed_up(group.stream(), others, random)).into();
        }
        (_, 0) => {
            tokens.remove(i);
        }
        (_, 1) => tokens.insert(i, tokens[i].clone()),
        (_, 2) => {
            let j = random.below(tokens.len());
            tokens.swap(i, j);
        }
        (TokenTree::Literal(_), 3 | 4) => {
            let numbers = [0, 1, 2, 7, 1 << 20, 1 << 33, usize::MAX / 2, usize::MAX];
            tokens[i] = Literal::usize_unsuffixed(numbers[random.below(numbers.len())]).into();
        }
        _ => tokens[i] = others[random.below(others.len())].clone(),
    }
    tokens.into_iter().collect()
}

fn tokens_of(tokens: TokenStream, all: &mut Vec<TokenTree>) {
    for tree in tokens {
        if let TokenTree::Group(group) = &tree {
            tokens_of(group.stream(), all);
        }
        all.push(tree);
    }
}

/// The place and words of the panic, if there is one.
fn panic_of(input: &TokenStream) -> Option<String> {
    thread_local!(static LAST: RefCell<String> = const { RefCell::new(String::new()) });
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        panic::set_hook(Box::new(|info| LAST.with(|last| *last.borrow_mut() = info.to_string())));
    });
    let run = || {
        for network in parse::networks(input.clone(), &mut Diagnostics::default()) {
            emit::editor::words(&network);
        }
        expanded(input.clone())
    };
    let panicked = panic::catch_unwind(AssertUnwindSafe(run)).is_err();
    panicked.then(|| LAST.with(|last| last.borrow().clone()))
}

#[test]
fn nothing_panics() {
    let declarations = declarations();
    assert!(declarations.len() > 300);
    let mut panics = BTreeMap::new();
    let mut check = |input: &TokenStream| {
        if let Some(words) = panic_of(input) {
            panics.entry(words).or_insert_with(|| input.to_string());
        }
    };
    declarations.iter().for_each(&mut check);
    let mut others = Vec::new();
    declarations.iter().for_each(|tokens| tokens_of(tokens.clone(), &mut others));
    let mut random = Random(1);
    for _ in 0..ROUNDS {
        let mut input = declarations[random.below(declarations.len())].clone();
        for _ in 0..=random.below(4) {
            input = mixed_up(input, &others, &mut random);
        }
        check(&input);
    }
    let _ = panic::take_hook();
    assert!(panics.is_empty(), "{panics:#?}");
}
