//! Where a step is.

use crate::{Network, Step, StepKind};

/// The way from a network's steps down through blocks and inner networks to one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path {
    levels: [Level; Path::MOST],
    len: usize,
}

/// A step, and the branch and round in which it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// The branch of the block above; 0 in a network.
    pub branch: usize,
    /// The round of the `Repeat` above; else 0.
    pub round: usize,
    /// The index among the steps there.
    pub index: usize,
}

impl Path {
    /// Deeper than this a path ends at the block or network that the step is in.
    const MOST: usize = 12;

    /// To a step of the network itself.
    pub const fn to(index: usize) -> Self {
        let level = Level { branch: 0, round: 0, index };
        Path { levels: [level; Path::MOST], len: 1 }
    }

    /// The number of levels, 1 or more.
    #[allow(clippy::len_without_is_empty)]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// The step at the given depth.
    pub const fn level(&self, depth: usize) -> Level {
        self.levels[depth]
    }

    /// The same path as seen from outside: the network it starts in is in this round and branch
    /// of step `index`.
    pub(crate) const fn within(self, index: usize, branch: usize, round: usize) -> Self {
        let mut path = Path::to(index);
        let mut i = 0;
        while i < self.len && path.len < Path::MOST {
            path.levels[path.len] = self.levels[i];
            if i == 0 {
                path.levels[path.len].branch = branch;
                path.levels[path.len].round = round;
            }
            path.len += 1;
            i += 1;
        }
        path
    }

    /// The first `len` levels.
    pub(crate) const fn up_to(self, len: usize) -> Self {
        Path { len, ..self }
    }

    /// Without the first `depth` levels.
    pub(crate) const fn below(self, depth: usize) -> Self {
        let mut path = Path { len: self.len - depth, ..self };
        let mut i = 0;
        while i < path.len {
            path.levels[i] = self.levels[i + depth];
            i += 1;
        }
        path
    }

    /// The last step on the way with another index in the same list.
    pub(crate) const fn beside(self, index: usize) -> Self {
        let mut path = self;
        path.levels[self.len - 1].index = index;
        path
    }

    /// To a step in the given branch of the block that this path leads to.
    pub(crate) const fn into(self, branch: usize, round: usize, index: usize) -> Self {
        let mut path = self;
        if path.len < Path::MOST {
            path.levels[path.len] = Level { branch, round, index };
            path.len += 1;
        }
        path
    }
}

impl<'a> Network<'a> {
    /// The list of steps that the path's last step is in.
    pub const fn list(&self, path: &Path) -> &'a [Step<'a>] {
        let (mut list, mut depth) = (self.steps, 1);
        while depth < path.len() {
            let above = path.level(depth - 1).index;
            if above >= list.len() {
                return &[];
            }
            list = match list[above].kind {
                StepKind::Network(inner) => inner.steps,
                StepKind::Block(block) if path.level(depth).branch < block.branches.len() => {
                    block.branches[path.level(depth).branch]
                }
                _ => return &[],
            };
            depth += 1;
        }
        list
    }

    /// The step that the path leads to; `None` at the end of a list, where an output is declared.
    pub const fn step(&self, path: &Path) -> Option<&'a Step<'a>> {
        let (list, index) = (self.list(path), path.level(path.len() - 1).index);
        if index < list.len() { Some(&list[index]) } else { None }
    }

    /// The number of the step that the path leads to, in the order of [`Step::count`]. Within an
    /// inner network, that network's; at the end of the steps, the number of them all.
    pub const fn number(&self, path: &Path) -> usize {
        let (mut list, mut number, mut depth) = (self.steps, 0, 0);
        loop {
            let level = path.level(depth);
            let mut i = 0;
            while i < level.index && i < list.len() {
                number += list[i].count();
                i += 1;
            }
            depth += 1;
            if depth == path.len() || level.index >= list.len() {
                return number;
            }
            let StepKind::Block(block) = list[level.index].kind else { return number };
            number += 1;
            let (branch, mut i) = (path.level(depth).branch, 0);
            while i < branch && i < block.branches.len() {
                number += crate::network::count(block.branches[i]);
                i += 1;
            }
            if branch >= block.branches.len() {
                return number;
            }
            list = block.branches[branch];
        }
    }

    /// The path to the step with this number.
    pub const fn path(&self, number: usize) -> Path {
        path_in(self.steps, number)
    }
}

const fn path_in(steps: &[Step], number: usize) -> Path {
    let (mut left, mut i) = (number, 0);
    while i < steps.len() && left >= steps[i].count() {
        left -= steps[i].count();
        i += 1;
    }
    if i < steps.len()
        && left > 0
        && let StepKind::Block(block) = steps[i].kind
    {
        left -= 1;
        let mut branch = 0;
        while left >= crate::network::count(block.branches[branch]) {
            left -= crate::network::count(block.branches[branch]);
            branch += 1;
        }
        return path_in(block.branches[branch], left).within(i, branch, 0);
    }
    Path::to(i)
}
