//! What holds of all messages: they are short, and speak of the user's program only.

use std::collections::{HashMap, HashSet};

use super::messages::Program;

/// Of one error, with rustc's frame.
const MOST_LINES: usize = 30;

/// So that the catalogue does not shrink unnoticed.
const LEAST_PROGRAMS: usize = 250;

/// What no message contains: what the crate is made of.
const HIDDEN: &[&str] = &["typenum", "__private", "Const<"];

/// Modules whose types a message may name, after `shapewright::`. The others are not for users.
const PUBLIC: &[&str] = &["prelude", "layers", "modules", "init"];

/// The rules that some programs' messages don't keep.
const ALLOWED: &[(&str, &[&str])] = &[
    // rustc writes types in full.
    (
        "Const<",
        &[
            "any_size/any_size_beyond_the_types",
            "any_size/any_size_branches_do_not_meet",
            "any_size/any_size_image_too_small",
            "any_size/any_size_wrong_output_type",
            "forward/activations_of_another_shape",
            "forward/batch_for_one_image",
            "forward/features_for_an_image",
            "forward/frozen_network",
            "forward/image_without_a_batch",
            "forward/sizes_at_run_time_for_a_fixed_network",
            "forward/wrong_device",
            "forward/wrong_dtype",
            "forward/wrong_output_type",
            "modules/modules_channels",
            "modules/modules_conv2d_after_flatten",
            "modules/modules_linear_features",
            "modules/modules_output_type",
        ],
    ),
    (
        "shapewright::modules::shapes",
        &[
            "modules/modules_channels",
            "modules/modules_conv2d_after_flatten",
            "modules/modules_linear_features",
        ],
    ),
    // dfdx's traits.
    ("more than 30 lines", &["networks/layer_of_ones_own_without_its_traits"]),
];

/// What breaks the rules, in words.
pub fn broken(programs: &[Program]) -> Vec<String> {
    let mut failures = Vec::new();
    if programs.len() < LEAST_PROGRAMS {
        failures.push(format!("{} programs are less than {LEAST_PROGRAMS}", programs.len()));
    }
    let mut names = HashMap::new();
    for program in programs {
        if let Some(other) = names.insert(&program.name, program.id()) {
            failures.push(format!("{} and {other} have the same name", program.id()));
        }
    }
    let found: HashSet<_> = programs
        .iter()
        .flat_map(|program| rules_broken(program).into_iter().map(|rule| (rule, program.id())))
        .collect();
    let allowed = ALLOWED.iter().flat_map(|(rule, of)| of.iter().map(|id| (*rule, *id)));
    let allowed: HashSet<_> = allowed.map(|(rule, id)| (rule.to_owned(), id.to_owned())).collect();
    failures.extend(found.difference(&allowed).map(|(rule, id)| format!("{id}: {rule}")));
    let fine = allowed.difference(&found);
    failures
        .extend(fine.map(|(rule, id)| format!("{id} is allowed `{rule}`, but keeps that rule")));
    failures.sort();
    failures
}

fn rules_broken(program: &Program) -> Vec<String> {
    let mut broken = Vec::new();
    let lines = program.messages().iter().map(|message| message.text.lines().count()).max();
    if lines.is_none_or(|lines| lines > MOST_LINES) {
        broken.push(format!("more than {MOST_LINES} lines"));
    }
    let words = without_source(&program.printed);
    let hidden = HIDDEN.iter().filter(|word| words.contains(**word));
    broken.extend(hidden.map(|word| (*word).to_owned()));
    for path in words.split("shapewright::").skip(1) {
        let is_module = |s: &&str| s.chars().all(|c| c.is_lowercase() || c == '_');
        let modules: Vec<_> = path.split("::").take_while(is_module).collect();
        // The crate's root is for users, too.
        let public = match modules[..] {
            [] => true,
            [module] => PUBLIC.contains(&module),
            _ => false,
        };
        if !public {
            broken.push(format!("shapewright::{}", modules.join("::")));
        }
    }
    broken.sort();
    broken.dedup();
    broken
}

/// Without the lines of the program that rustc shows, `17 |     let …`.
fn without_source(printed: &str) -> String {
    let shown = |line: &&str| !line.trim_start().starts_with(|c: char| c.is_ascii_digit());
    printed.lines().filter(shown).collect::<Vec<_>>().join("\n")
}
