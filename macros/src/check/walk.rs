//! The walk over the shapes that the macro knows: from the input up to the first number that
//! only the compiler can read.

use super::{Checked, Kind, Step};
use crate::ast::Join;
use proc_macro2::Span;
use shapewright_shape::{
    self as shape, Arg, Claim, Layer, Mistake, Network, Problem, Shape, StepKind, Text, words,
};
use syn::ext::IdentExt;

/// Finds every mistake that can be found here, and notes the shapes.
pub fn shapes(network: &mut Checked) {
    let mut walk = Walk::new(network);
    let mut found = Vec::new();
    let input = network.input.claim();
    let start = input.map(|input| walk.describe(network, input).example());
    if let Some((input, start)) = input.zip(start) {
        walk.run(network, input, start, &mut found);
    }
    // What is open may stand for anything.
    let described = walk.describe(network, input.unwrap_or(Claim::ANY));
    options(&network.steps, &described, &mut found);
    found.sort_by_key(|mistake| mistake.number);
    for Found { place, words, .. } in found {
        network.mistakes.error_between(place, words);
    }
    let mut steps = std::mem::take(&mut network.steps);
    network.output_shape = walk.note(&mut steps, start);
    network.steps = steps;
}

/// A mistake in words, at the step with this number.
struct Found {
    number: usize,
    place: [Span; 2],
    words: Text,
}

/// The network for the shape engine, where its input is known.
pub fn described(network: &Checked) -> Option<Network<'static>> {
    Some(Walk::new(network).describe(network, network.input.claim()?))
}

/// What the network gives on its input with these layers at the steps with these numbers, or at
/// which step it is wrong then.
pub fn run_with(network: &Checked, layers: &[(usize, Layer)]) -> Result<Shape, (usize, Problem)> {
    let mut walk = Walk::new(network);
    for &(number, layer) in layers {
        walk.corrected[number] = Some(StepKind::Layer(layer));
    }
    let described = walk.describe(network, network.input.claim().unwrap_or(Claim::ANY));
    described.check().map_err(|mistake| (described.number(&mistake.path), mistake.problem))
}

struct Walk {
    /// Steps without the claims that did not hold.
    corrected: Vec<Option<StepKind<'static>>>,
    /// Steps after which the shape is not known, because of a mistake.
    stopped: Vec<bool>,
}

impl Walk {
    fn new(network: &Checked) -> Self {
        let n = network.count;
        Walk { corrected: vec![None; n], stopped: vec![false; n] }
    }

    /// Runs the network again and again, each time without the mistakes that have been found.
    fn run(&mut self, network: &Checked, input: Claim, start: Shape, found: &mut Vec<Found>) {
        loop {
            let described = self.describe(network, input);
            let Err(mistake) = described.run(start) else { return };
            let (number, problem) = (described.number(&mistake.path), mistake.problem);
            let words = words::explain(&described, &mistake);
            if let Problem::BadInput { .. } = problem {
                found.push(Found { number: 0, place: [network.input.span; 2], words });
                return;
            }
            let Some(step) = find(&network.steps, number) else {
                if self.passes(&network.steps) {
                    found.push(Found { number, place: [network.output.span; 2], words });
                }
                return;
            };
            if !self.reaches(&network.steps, number) {
                return;
            }
            found.push(Found { number, place: place(&step.kind, problem.arg()), words });
            // On with what the user probably means, for the steps after it.
            let kind = self.corrected[number].or(step.kind.known());
            match kind.and_then(|kind| corrected(kind, problem)) {
                Some(kind) => self.corrected[number] = Some(kind),
                None => self.stopped[number] = true,
            }
        }
    }

    /// The network for the shape engine. What is not known changes nothing there; the walk does
    /// not trust what comes after it.
    fn describe(&self, network: &Checked, input: Claim) -> Network<'static> {
        // An output that can't be read yet is not what a mistake within the steps is about.
        let output = network.output.claim().unwrap_or(Claim::ANY);
        let name = leak(network.name.unraw().to_string());
        Network::new(name, input, output, self.list(&network.steps))
    }

    fn list(&self, steps: &[Step]) -> &'static [shape::Step<'static>] {
        let steps = steps.iter().map(|step| {
            let kind = match &step.kind {
                Kind::Block(block) => StepKind::Block(shape::Block {
                    join: join(&block.join),
                    branches: leak_list(block.branches.iter().map(|b| self.list(b)).collect()),
                }),
                kind => self.corrected[step.number]
                    .or(kind.known())
                    .unwrap_or(StepKind::Checkpoint(Claim::ANY)),
            };
            shape::Step { name: leak(text(step)), kind }
        });
        leak_list(steps.collect())
    }

    /// Whether the shape after the step is known, if that before it is.
    fn knows(&self, step: &Step) -> bool {
        let known = match &step.kind {
            Kind::Block(block) => {
                let rounds = !matches!(&block.join, Join::Repeat(n) if n.known.is_none());
                rounds && block.branches.iter().all(|branch| self.passes(branch))
            }
            kind => kind.known().is_some(),
        };
        known && !self.stopped[step.number]
    }

    /// Whether the shape after these steps is known, if that before them is.
    fn passes(&self, steps: &[Step]) -> bool {
        steps.iter().all(|step| self.knows(step))
    }

    /// Whether the shape that arrives at the step with this number is known.
    fn reaches(&self, steps: &[Step], number: usize) -> bool {
        for step in steps {
            if step.number == number {
                let inner = step.kind.branches().iter().all(|branch| self.passes(branch));
                return inner && !self.stopped[number];
            }
            for branch in step.kind.branches() {
                if find(branch, number).is_some() {
                    return self.reaches(branch, number);
                }
            }
            if !self.knows(step) {
                return false;
            }
        }
        false
    }

    /// Notes the shapes that arrive at the steps and come out.
    fn note(&self, steps: &mut [Step], input: Option<Shape>) -> Option<Shape> {
        let mut x = input;
        for step in steps {
            step.input = x;
            if let Kind::Block(block) = &mut step.kind {
                for branch in &mut block.branches {
                    self.note(branch, x);
                }
            }
            let described = self.list(std::slice::from_ref(step));
            step.output = x.filter(|_| self.knows(step)).and_then(|x| described[0].output(x));
            x = step.output;
        }
        x
    }
}

/// What is wrong with layers whatever arrives there, where the run did not come to it.
fn options(steps: &[Step], network: &Network, found: &mut Vec<Found>) {
    for step in steps {
        if let Some(StepKind::Layer(layer)) = step.kind.known()
            && let Err(problem) = layer.check_options()
            && found.iter().all(|mistake| mistake.number != step.number)
        {
            let (path, input) = (network.path(step.number), Shape::features(1));
            let mistake = Mistake { path, start: input, input, problem };
            let words = words::explain(network, &mistake);
            let place = place(&step.kind, problem.arg());
            found.push(Found { number: step.number, place, words });
        }
        step.kind.branches().iter().for_each(|branch| options(branch, network, found));
    }
}

pub(super) fn join(join: &Join) -> shape::Join {
    match join {
        Join::Chain => shape::Join::Chain,
        Join::Residual => shape::Join::Residual,
        Join::Shortcut => shape::Join::Shortcut,
        Join::Concat => shape::Join::Concat,
        Join::Sum => shape::Join::Sum,
        Join::Repeat(rounds) => shape::Join::Repeat(rounds.known.unwrap_or(1)),
    }
}

fn find(steps: &[Step], number: usize) -> Option<&Step> {
    steps.iter().find_map(|step| {
        if step.number == number {
            return Some(step);
        }
        step.kind.branches().iter().find_map(|branch| find(branch, number))
    })
}

/// The step without the claim that does not hold; `None` if that is not what was wrong.
fn corrected(kind: StepKind<'static>, problem: Problem) -> Option<StepKind<'static>> {
    Some(match (kind, problem) {
        (StepKind::Layer(Layer::Conv2d(mut conv)), Problem::Channels { .. }) => {
            conv.in_channels = None;
            StepKind::Layer(Layer::Conv2d(conv))
        }
        (StepKind::Layer(Layer::Conv1d(mut conv)), Problem::Channels { .. }) => {
            conv.in_channels = None;
            StepKind::Layer(Layer::Conv1d(conv))
        }
        (StepKind::Layer(Layer::ConvTranspose2d(mut conv)), Problem::Channels { .. }) => {
            conv.in_channels = None;
            StepKind::Layer(Layer::ConvTranspose2d(conv))
        }
        (StepKind::Layer(Layer::Linear(mut linear)), Problem::Features { .. }) => {
            linear.in_features = None;
            StepKind::Layer(Layer::Linear(linear))
        }
        (StepKind::Checkpoint(_), Problem::Expected { .. }) => StepKind::Checkpoint(Claim::ANY),
        _ => return None,
    })
}

/// Where the argument stands; the layer, if it is not written out.
pub fn span(kind: &Kind, arg: Arg) -> Span {
    match kind {
        Kind::Checkpoint(shape) => shape.span,
        Kind::Network(network) => {
            network.path.segments.last().map_or(Span::call_site(), |s| s.ident.span())
        }
        Kind::Block(block) => match (&block.join, arg) {
            (Join::Repeat(rounds), Arg::Out) => rounds.span,
            _ => block.span,
        },
        Kind::Layer(def) => {
            let at = def.spans.iter().rev().find(|(a, _)| *a == arg).or(def.spans.first());
            at.map_or(Span::call_site(), |(_, span)| *span)
        }
    }
}

/// The same with where it ends.
fn place(kind: &Kind, arg: Arg) -> [Span; 2] {
    let first = span(kind, arg);
    let Kind::Layer(def) = kind else { return [first; 2] };
    let end = def.ends.iter().rev().find(|(a, _)| *a == arg);
    [first, end.map_or(first, |(_, span)| *span)]
}

fn text(step: &Step) -> String {
    step.name.as_ref().map(|n| n.unraw().to_string()).unwrap_or_default()
}

/// The engine borrows what it walks over; the process of the macro is a short one.
pub(super) fn leak(text: String) -> &'static str {
    text.leak()
}

pub(super) fn leak_list<T>(list: Vec<T>) -> &'static [T] {
    list.leak()
}
