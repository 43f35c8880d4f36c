//! Parameters and multiply-adds of whole networks.

use crate::{Network, Shape, Step, StepKind};

impl Network<'_> {
    /// Trainable parameters of the whole network, up to the first mistake.
    pub const fn parameters(&self) -> usize {
        self.parameters_for(self.example())
    }

    const fn parameters_for(&self, input: Shape) -> usize {
        self.own_parameters.saturating_add(parameters(self.steps, input))
    }

    /// Multiply-adds of the whole network for one input, up to the first mistake.
    pub const fn multiply_adds(&self, input: Shape) -> u64 {
        multiply_adds(self.steps, input)
    }
}

impl Step<'_> {
    /// The number of trainable parameters.
    pub const fn parameters(&self, input: Shape) -> usize {
        match self.kind {
            StepKind::Layer(layer) => match layer.parameters(input) {
                Some(n) => n,
                None => usize::MAX,
            },
            StepKind::Network(inner) => inner.parameters_for(input),
            StepKind::Checkpoint(_) => 0,
            StepKind::Block(block) => {
                let (mut sum, mut i) = (0usize, 0);
                while i < block.branches.len() {
                    sum = sum.saturating_add(parameters(block.branches[i], input));
                    i += 1;
                }
                sum.saturating_mul(block.rounds())
            }
        }
    }

    /// Multiply-adds for one input.
    pub const fn multiply_adds(&self, input: Shape, output: Shape) -> u64 {
        match self.kind {
            StepKind::Layer(layer) => layer.multiply_adds(input, output),
            StepKind::Network(inner) => inner.multiply_adds(input),
            StepKind::Checkpoint(_) => 0,
            StepKind::Block(block) => {
                let (mut sum, mut x, mut round) = (0u64, input, 0);
                while round < block.rounds() {
                    let mut i = 0;
                    while i < block.branches.len() {
                        sum = sum.saturating_add(multiply_adds(block.branches[i], x));
                        i += 1;
                    }
                    round += 1;
                    // Only a `Repeat` has another round.
                    if round < block.rounds() {
                        x = match crate::walk::steps(block.branches[0], x, x) {
                            Ok(y) if y.same(&x) => {
                                return sum.saturating_mul((block.rounds() - round + 1) as u64);
                            }
                            Ok(y) => y,
                            Err(_) => return sum,
                        };
                    }
                }
                sum
            }
        }
    }
}

const fn parameters(steps: &[Step], input: Shape) -> usize {
    let (mut x, mut sum, mut i) = (input, 0usize, 0);
    while i < steps.len() {
        let Some(y) = steps[i].output(x) else { return sum };
        sum = sum.saturating_add(steps[i].parameters(x));
        x = y;
        i += 1;
    }
    sum
}

const fn multiply_adds(steps: &[Step], input: Shape) -> u64 {
    let (mut x, mut sum, mut i) = (input, 0u64, 0);
    while i < steps.len() {
        let Some(y) = steps[i].output(x) else { return sum };
        sum = sum.saturating_add(steps[i].multiply_adds(x, y));
        x = y;
        i += 1;
    }
    sum
}
