//! A network's description, and the walk that yields every shape or the first mistake.

use crate::{Layer, Problem, Shape};

/// One step of a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step<'a> {
    /// The name the user gave, or the empty string.
    pub name: &'a str,
    /// What it does.
    pub kind: StepKind,
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StepKind {
    /// Runs a layer.
    Layer(Layer),
    /// Changes nothing and claims that the shape is this: `=> [16, 5, 5]`.
    Checkpoint(Shape),
}

/// A declared network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Network<'a> {
    /// Its name.
    pub name: &'a str,
    /// The shape of one image, without the batch.
    pub input: Shape,
    /// The steps in order. The declared output is not one of them.
    pub steps: &'a [Step<'a>],
}

/// A mistake and where it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mistake {
    /// The index of the step; the number of steps if it is the declared output.
    pub step: usize,
    /// The shape that arrived there.
    pub input: Shape,
    /// What is wrong.
    pub problem: Problem,
}

/// The shape after each of `N` steps, up to the first mistake.
#[derive(Clone, Copy, Debug)]
pub struct Trace<const N: usize> {
    /// The shape after each step; after a mistake the shape that arrived there.
    pub shapes: [Shape; N],
    /// The first mistake.
    pub mistake: Option<Mistake>,
}

impl StepKind {
    /// The shape after this step.
    pub const fn output(&self, input: Shape) -> Result<Shape, Problem> {
        match self {
            StepKind::Layer(layer) => layer.output(input),
            StepKind::Checkpoint(expected) => expect(*expected, input),
        }
    }
}

/// `got`, if it is what was expected.
const fn expect(expected: Shape, got: Shape) -> Result<Shape, Problem> {
    if expected.same(&got) { Ok(got) } else { Err(Problem::Expected { expected, got }) }
}

impl Network<'_> {
    /// Walks through all steps. `N` is their number.
    pub const fn trace<const N: usize>(&self) -> Trace<N> {
        assert!(N == self.steps.len());
        let mut trace = Trace { shapes: [self.input; N], mistake: None };
        let mut x = self.input;
        let mut i = 0;
        while i < N {
            if trace.mistake.is_none() {
                match self.steps[i].kind.output(x) {
                    Ok(y) => x = y,
                    Err(problem) => trace.mistake = Some(Mistake { step: i, input: x, problem }),
                }
            }
            trace.shapes[i] = x;
            i += 1;
        }
        trace
    }

    /// The output, or the first mistake; `declared` is what the user says the output is.
    pub const fn output(&self, declared: Option<Shape>) -> Result<Shape, Mistake> {
        let mut x = self.input;
        let mut i = 0;
        while i < self.steps.len() {
            match self.steps[i].kind.output(x) {
                Ok(y) => x = y,
                Err(problem) => return Err(Mistake { step: i, input: x, problem }),
            }
            i += 1;
        }
        if let Some(declared) = declared
            && let Err(problem) = expect(declared, x)
        {
            return Err(Mistake { step: i, input: x, problem });
        }
        Ok(x)
    }
}
