//! The walk over a network's shapes, which yields the output or the first mistake.

use crate::change::{Change, at_step, in_branch};
use crate::{Block, Claim, Join, Network, Path, Problem, Shape, Step, StepKind, Weight};

/// `?` for a problem of the block itself.
macro_rules! tri_here {
    ($e:expr) => {
        match $e {
            Ok(v) => v,
            Err(problem) => return Err(Fault::Here(problem)),
        }
    };
}

/// A mistake and where it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mistake {
    /// The step. One behind the last, if it is the declared output.
    pub path: Path,
    /// What the network was run on; the innermost one, if the mistake is in a network within.
    pub start: Shape,
    /// The shape that arrived at the step.
    pub input: Shape,
    /// What is wrong.
    pub problem: Problem,
}

/// The image sizes that a network for any size is tried with, the usual ones first.
const SIZES: [usize; 12] = [224, 32, 64, 28, 128, 256, 299, 512, 1024, 4096, 16_384, 65_536];

impl<'a> Network<'a> {
    /// The output for `input`, if no step and no claim is wrong; else the first mistake.
    pub const fn run(&self, input: Shape) -> Result<Shape, Mistake> {
        self.run_with(input, None)
    }

    /// The same with a step changed, to see whether that would help.
    pub(crate) const fn run_with(
        &self,
        input: Shape,
        change: Option<Change>,
    ) -> Result<Shape, Mistake> {
        if let Some(0) | None = input.numel() {
            let problem = Problem::BadInput { input };
            return Err(Mistake { path: Path::to(0), start: input, input, problem });
        }
        let output = tri!(steps_with(self.steps, input, input, change));
        match expect(self.output, output) {
            Ok(output) => Ok(output),
            Err(problem) => {
                let path = Path::to(self.steps.len());
                Err(Mistake { path, start: input, input: output, problem })
            }
        }
    }

    /// [`run`](Network::run) on the declared input. A network for any size is run on the first
    /// of some usual sizes for which nothing is wrong, or if there is none, for which it gets
    /// furthest.
    pub const fn check(&self) -> Result<Shape, Mistake> {
        self.run(self.example())
    }

    /// The declared input, or an example of it.
    pub const fn example(&self) -> Shape {
        if self.input.is_any() {
            return Shape::features(1);
        }
        if let Some(input) = self.input.shape() {
            return input;
        }
        let (mut furthest, mut best, mut i) = (0, self.input.with_open(SIZES[0]), 0);
        while i < SIZES.len() + 1024 {
            let size = if i < SIZES.len() { SIZES[i] } else { i + 1 - SIZES.len() };
            let input = self.input.with_open(size);
            match self.run(input) {
                Ok(_) => return input,
                Err(mistake) => {
                    let number = self.number(&mistake.path);
                    if number > furthest {
                        (furthest, best) = (number, input);
                    }
                }
            }
            i += 1;
        }
        best
    }

    /// The output; after a mistake, which is reported elsewhere, what the user says it is.
    pub const fn output_or_declared(&self) -> Shape {
        self.output_or_declared_for(self.example())
    }

    const fn output_or_declared_for(&self, input: Shape) -> Shape {
        match steps(self.steps, input, input) {
            Ok(shape) if self.output.is_any() || shape.rank() == self.output.dims().len() => shape,
            _ => self.output.with_open(1).varying([false; 3]),
        }
    }

    /// Whether a mistake in this network for `input` is one that its declaration reports.
    const fn reports(&self) -> bool {
        self.checked && (self.input.shape().is_some() || self.check().is_err())
    }

    /// The shape that arrives at a step of a run on `input`; `None` after a mistake.
    pub const fn arrival(&self, input: Shape, path: &Path) -> Option<Shape> {
        let (mut list, mut x, mut depth) = (self.steps, input, 0);
        loop {
            let level = path.level(depth);
            let mut round = 0;
            while round < level.round {
                match steps(list, x, x) {
                    Ok(y) => x = y,
                    Err(_) => return None,
                }
                round += 1;
            }
            let mut i = 0;
            while i < level.index && i < list.len() {
                match list[i].output(x) {
                    Some(y) => x = y,
                    None => return None,
                }
                i += 1;
            }
            depth += 1;
            if depth == path.len() || i >= list.len() {
                return Some(x);
            }
            list = match list[i].kind {
                StepKind::Network(inner) => inner.steps,
                StepKind::Block(block) => block.branches[path.level(depth).branch],
                _ => return None,
            };
        }
    }
}

/// What is wrong with a step: the step itself, or a step within it.
#[allow(clippy::large_enum_variant)] // There are no boxes in const evaluation.
enum Fault {
    Here(Problem),
    Within { branch: usize, round: usize, mistake: Mistake },
}

/// The shape after a list of steps in a network that was run on `start`.
pub(crate) const fn steps(list: &[Step], start: Shape, input: Shape) -> Result<Shape, Mistake> {
    steps_with(list, start, input, None)
}

const fn steps_with(
    list: &[Step],
    start: Shape,
    input: Shape,
    change: Option<Change>,
) -> Result<Shape, Mistake> {
    let (mut x, mut i) = (input, 0);
    while i < list.len() {
        let (kind, further) = at_step(change, i, list[i].kind);
        x = match output(&kind, start, x, further) {
            Ok(y) => y,
            Err(Fault::Here(problem)) => {
                return Err(Mistake { path: Path::to(i), start, input: x, problem });
            }
            Err(Fault::Within { branch, round, mistake }) => {
                let path = mistake.path.within(i, branch, round);
                return Err(Mistake { path, ..mistake });
            }
        };
        i += 1;
    }
    Ok(x)
}

impl Step<'_> {
    /// The shape after this step, if nothing is wrong.
    pub const fn output(&self, input: Shape) -> Option<Shape> {
        match output(&self.kind, input, input, None) {
            Ok(output) => Some(output),
            Err(_) => None,
        }
    }
}

const fn output(
    kind: &StepKind,
    start: Shape,
    input: Shape,
    change: Option<Change>,
) -> Result<Shape, Fault> {
    let output = match kind {
        StepKind::Layer(layer) => layer.output(input),
        StepKind::Checkpoint(claim) => expect(*claim, input),
        StepKind::Network(inner) if !inner.input.holds(&input) => {
            Err(Problem::Network { takes: inner.input, got: input })
        }
        StepKind::Network(inner) => match inner.run(input) {
            Ok(output) => Ok(output),
            Err(_) if inner.reports() => Ok(inner.output_or_declared_for(input)),
            Err(mistake) => return Err(Fault::Within { branch: 0, round: 0, mistake }),
        },
        StepKind::Block(block) => return branches(block, start, input, change),
    };
    match output {
        Ok(output) => Ok(output),
        Err(problem) => Err(Fault::Here(problem)),
    }
}

/// What a block gives with a step within it changed.
pub(crate) const fn block_with(block: &Block, input: Shape, change: Change) -> Option<Shape> {
    match branches(block, input, input, Some(change)) {
        Ok(output) => Some(output),
        Err(_) => None,
    }
}

const fn branches(
    block: &Block,
    start: Shape,
    input: Shape,
    change: Option<Change>,
) -> Result<Shape, Fault> {
    if let Join::Repeat(rounds) = block.join {
        return repeat(block.branches[0], rounds, start, input, change);
    }
    // The first output, or the sum of channels for a `Concat`.
    let (mut all, mut branch) = (input, 0);
    while branch < block.branches.len() {
        let further = in_branch(change, branch);
        let output = match steps_with(block.branches[branch], start, input, further) {
            Ok(output) => output,
            Err(mistake) => return Err(Fault::Within { branch, round: 0, mistake }),
        };
        all = match (block.join, branch) {
            (Join::Residual, _) => tri_here!(meet(block.join, branch, input, output)),
            (_, 0) => output,
            _ => tri_here!(meet(block.join, branch, all, output)),
        };
        branch += 1;
    }
    Ok(all)
}

/// What two branches give together.
const fn meet(join: Join, branch: usize, first: Shape, other: Shape) -> Result<Shape, Problem> {
    let wrong = Problem::Branches { join, branch, first, other };
    if let Join::Concat = join {
        let (mut i, mut same) = (1, first.rank() == other.rank());
        while i < first.rank() {
            same = same && first.dim(i) == other.dim(i);
            i += 1;
        }
        return match first.dim(0).checked_add(other.dim(0)) {
            Some(channels) if same => Ok(first.with_channels(channels)),
            None if same => Err(Problem::Overflow),
            _ => Err(wrong),
        };
    }
    if first.same(&other) { Ok(first) } else { Err(wrong) }
}

const fn repeat(
    list: &[Step],
    rounds: usize,
    start: Shape,
    input: Shape,
    change: Option<Change>,
) -> Result<Shape, Fault> {
    if rounds == 0 {
        return Err(Fault::Here(Problem::ZeroRepeats));
    }
    let (mut x, mut round) = (input, 0);
    while round < rounds {
        // Before running it, so that the error is about the repetition and not the channels.
        let same = match change {
            // With the changed step the weights can only be known to fit if the channels do.
            Some(_) => input.rank() == x.rank() && input.dim(0) == x.dim(0),
            None => same_weights(list, input, x),
        };
        if !same {
            return Err(Fault::Here(Problem::Repeat { takes: input, gives: x }));
        }
        let y = match steps_with(list, start, x, change) {
            Ok(y) => y,
            Err(mistake) => return Err(Fault::Within { branch: 0, round, mistake }),
        };
        if y.same(&x) {
            // All other rounds are as this one.
            return Ok(y);
        }
        x = y;
        round += 1;
    }
    Ok(x)
}

/// Whether the layers have weights of the same shapes for both inputs.
const fn same_weights(list: &[Step], a: Shape, b: Shape) -> bool {
    let (mut a, mut b, mut i) = (a, b, 0);
    if a.rank() != b.rank() || a.dim(0) != b.dim(0) {
        return false;
    }
    while i < list.len() {
        let same = match list[i].kind {
            StepKind::Layer(layer) => match (Weight::of(&layer, a), Weight::of(&layer, b)) {
                (Some(v), Some(w)) => v.same(&w),
                (None, None) => true,
                _ => false,
            },
            StepKind::Network(inner) => same_weights(inner.steps, a, b),
            StepKind::Checkpoint(_) => true,
            StepKind::Block(block) => {
                let (mut same, mut branch) = (true, 0);
                while branch < block.branches.len() {
                    same = same && same_weights(block.branches[branch], a, b);
                    branch += 1;
                }
                same
            }
        };
        if !same {
            return false;
        }
        (a, b) = match (list[i].output(a), list[i].output(b)) {
            (Some(a), Some(b)) => (a, b),
            // A mistake is found by running it.
            _ => return true,
        };
        i += 1;
    }
    true
}

/// `got`, if it is what was claimed.
const fn expect(claim: Claim, got: Shape) -> Result<Shape, Problem> {
    if claim.holds(&got) { Ok(got) } else { Err(Problem::Expected { claim, got }) }
}
