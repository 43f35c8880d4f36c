//! Where a mistake is, and what the places around it are called.

use crate::{Block, Join, Network, Path, Step, StepKind, Text};

/// A step of the network that the words are about: the innermost one on the path.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// The network that is checked.
    outer: &'a Network<'a>,
    /// The way to the step from there.
    full: Path,
    /// The innermost network.
    pub network: &'a Network<'a>,
    /// The way to the step within it.
    pub path: Path,
}

impl<'a> Place<'a> {
    pub const fn of(outer: &'a Network<'a>, full: Path) -> Self {
        let (mut network, mut path, mut depth) = (outer, full, 1);
        while depth < full.len() {
            if let Some(step) = outer.step(&full.up_to(depth))
                && let StepKind::Network(inner) = step.kind
            {
                (network, path) = (inner, full.below(depth));
            }
            depth += 1;
        }
        Place { outer, full, network, path }
    }

    /// Whether it is in a network within the one that is checked.
    pub const fn is_inside(&self) -> bool {
        self.full.len() > self.path.len()
    }

    /// The step itself; `None` for the declared output.
    pub const fn step(&self) -> Option<&'a Step<'a>> {
        self.network.step(&self.path)
    }

    /// The layer there.
    pub const fn kind(&self) -> Option<StepKind<'a>> {
        match self.step() {
            Some(step) => Some(step.kind),
            None => None,
        }
    }

    /// What gave the shape that arrives: the layer, network or block before. `None` for the
    /// network's input.
    pub const fn giver(&self) -> Option<Place<'a>> {
        let mut path = self.path;
        loop {
            let last = path.level(path.len() - 1);
            let list = self.network.list(&path);
            let mut i = last.index;
            // In a later round of a `Repeat` the round before comes first.
            if last.round > 0 && before(list, i).is_none() {
                i = list.len();
            }
            if let Some(i) = before(list, i) {
                return Some(self.at(path.beside(i)));
            }
            if path.len() == 1 {
                return None;
            }
            path = path.up_to(path.len() - 1);
        }
    }

    /// A step of the block there; `None` where paths end.
    pub const fn inner(&self, branch: usize, index: usize) -> Option<Place<'a>> {
        let path = self.path.into(branch, 0, index);
        if path.len() == self.path.len() { None } else { Some(self.at(path)) }
    }

    /// Another step of the same network.
    const fn at(&self, path: Path) -> Place<'a> {
        let outside = self.full.len() - self.path.len();
        let mut full = self.full.up_to(outside + 1);
        let mut i = 0;
        while i < path.len() {
            let level = path.level(i);
            full = if outside + i == 0 {
                Path::to(level.index)
            } else {
                full.up_to(outside + i).into(level.branch, level.round, level.index)
            };
            i += 1;
        }
        Place { full, path, ..*self }
    }

    /// `` `layer1.0.conv1` ``, `` `Flatten` `` or ``the 2nd `ReLU` of `layer1` ``.
    pub const fn label(&self, t: &mut Text) {
        let Some(step) = self.step() else { return };
        if let StepKind::Checkpoint(_) = step.kind {
            t.str("the checkpoint");
            return;
        }
        if !step.name.is_empty() {
            t.str("`");
            self.name(t);
            t.str("`");
            return;
        }
        let (nth, all) = self.count();
        if all > 1 {
            t.str("the ").num(nth).str(ordinal(nth)).str(" ");
        }
        t.str("`").str(step.kind.name()).str("`");
        let mut scope = Text::new();
        prefix(&mut scope, self.outer, &self.full);
        let scope = scope.as_str();
        if !scope.is_empty() {
            // Without the dot.
            t.str(" of `").str(scope.split_at(scope.len() - 1).0).str("`");
        }
    }

    /// `layer1.0.conv1`, PyTorch's name of its parameters.
    const fn name(&self, t: &mut Text) {
        prefix(t, self.outer, &self.full);
        if let Some(step) = self.step() {
            t.str(step.name);
        }
    }

    /// Which of the steps without a name and of its kind it is in its scope, and of how many.
    const fn count(&self) -> (usize, usize) {
        let mut depth = self.path.len();
        while depth > 1 && is_transparent(self.network, &self.path.up_to(depth - 1)) {
            depth -= 1;
        }
        let Some(step) = self.step() else { return (0, 0) };
        let (kind, this) = (step.kind.name(), self.network.number(&self.path));
        let mut tally = Tally { number: 0, this, nth: 0, all: 0 };
        let above = self.path.up_to(depth - 1);
        if depth > 1
            && let Some(scope) = self.network.step(&above)
            && let StepKind::Block(block) = scope.kind
        {
            tally.number = self.network.number(&above) + 1;
            tally.add_all(&block, kind);
        } else {
            let first = self.path.up_to(depth).beside(0);
            tally.number = self.network.number(&first);
            tally.add(self.network.list(&first), kind);
        }
        (tally.nth, tally.all)
    }
}

struct Tally {
    number: usize,
    this: usize,
    nth: usize,
    all: usize,
}

impl Tally {
    /// The steps of all branches.
    const fn add_all(&mut self, block: &Block, kind: &str) {
        let mut branch = 0;
        while branch < block.branches.len() {
            self.add(block.branches[branch], kind);
            branch += 1;
        }
    }

    const fn add(&mut self, list: &[Step], kind: &str) {
        let mut i = 0;
        while i < list.len() {
            let step = &list[i];
            if step.name.is_empty() && equal(step.kind.name(), kind) {
                self.all += 1;
                if self.number <= self.this {
                    self.nth += 1;
                }
            }
            if let StepKind::Block(block) = step.kind
                && step.is_transparent()
            {
                self.number += 1;
                self.add_all(&block, kind);
            } else {
                self.number += step.count();
            }
            i += 1;
        }
    }
}

/// The last step before step `i` that changes something.
const fn before(list: &[Step], i: usize) -> Option<usize> {
    let mut i = i;
    while i > 0 {
        i -= 1;
        if !matches!(list[i].kind, StepKind::Checkpoint(_)) {
            return Some(i);
        }
    }
    None
}

const fn is_transparent(network: &Network, path: &Path) -> bool {
    match network.step(path) {
        Some(step) => step.is_transparent(),
        None => false,
    }
}

/// `layer1.0.`: the scopes that the step is in.
pub(super) const fn prefix(t: &mut Text, network: &Network, path: &Path) {
    let mut depth = 1;
    while depth < path.len() {
        let above = path.up_to(depth);
        if let Some(step) = network.step(&above)
            && !step.is_transparent()
        {
            if step.name.is_empty() {
                t.num(slot(network, &above));
            } else {
                t.str(step.name);
            }
            t.str(".");
            if let StepKind::Block(block) = step.kind
                && let Join::Repeat(_) = block.join
            {
                t.num(path.level(depth).round).str(".");
            }
        }
        depth += 1;
    }
}

/// The number of a step in its scope.
const fn slot(network: &Network, path: &Path) -> usize {
    let (mut slot, mut depth) = (0, path.len());
    loop {
        let at = path.up_to(depth);
        let level = at.level(depth - 1);
        let list = network.list(&at);
        let mut i = 0;
        while i < level.index && i < list.len() {
            slot += list[i].slots();
            i += 1;
        }
        depth -= 1;
        if depth == 0 || !is_transparent(network, &path.up_to(depth)) {
            return slot;
        }
        // The branches before count too.
        if let Some(step) = network.step(&path.up_to(depth))
            && let StepKind::Block(block) = step.kind
        {
            let mut branch = 0;
            while branch < level.branch && branch < block.branches.len() {
                slot += crate::network::slots(block.branches[branch]);
                branch += 1;
            }
        }
    }
}

pub(super) const fn ordinal(n: usize) -> &'static str {
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
