//! Every shape of a run, as a table by the numbers of the steps.

use crate::{Network, Shape, Step, StepKind, Weight};

/// What arrives at each of the `N` steps of a network, blocks' steps included, and what they give:
/// in the order of [`Step::count`], in the first round of a `Repeat`. `None` after a mistake.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trace<const N: usize> {
    /// What arrives.
    pub inputs: [Option<Shape>; N],
    /// What is given.
    pub outputs: [Option<Shape>; N],
}

impl<const N: usize> Trace<N> {
    /// Of a run of the network on its declared input.
    pub const fn of(network: &Network) -> Self {
        let mut trace = Trace { inputs: [None; N], outputs: [None; N] };
        trace.fill(network.steps, Some(network.example()), 0);
        trace
    }

    /// Fills in the steps of a list, the first of which has the number `number`.
    const fn fill(&mut self, list: &[Step], input: Option<Shape>, mut number: usize) {
        let (mut x, mut i) = (input, 0);
        while i < list.len() && number < N {
            let step = &list[i];
            let y = match x {
                Some(x) => step.output(x),
                None => None,
            };
            self.inputs[number] = x;
            self.outputs[number] = y;
            number += 1;
            if let StepKind::Block(block) = step.kind {
                let mut branch = 0;
                while branch < block.branches.len() {
                    self.fill(block.branches[branch], x, number);
                    number += crate::network::count(block.branches[branch]);
                    branch += 1;
                }
            }
            x = y;
            i += 1;
        }
    }

    /// The shape after each step, up to a mistake; after it, the network's input.
    pub const fn shapes(&self, network: &Network) -> [Shape; N] {
        let mut shapes = [network.example(); N];
        let mut i = 0;
        while i < N {
            if let Some(shape) = self.outputs[i] {
                shapes[i] = shape;
            }
            i += 1;
        }
        shapes
    }

    /// Dimension `axis` of the output of step `number`.
    pub const fn dim(&self, number: usize, axis: usize) -> usize {
        match self.outputs[number] {
            Some(shape) => shape.dim(axis),
            None => 1,
        }
    }

    /// Dimension `axis` of the weight of the layer at step `number`.
    pub const fn weight(&self, network: &Network, number: usize, axis: usize) -> usize {
        match self.weight_and_bias(network, number) {
            Some(weight) if axis < weight.dims().len() => weight.dims()[axis],
            _ => 1,
        }
    }

    /// The number of dimensions of the weight of the layer at step `number`.
    pub const fn weight_rank(&self, network: &Network, number: usize) -> usize {
        match self.weight_and_bias(network, number) {
            Some(weight) => weight.dims().len(),
            None => 1,
        }
    }

    /// The length of the bias of the layer at step `number`.
    pub const fn bias(&self, network: &Network, number: usize) -> usize {
        match self.weight_and_bias(network, number) {
            Some(weight) => weight.bias_length(),
            None => 1,
        }
    }

    const fn weight_and_bias(&self, network: &Network, number: usize) -> Option<Weight> {
        match (self.inputs[number], self.outputs[number]) {
            (Some(x), Some(_)) => network.weight_for(number, x),
            _ => None,
        }
    }
}

impl Network<'_> {
    /// Dimension `axis` of what the step `number` gives; 1 after a mistake.
    pub const fn dim_after(&self, number: usize, axis: usize) -> usize {
        match self.output_of(number) {
            Some(shape) => shape.dim(axis),
            None => 1,
        }
    }

    /// The number of dimensions of what the step `number` gives; 3 after a mistake.
    pub const fn rank_after(&self, number: usize) -> usize {
        match self.output_of(number) {
            Some(shape) => shape.rank(),
            None => 3,
        }
    }

    const fn output_of(&self, number: usize) -> Option<Shape> {
        let path = self.path(number);
        match (self.arrival(self.example(), &path), self.step(&path)) {
            (Some(x), Some(step)) => step.output(x),
            _ => None,
        }
    }

    /// The weight and bias of the layer at step `number`; `None` after a mistake.
    pub const fn weight_and_bias(&self, number: usize) -> Option<Weight> {
        match self.arrival(self.example(), &self.path(number)) {
            Some(x) => self.weight_for(number, x),
            None => None,
        }
    }

    const fn weight_for(&self, number: usize, input: Shape) -> Option<Weight> {
        let Some(step) = self.step(&self.path(number)) else { return None };
        // A layer with a mistake, such as 0 groups, has no weight.
        match (step.kind, step.output(input)) {
            (StepKind::Layer(layer), Some(_)) => Weight::of(&layer, input),
            _ => None,
        }
    }
}

/// The dimensions of a shape of `R` dimensions, as an array.
pub const fn dims<const R: usize>(shape: &Shape) -> [usize; R] {
    let mut dims = [1; R];
    let mut i = 0;
    while i < R && i < shape.rank() {
        dims[i] = shape.dim(i);
        i += 1;
    }
    dims
}
