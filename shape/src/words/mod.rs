//! A mistake in words: a sentence, the table of shapes that leads to it, and what would help.
//!
//! The same functions write the message when the macro finds the mistake, when const evaluation
//! does, and at run time.

mod headline;
mod help;
mod table;

use crate::{Arg, Mistake, Network, Shape, StepKind, Text};

/// The whole message: headline, table, help.
pub const fn explain(network: &Network, mistake: &Mistake) -> Text {
    let mut t = Text::new();
    headline::write(&mut t, network, mistake);
    if table::explains(&mistake.problem) {
        t.str("\n\n");
        table::write(&mut t, network, mistake);
    }
    help::write(&mut t, network, mistake);
    t
}

/// The headline alone.
pub const fn headline(network: &Network, mistake: &Mistake) -> Text {
    let mut t = Text::new();
    headline::write(&mut t, network, mistake);
    t
}

/// The table of shapes of a network up to the first mistake, for documentation.
pub const fn table(network: &Network) -> Text {
    let mut t = Text::new();
    table::rows(&mut t, network, 0, network.steps.len(), "");
    t
}

/// Fails the const evaluation that calls it with the whole message, if the mistake is in this
/// argument of this step. The macro writes one call for each argument, with its span, so that
/// the error points there.
#[track_caller]
pub const fn report(network: &Network, result: &Result<Shape, Mistake>, step: usize, arg: Arg) {
    if let Err(mistake) = result
        && mistake.step == step
        && mistake.problem.arg() as u8 == arg as u8
    {
        let text = explain(network, mistake);
        panic!("{}", text.as_str());
    }
}

/// `` `fc1` ``, `` `Flatten` `` or ``the 2nd `ReLU` ``.
const fn label(t: &mut Text, network: &Network, i: usize) {
    let step = &network.steps[i];
    if let StepKind::Checkpoint(_) = step.kind {
        t.str("the checkpoint");
        return;
    }
    let kind = step.kind.name();
    if !step.name.is_empty() {
        t.str("`").str(step.name).str("`");
        return;
    }
    let (mut nth, mut all, mut j) = (0, 0, 0);
    while j < network.steps.len() {
        let other = &network.steps[j];
        if equal(other.kind.name(), kind) && other.name.is_empty() {
            all += 1;
            if j <= i {
                nth += 1;
            }
        }
        j += 1;
    }
    if all > 1 {
        t.str("the ").num(nth).str(ordinal(nth)).str(" ");
    }
    t.str("`").str(kind).str("`");
}

const fn ordinal(n: usize) -> &'static str {
    match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    }
}

const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// The last layer or network before step `i`, which gave the shape that arrives there.
const fn previous_layer(network: &Network, i: usize) -> Option<usize> {
    let mut j = i;
    while j > 0 {
        j -= 1;
        if let StepKind::Layer(_) | StepKind::Network(_) = network.steps[j].kind {
            return Some(j);
        }
    }
    None
}
