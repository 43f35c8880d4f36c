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

/// What stands in README.md of an error is in the file that it is of.
#[test]
fn the_readme_shows_errors_as_they_are() {
    let readme = fs::read_to_string(messages::root().join("README.md")).unwrap();
    let mut shown = 0;
    for program in messages::programs() {
        let place = format!("--> ui-tests/fail/{}.rs:", program.id());
        let blocks = readme.split("```text\n").skip(1).filter_map(|rest| rest.split("```").next());
        for block in blocks.filter(|block| block.contains(&place)) {
            assert!(program.printed.contains(block.trim_end()), "README.md shows\n{block}");
            shown += 1;
        }
    }
    assert_eq!(shown, 3);
}

#[test]
fn the_messages_keep_the_rules() {
    let failures = rules::broken(&messages::programs());
    assert!(failures.is_empty(), "{} failures\n\n{}", failures.len(), failures.join("\n"));
}
