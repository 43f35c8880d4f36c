//! What is no mistake of shapes and yet is rarely meant. Only what the macro itself knows is
//! looked at, in networks without errors.

mod bias_before_norm;
mod chain;
mod dropped_rows;
mod linear_after_linear;
mod padding_beyond_kernel;
mod receptive_field;
mod softmax_at_the_end;
mod trial;

use super::levels::{Level, Setting};
use super::{Checked, Step};
use proc_macro2::Span;

#[derive(Clone, Copy, PartialEq)]
pub enum Lint {
    DroppedRows,
    BiasBeforeNorm,
    PaddingBeyondKernel,
    SoftmaxAtTheEnd,
    ReceptiveField,
    LinearAfterLinear,
}

impl Lint {
    pub const ALL: [Lint; 6] = [
        Lint::DroppedRows,
        Lint::BiasBeforeNorm,
        Lint::PaddingBeyondKernel,
        Lint::SoftmaxAtTheEnd,
        Lint::ReceptiveField,
        Lint::LinearAfterLinear,
    ];

    /// As in `#[allow(shapewright::name)]`.
    pub fn name(self) -> &'static str {
        match self {
            Lint::DroppedRows => "dropped_rows",
            Lint::BiasBeforeNorm => "bias_before_norm",
            Lint::PaddingBeyondKernel => "padding_beyond_kernel",
            Lint::SoftmaxAtTheEnd => "softmax_at_the_end",
            Lint::ReceptiveField => "receptive_field",
            Lint::LinearAfterLinear => "linear_after_linear",
        }
    }

    pub fn named(name: &str) -> Option<Lint> {
        Lint::ALL.into_iter().find(|lint| lint.name() == name)
    }

    fn find(self, network: &Checked) -> Vec<Finding> {
        match self {
            Lint::DroppedRows => dropped_rows::find(network),
            Lint::BiasBeforeNorm => bias_before_norm::find(network),
            Lint::PaddingBeyondKernel => padding_beyond_kernel::find(network),
            Lint::SoftmaxAtTheEnd => softmax_at_the_end::find(network),
            Lint::ReceptiveField => receptive_field::find(network),
            Lint::LinearAfterLinear => linear_after_linear::find(network),
        }
    }
}

/// What a lint has to say of a step.
struct Finding {
    /// The step's.
    number: usize,
    span: Span,
    headline: String,
    /// How it comes about, if that is not plain.
    because: Option<String>,
    /// What to write instead.
    help: Vec<String>,
}

/// A finding in words, to be shown by rustc as a warning, or as an error if it is denied.
pub struct Warning {
    pub lint: Lint,
    pub denied: bool,
    pub span: Span,
    pub words: String,
}

/// The warnings of a network.
pub fn check(network: &Checked) -> Vec<Warning> {
    let mut levels = vec![[Level::Warn; Lint::ALL.len()]; network.count];
    let outer = set([Level::Warn; Lint::ALL.len()], &network.lints);
    fill(&mut levels, outer, &network.steps);
    let mut found: Vec<_> = Lint::ALL
        .into_iter()
        .flat_map(|lint| lint.find(network).into_iter().map(move |finding| (lint, finding)))
        .collect();
    found.sort_by_key(|(_, finding)| finding.number);
    let warnings = found.into_iter().filter_map(|(lint, finding)| {
        let (level, span) = (levels[finding.number][lint as usize], finding.span);
        let denied = level == Level::Deny;
        // A step's own `deny` is not overruled.
        let step = chain::all(network).into_iter().find(|step| step.number == finding.number);
        let own = step.is_some_and(|step| step.lints.iter().any(|setting| setting.lint == lint));
        let words = words(lint, finding, (!own).then_some(level));
        (level != Level::Allow).then_some(Warning { lint, denied, span, words })
    });
    warnings.collect()
}

type Levels = [Level; Lint::ALL.len()];

fn set(mut levels: Levels, settings: &[Setting]) -> Levels {
    for setting in settings {
        levels[setting.lint as usize] = setting.level;
    }
    levels
}

/// A step's settings hold for it and all steps within it.
fn fill(levels: &mut [Levels], outer: Levels, steps: &[Step]) {
    for step in steps {
        let here = set(outer, &step.lints);
        levels[step.number] = here;
        step.kind.branches().iter().for_each(|branch| fill(levels, here, branch));
    }
}

/// `level` is what an attribute may change.
fn words(lint: Lint, finding: Finding, level: Option<Level>) -> String {
    let Finding { headline, because, mut help, .. } = finding;
    let because = because.map(|because| format!("\n\n{because}")).unwrap_or_default();
    let name = lint.name();
    let attribute = format!("put `#[allow(shapewright::{name})]` before it");
    help.extend(level.map(|level| match level {
        Level::Deny => format!("{attribute}, which overrules the `deny`, if this is meant"),
        _ => format!("{attribute} if this is meant"),
    }));
    format!("{headline}{because}\n\nhelp: {}", help.join("\n      or "))
}
