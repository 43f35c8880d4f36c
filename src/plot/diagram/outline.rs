//! A network as a line of boxes, with what goes past them.

use std::ops::Range;

use super::kind::Kind;
use super::words;
use crate::shape::{Block, Join, Network, Shape, Step, StepKind};

/// More lines than these of what is in a box end in dots.
const MOST_LINES: usize = 4;

/// Everything that a diagram shows.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    pub parts: Vec<Part>,
    /// Branches: each leaves before its first part and arrives at its last.
    pub arcs: Vec<Span>,
    /// Inner networks and blocks that are open, from their first part to their last.
    pub groups: Vec<Span>,
    /// What kinds there are, and the names of their layers.
    pub legend: Vec<(Kind, Vec<String>)>,
    /// Whether the next layer may be a slice on the box before it.
    attach: bool,
}

/// One place on the line.
#[derive(Clone, Debug)]
pub enum Part {
    /// What a layer gives.
    Map(Map),
    /// Where branches come together.
    Join { join: Join, shape: Shape },
}

/// A box.
#[derive(Clone, Debug)]
pub struct Map {
    pub name: String,
    pub lines: Vec<String>,
    pub kind: Kind,
    pub shape: Shape,
    /// Further layers that keep the shape.
    pub slices: Vec<Kind>,
}

/// Something above or below several parts, from the first to the last.
#[derive(Clone, Debug)]
pub struct Span {
    pub from: usize,
    pub to: usize,
    pub lines: Vec<String>,
}

impl Span {
    /// Whether any of these parts are its own.
    pub fn is_in(&self, parts: &Range<usize>) -> bool {
        self.from < parts.end && self.to >= parts.start
    }
}

impl Outline {
    /// Arcs and groups.
    pub fn spans(&self) -> impl Iterator<Item = &Span> {
        self.arcs.iter().chain(&self.groups)
    }

    /// Of a run on `input`, up to the first mistake if there is one. So many levels of networks,
    /// named blocks and repeats within are open.
    pub fn of(network: &Network, input: Shape, depth: usize) -> Self {
        let mut outline = Outline::default();
        outline.map("", vec!["input".to_string()], Kind::Input, input);
        outline.steps(network.steps, input, depth);
        outline.legend.sort_by_key(|(kind, _)| *kind);
        outline
    }

    fn steps(&mut self, steps: &[Step], input: Shape, depth: usize) {
        let mut x = input;
        for step in steps {
            let Some(y) = step.output(x) else { break };
            match step.kind {
                StepKind::Layer(layer) => {
                    let kind = Kind::of(&layer);
                    self.explain(kind, layer.name());
                    if kind.is_slice() {
                        self.slice(kind, y);
                    } else {
                        self.map(step.name, words::lines(&layer), kind, y);
                    }
                }
                StepKind::Network(inner) if inner.steps.is_empty() => {
                    self.explain(Kind::Own, inner.name);
                    self.slice(Kind::Own, y);
                }
                StepKind::Network(inner) if depth > 0 => {
                    let name = if step.name.is_empty() { "" } else { ": " };
                    let label = [step.name, name, inner.name].concat();
                    self.group(label, |outline| outline.steps(inner.steps, x, depth - 1));
                }
                StepKind::Network(_) => {
                    self.map(step.name, describe_step(step), Kind::Inner, y);
                }
                StepKind::Checkpoint(_) => {}
                StepKind::Block(block) if step.is_transparent() => self.block(&block, x, y, depth),
                StepKind::Block(block) if depth > 0 => {
                    let times = times(block.rounds()).unwrap_or_default();
                    let label = [step.name, &times].join(" ");
                    self.group(label, |outline| outline.block(&block, x, y, depth - 1));
                }
                StepKind::Block(_) => {
                    self.map(step.name, describe_step(step), Kind::Inner, y);
                }
            }
            x = y;
        }
    }

    /// Puts the longest branch on the line, and leads the others past it.
    fn block(&mut self, block: &Block, input: Shape, output: Shape, depth: usize) {
        let branches = block.branches;
        // The first of the longest.
        let longest = (0..branches.len()).rev().max_by_key(|&i| boxes(branches[i]));
        let Some(longest) = longest else { return };
        if matches!(block.join, Join::Chain | Join::Repeat(_)) {
            self.steps(branches[longest], input, depth);
            return;
        }
        let from = self.parts.len();
        self.attach = false;
        self.steps(branches[longest], input, depth);
        let to = self.parts.len();
        self.parts.push(Part::Join { join: block.join, shape: output });
        self.attach = false;
        if block.join == Join::Residual {
            self.arcs.push(Span { from, to, lines: Vec::new() });
        }
        for (_, branch) in branches.iter().enumerate().filter(|(i, _)| *i != longest) {
            self.arcs.push(Span { from, to, lines: describe(branch) });
        }
    }

    /// Adds what `inner` adds, with a bracket around it.
    fn group(&mut self, label: String, inner: impl FnOnce(&mut Self)) {
        let from = self.parts.len();
        self.attach = false;
        inner(self);
        if self.parts.len() > from {
            let to = self.parts.len() - 1;
            self.groups.push(Span { from, to, lines: vec![label.trim().to_string()] });
        }
        self.attach = false;
    }

    fn map(&mut self, name: &str, mut lines: Vec<String>, kind: Kind, shape: Shape) {
        if lines.len() > MOST_LINES {
            lines.truncate(MOST_LINES - 1);
            lines.push("…".to_string());
        }
        let name = name.to_string();
        self.parts.push(Part::Map(Map { name, lines, kind, shape, slices: Vec::new() }));
        self.attach = true;
    }

    /// On the box before, or where that is another line's, a thin box of its own.
    fn slice(&mut self, kind: Kind, shape: Shape) {
        match self.parts.last_mut() {
            Some(Part::Map(map)) if self.attach => map.slices.push(kind),
            _ => self.map("", Vec::new(), kind, shape),
        }
    }

    fn explain(&mut self, kind: Kind, name: &str) {
        match self.legend.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, names)) if names.iter().any(|known| known == name) => {}
            Some((_, names)) => names.push(name.to_string()),
            None => self.legend.push((kind, vec![name.to_string()])),
        }
    }
}

/// How many boxes the steps are about to be.
fn boxes(steps: &[Step]) -> usize {
    let of_step = |step: &Step| match step.kind {
        StepKind::Layer(layer) => usize::from(!Kind::of(&layer).is_slice()),
        StepKind::Network(inner) => 1 + boxes(inner.steps),
        StepKind::Checkpoint(_) => 0,
        StepKind::Block(block) => {
            1 + block.branches.iter().map(|steps| boxes(steps)).sum::<usize>()
        }
    };
    steps.iter().map(of_step).sum()
}

/// Steps in words, one line each; several of the same in a row as `BasicBlock × 2`.
fn describe(steps: &[Step]) -> Vec<String> {
    let mut lines: Vec<(String, usize)> = Vec::new();
    for line in steps.iter().flat_map(describe_step) {
        match lines.last_mut() {
            Some((last, count)) if *last == line => *count += 1,
            _ => lines.push((line, 1)),
        }
    }
    let line = |(line, count)| match times(count) {
        Some(times) => format!("{line} {times}"),
        None => line,
    };
    lines.into_iter().map(line).collect()
}

fn describe_step(step: &Step) -> Vec<String> {
    match step.kind {
        StepKind::Layer(layer) => {
            let lines = words::lines(&layer);
            let options = lines[1..].join(", ");
            vec![[&lines[0], &*options].join(" ").trim_end().to_string()]
        }
        StepKind::Network(inner) => vec![inner.name.to_string()],
        StepKind::Checkpoint(_) => Vec::new(),
        StepKind::Block(Block { join: Join::Chain, branches }) => {
            branches.iter().flat_map(|steps| describe(steps)).collect()
        }
        StepKind::Block(Block { join: Join::Repeat(rounds), branches }) => {
            let inner = branches.iter().flat_map(|steps| describe(steps));
            inner.chain(times(rounds)).collect()
        }
        StepKind::Block(block) => vec![block.join.name().to_string()],
    }
}

/// `× 3`, but nothing for once.
fn times(count: usize) -> Option<String> {
    (count != 1).then(|| format!("× {count}"))
}
