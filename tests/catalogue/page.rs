//! The page as Markdown.

use super::chapters::{CHAPTERS, Chapter};
use super::messages::Program;

const READING: &str = "\
How to read one: the first line names the layer, what it takes and what it gets. A layer without a \
name is counted among its kind: the 2nd `Conv2d`. The table is the way of the input to it, with the \
arithmetic of each size, in a long network the steps around the mistake; `→` marks the layer. Each \
line of `help` is one change that would do. Last comes the place, down to the argument. An error \
that begins with `error[E0080]: evaluation panicked` is the same one for sizes that are constants \
of the program, which only the compiler can evaluate; what it says after `evaluation of` is of no \
interest. All mistakes of a network that have nothing to do with each other come in one run, and \
nothing else is said of a network that has some.

";

pub fn page(programs: &[Program]) -> String {
    for program in programs {
        let known = CHAPTERS.iter().any(|chapter| chapter.folder == program.chapter);
        assert!(known, "`{}` is to be described in tests/catalogue/chapters.rs", program.chapter);
    }
    let chapters = CHAPTERS.iter().map(|chapter| {
        let of_it = programs.iter().filter(|program| program.chapter == chapter.folder);
        (chapter, of_it.collect::<Vec<_>>())
    });
    let chapters: Vec<_> = chapters.filter(|(_, programs)| !programs.is_empty()).collect();
    let mut page = format!(
        "# What the compiler says\n\n\
         {} mistakes, each with the error that it gives. Each is a test: the programs are those \
         of [`ui-tests/fail`](../ui-tests/fail), the errors are printed by rustc, and a test \
         applies the fixes that they suggest and compiles the result. This page is written by \
         `CATALOGUE=overwrite cargo test --test catalogue`.\n\n{READING}",
        programs.len()
    );
    for (chapter, programs) in &chapters {
        let (title, n) = (chapter.title, programs.len());
        page += &format!("- [{title}](#{}) ({n})\n", anchor(title));
    }
    for (chapter, programs) in &chapters {
        page += &of_chapter(chapter, programs);
    }
    page
}

fn of_chapter(chapter: &Chapter, programs: &[&Program]) -> String {
    let mut text = format!("\n## {}\n\n{}\n\n", chapter.title, chapter.words);
    for program in programs {
        let heading = heading(&program.name);
        text += &format!("- [{heading}](#{})\n", anchor(&heading));
    }
    for program in programs {
        text += &format!(
            "\n### {}\n\n```rust\n{}\n```\n\n```text\n{}\n```\n",
            heading(&program.name),
            excerpt(&program.source),
            program.printed.trim_end(),
        );
    }
    text
}

/// `Conv2d on a sequence`, from the file's name.
fn heading(name: &str) -> String {
    let mut words = name.replace('_', " ");
    words[..1].make_ascii_uppercase();
    for (plain, written) in NAMES {
        let all = format!(" {words} ").replace(&format!(" {plain} "), &format!(" {written} "));
        words = all.trim().to_owned();
    }
    words
}

/// Names in the names of files.
const NAMES: &[(&str, &str)] = &[
    ("Conv transpose2d", "ConvTranspose2d"),
    ("conv1d", "Conv1d"),
    ("conv2d", "Conv2d"),
    ("Batch norm", "BatchNorm"),
    ("batch norm", "BatchNorm"),
    ("Group norm", "GroupNorm"),
    ("Layer norm", "LayerNorm"),
    ("Lp pool", "LpPool"),
    ("Avg pool", "AvgPool"),
    ("Max pool", "MaxPool"),
    ("Zero pad", "ZeroPad"),
    ("Lenet", "LeNet"),
];

/// What GitHub makes of a heading.
fn anchor(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    heading.to_lowercase().chars().filter(kept).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The program without what all programs have.
fn excerpt(source: &str) -> String {
    let usual = |line: &str| line == "use shapewright::prelude::*;" || line == "fn main() {}";
    let lines: Vec<_> = source.lines().filter(|line| !usual(line)).collect();
    let mut text = lines.join("\n").trim().to_owned();
    while text.contains("\n\n\n") {
        text = text.replace("\n\n\n", "\n\n");
    }
    text
}
