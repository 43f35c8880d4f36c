//! A network as a list of steps over values, and what can be made of it before it runs.

use std::sync::{Arc, OnceLock};

use crate::error::Dims;
use crate::kernels::conv2d::Prepared;
use crate::kernels::linear;
use crate::ops::cpu::{CpuElement, Trace, TracedOp};

/// All steps in order.
pub struct Graph<E> {
    pub steps: Vec<Step<E>>,
    /// The numbers of one input in each value; 0 for what no step uses any more.
    pub lens: Vec<usize>,
    /// The value that is the result. The input is the value 0.
    pub output: usize,
}

/// An operation, described for one input, and what is done with its results before they are stored.
pub struct Step<E> {
    pub op: TracedOp<E>,
    pub inputs: Vec<usize>,
    pub output: usize,
    /// Of the output.
    pub dims: Dims,
    /// Added to the results. The output takes its place in memory.
    pub residual: Option<usize>,
    /// Whether negative results become 0.
    pub relu: bool,
    /// Of a convolution, once it has been made ready for any size of a batch: the weight is packed
    /// for all of them.
    pub prepared: OnceLock<Prepared<E>>,
    /// Of a fully connected layer, the same.
    pub linear: OnceLock<Arc<linear::Prepared<E>>>,
}

impl<E: CpuElement> Graph<E> {
    /// `None` if a value comes from nowhere: from a layer that is not made of operations alone.
    pub fn new(input: Dims, trace: Trace<E>, output: usize) -> Option<Self> {
        let values = trace.iter().map(|step| step.output + 1).max().unwrap_or(1);
        let mut lens = vec![0; values];
        lens[0] = input.iter().product();
        let mut steps = Vec::with_capacity(trace.len());
        for traced in trace {
            // A value without numbers is also one that no step has made.
            if traced.inputs.iter().any(|&value| lens.get(value).is_none_or(|&len| len == 0)) {
                return None;
            }
            lens[traced.output] = traced.dims.iter().product();
            steps.push(Step {
                op: traced.op,
                inputs: traced.inputs,
                output: traced.output,
                dims: traced.dims,
                residual: None,
                relu: false,
                prepared: OnceLock::new(),
                linear: OnceLock::new(),
            });
        }
        (lens.get(output).is_some_and(|&len| len > 0)).then_some(Graph { steps, lens, output })
    }

    /// The step that makes a value, if it is no longer the input.
    pub fn maker(&self, value: usize) -> Option<usize> {
        self.steps.iter().position(|step| step.output == value)
    }

    /// How often a value is used; being the result counts.
    pub fn uses(&self, value: usize) -> usize {
        let by_steps = self.steps.iter().flat_map(Step::reads).filter(|&read| read == value);
        by_steps.count() + usize::from(self.output == value)
    }
}

impl<E> Step<E> {
    /// The values that it needs.
    pub fn reads(&self) -> impl Iterator<Item = usize> + '_ {
        self.inputs.iter().copied().chain(self.residual)
    }
}
