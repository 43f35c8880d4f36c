//! `docs/errors.md` shows the errors as they are. `CATALOGUE=overwrite cargo test --test catalogue`
//! writes it anew from `ui-tests/fail`.

mod chapters;
#[path = "../messages/mod.rs"]
mod messages;
mod page;
mod rules;

use std::fs;

#[test]
fn the_page_shows_the_errors_as_they_are() {
    let page = page::page(&messages::programs());
    let path = messages::root().join("docs/errors.md");
    if std::env::var_os("CATALOGUE").is_some_and(|how| how == "overwrite") {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let mut lines = page.lines().zip(written.lines()).enumerate();
    let other = lines.find(|(_, (new, old))| new != old);
    if let Some((i, (new, old))) = other {
        panic!("docs/errors.md, line {}: `{old}` is now `{new}`; {OVERWRITE}", i + 1);
    }
    assert!(page == written, "docs/errors.md is of another length; {OVERWRITE}");
}

const OVERWRITE: &str = "run `CATALOGUE=overwrite cargo test --test catalogue`, and read it";

/// What stands of an error in README.md and the guide is in the file that it is of.
#[test]
fn the_documentation_shows_errors_as_they_are() {
    let programs = messages::programs();
    for (page, errors) in [("README.md", 3), ("docs/guide.md", 1)] {
        let text = fs::read_to_string(messages::root().join(page)).unwrap();
        let blocks = text.split("```text\n").skip(1).filter_map(|rest| rest.split("```").next());
        let shown = blocks.filter(|block| block.contains("--> ui-tests/fail/")).map(|block| {
            let of = |id: &str| block.contains(&format!("--> ui-tests/fail/{id}.rs:"));
            let program = programs.iter().find(|program| of(&program.id())).unwrap();
            assert!(program.printed.contains(block.trim_end()), "{page} shows\n{block}");
        });
        assert_eq!(shown.count(), errors, "{page}");
    }
}

#[test]
fn the_messages_keep_the_rules() {
    let failures = rules::broken(&messages::programs());
    assert!(failures.is_empty(), "{} failures\n\n{}", failures.len(), failures.join("\n"));
}
