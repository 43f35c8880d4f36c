//! Blocks whose branches, or rounds, don't fit together.

use super::code::{self, Windows, with_outputs};
use super::{Goal, Help};
use crate::words::place::Place;
use crate::{Block, Conv2d, Join, Layer, Linear, Padding, Shape, Step, StepKind};

/// `first` is what the branch has to give, but `other` is what it gives.
pub(super) const fn do_not_meet(
    help: &mut Help,
    join: Join,
    branch: usize,
    first: Shape,
    other: Shape,
) {
    let Some(StepKind::Block(block)) = help.place.kind() else { return };
    if let Join::Residual = join {
        shortcut(help, block, first, other);
    }
    if let Join::Concat = join {
    } else {
        outputs(help, branch, first);
    }
    // The branch that is smaller than the others.
    let smaller = if first.rank() > 1 && first.dim(1) < other.dim(1) { 0 } else { branch };
    window(help, smaller);
    if smaller != branch {
        window(help, branch);
    }
}

/// What is to be done, where no change of one layer will do.
pub(super) const fn advice(help: &mut Help, first: Shape, other: Shape) {
    if first.rank() != other.rank() {
        help.line("all branches have to give images, or all features");
        return;
    }
    if first.rank() > 1 && (first.dim(1) != other.dim(1) || first.dim(2) != other.dim(2)) {
        help.line("a stride of 1 and `padding = same` keep the height and width");
    } else {
        help.line("a `Conv2d` with `kernel = 1` at its end gives a branch any channels");
    }
}

/// Brings the input of a `Residual` to what its block gives.
const fn shortcut(help: &mut Help, block: Block, first: Shape, other: Shape) {
    if first.rank() != 3 || other.rank() != 3 {
        return;
    }
    let mut stride = 1;
    while stride <= 8 {
        let conv = Conv2d { stride: [stride, stride], ..Conv2d::new(other.dim(0), [1, 1]) };
        let path = [Step::layer(Layer::Conv2d(conv))];
        let branches: [&[Step]; 2] = [block.branches[0], &path];
        let with = Block { join: Join::Shortcut, branches: &branches };
        if help.helps(StepKind::Block(with)) {
            help.line("bring the input there, too: `shortcut { Conv2d(").num(other.dim(0));
            help.t.str(", kernel = 1");
            if stride > 1 {
                help.t.str(", stride = ").num(stride);
            }
            help.t.str(") }` after the block");
            return;
        }
        stride += 1;
    }
}

/// Whether another layer as step `i` of a branch makes right what is to be made right.
const fn meets(help: &Help, inner: &Place, layer: Layer) -> bool {
    match help.goal {
        Goal::Network => help.makes_right(&inner.path, StepKind::Layer(layer)),
        Goal::Step => {
            let Some(StepKind::Block(block)) = help.place.kind() else { return false };
            let depth = help.place.path.len();
            let change = crate::change::Change::of(&inner.path, StepKind::Layer(layer));
            crate::walk::block_with(&block, help.mistake.input, change.below(depth)).is_some()
        }
        Goal::Options => false,
    }
}

/// The last layer of a branch that says how many outputs it has could have those of `wanted`.
const fn outputs(help: &mut Help, branch: usize, wanted: Shape) {
    let mut i = last(help, branch);
    while i > 0 {
        i -= 1;
        let Some(inner) = help.place.inner(branch, i) else { return };
        if let Some(StepKind::Layer(layer)) = inner.kind()
            && let Some(layer) = with_outputs(layer, wanted.dim(0))
        {
            if meets(help, &inner, layer) {
                inner.label(help.line("give "));
                let n = wanted.dim(0);
                help.t.str(" ").num(n).str(if n == 1 { " output: `" } else { " outputs: `" });
                code::call(help.t, &layer);
                help.t.str("`");
            }
            return;
        }
    }
}

/// A layer of a branch could keep the size.
const fn window(help: &mut Help, branch: usize) {
    let mut i = last(help, branch);
    while i > 0 {
        i -= 1;
        let Some(inner) = help.place.inner(branch, i) else { return };
        if let Some(StepKind::Layer(layer)) = inner.kind()
            && let Some(windows) = Windows::of(&layer)
            && (with_window(help, &inner, layer, Windows { padding: around(&windows), ..windows })
                || with_window(help, &inner, layer, Windows { stride: [1, 1], ..windows })
                || with_window(help, &inner, layer, Windows { stride: [2, 2], ..windows })
                || with_window(help, &inner, layer, Windows { padding: Padding::Same, ..windows }))
        {
            return;
        }
    }
}

/// As much padding as keeps the size with a stride of 1.
const fn around(windows: &Windows) -> Padding {
    let [h, w] = windows.kernel;
    let [y, x] = windows.dilation;
    Padding::symmetric(
        y.saturating_mul(h.saturating_sub(1)) / 2,
        x.saturating_mul(w.saturating_sub(1)) / 2,
    )
}

const fn with_window(help: &mut Help, inner: &Place, old: Layer, windows: Windows) -> bool {
    let new = windows.put(old);
    if !meets(help, inner, new) {
        return false;
    }
    inner.label(help.line("give "));
    code::change(help.t.str(" the option `"), &old, &new);
    help.t.str("`");
    true
}

/// The number of steps of a branch.
const fn last(help: &Help, branch: usize) -> usize {
    match help.place.kind() {
        Some(StepKind::Block(block)) if branch < block.branches.len() => {
            block.branches[branch].len()
        }
        _ => 0,
    }
}

/// The rounds of a `Repeat` need other weights.
pub(super) const fn of_repeat(help: &mut Help, takes: Shape, gives: Shape) {
    match (takes.rank(), gives.rank()) {
        (3, 3) => help.offer_before(Layer::Conv2d(Conv2d::new(gives.dim(0), [1, 1]))),
        (1, 1) => help.offer_before(Layer::Linear(Linear::new(gives.dim(0)))),
        _ => false,
    };
    outputs(help, 0, takes);
}

/// A `Repeat` of no rounds: the macro's error is on their number.
pub(super) const fn no_rounds(help: &mut Help) {
    let Some(StepKind::Block(block)) = help.place.kind() else { return };
    let mut rounds = 1;
    while rounds <= 4 {
        if matches!(help.goal, Goal::Options)
            || help.helps(StepKind::Block(Block { join: Join::Repeat(rounds), ..block }))
        {
            help.code("write ").num(rounds);
            help.end();
            return;
        }
        rounds += 1;
    }
}
