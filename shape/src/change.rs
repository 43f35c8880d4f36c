//! A network as it would be with one step changed: what a fix has to stand up to.

use crate::{Path, StepKind};

/// Another step in the place of the one that the path leads to, in every round of a `Repeat`.
#[derive(Clone, Copy)]
pub(crate) struct Change<'a> {
    path: &'a Path,
    depth: usize,
    kind: StepKind<'a>,
}

impl<'a> Change<'a> {
    pub const fn of(path: &'a Path, kind: StepKind<'a>) -> Self {
        Change { path, depth: 0, kind }
    }

    /// As seen from the block that the first `depth` levels lead to.
    pub const fn below(self, depth: usize) -> Self {
        Change { depth, ..self }
    }
}

/// What step `index` of a list does with the change, and the change if it is deeper within it.
pub(crate) const fn at_step<'a>(
    change: Option<Change<'a>>,
    index: usize,
    kind: StepKind<'a>,
) -> (StepKind<'a>, Option<Change<'a>>) {
    match change {
        Some(change) if change.path.level(change.depth).index == index => {
            let depth = change.depth + 1;
            if depth == change.path.len() {
                (change.kind, None)
            } else {
                (kind, Some(Change { depth, ..change }))
            }
        }
        _ => (kind, None),
    }
}

/// The change, if it is in this branch.
pub(crate) const fn in_branch(change: Option<Change<'_>>, branch: usize) -> Option<Change<'_>> {
    match change {
        Some(change) if change.path.level(change.depth).branch == branch => Some(change),
        _ => None,
    }
}
