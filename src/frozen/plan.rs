//! A graph ready to run on batches of one size: a kernel for each step, a place for each value.

use super::graph::{Graph, Step};
use super::kernel::{Inputs, Kernel, kernel};
use crate::ops::cpu::{CpuElement, TracedOp};
use shapewright_shape::Activation;
use std::mem::take;

/// Everything that a forward pass needs but memory.
pub struct Plan<E: CpuElement> {
    steps: Vec<Ready<E>>,
    /// The lengths of the buffers that values share, one after another.
    slots: Vec<usize>,
    /// Where the result is.
    result: Place,
    lens: [usize; 2],
}

/// Memory for a forward pass.
pub type Slots<E> = Vec<Vec<E>>;

/// Where a value is.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// In the input of the network.
    Input,
    /// In its output.
    Output,
    Slot(usize),
}

/// A step ready to run.
struct Ready<E: CpuElement> {
    kernel: Kernel<E>,
    inputs: Vec<(Place, usize)>,
    output: (Place, usize),
}

/// The numbers of all values of one input that lie in memory at once.
pub fn numbers<E: CpuElement>(graph: &Graph<E>) -> usize {
    let mut memory = Memory::new(graph);
    for i in 0..graph.steps.len() {
        memory.place(graph, i);
    }
    memory.slots.iter().sum()
}

impl<E: CpuElement> Plan<E> {
    /// For `batch` inputs at a time.
    pub fn new(graph: &Graph<E>, batch: usize) -> Self {
        let mut memory = Memory::new(graph);
        let mut steps = Vec::with_capacity(graph.steps.len());
        for (i, step) in graph.steps.iter().enumerate() {
            let in_place = memory.place(graph, i);
            let part = |value: usize| (memory.places[value], batch * graph.lens[value]);
            steps.push(Ready {
                kernel: kernel(step, batch, in_place),
                inputs: step.inputs.iter().map(|&input| part(input)).collect(),
                output: part(step.output),
            });
        }
        let result = memory.places[graph.output];
        let lens = [graph.lens[0], graph.lens[graph.output]].map(|len| batch * len);
        Plan { steps, slots: memory.slots.iter().map(|len| batch * len).collect(), result, lens }
    }

    /// Makes memory large enough for [`Plan::run`]. That of another plan for the same graph has as
    /// many buffers.
    pub fn fit(&self, slots: &mut Slots<E>) {
        slots.resize_with(self.slots.len(), Vec::new);
        for (slot, &len) in slots.iter_mut().zip(&self.slots) {
            slot.resize(slot.len().max(len), E::zero());
        }
    }

    /// From `x` to `y`, with memory that is large enough.
    pub fn run(&self, x: &[E], y: &mut [E], slots: &mut Slots<E>) {
        assert_eq!([x.len(), y.len()], self.lens);
        for step in &self.steps {
            let (place, len) = step.output;
            match place {
                Place::Slot(i) => {
                    // Out of the slots while it is written, so that the others can be read.
                    let mut own = take(&mut slots[i]);
                    (step.kernel)(&Read { step, x, slots }, &mut own[..len]);
                    slots[i] = own;
                }
                _ => (step.kernel)(&Read { step, x, slots }, &mut y[..len]),
            }
        }
        match self.result {
            Place::Input => y.copy_from_slice(x),
            Place::Slot(i) => y.copy_from_slice(&slots[i][..y.len()]),
            Place::Output => {}
        }
    }
}

/// The inputs of a step that runs.
struct Read<'a, E: CpuElement> {
    step: &'a Ready<E>,
    x: &'a [E],
    slots: &'a Slots<E>,
}

impl<E: CpuElement> Inputs<E> for Read<'_, E> {
    fn get(&self, input: usize) -> &[E] {
        let (place, len) = self.step.inputs[input];
        match place {
            Place::Slot(i) => &self.slots[i][..len],
            // No step reads the output of the network.
            _ => &self.x[..len],
        }
    }
}

/// Finds places for values while they are needed.
struct Memory {
    places: Vec<Place>,
    /// The longest value in each slot.
    slots: Vec<usize>,
    /// Until which step a slot's value is needed.
    busy: Vec<usize>,
}

impl Memory {
    fn new<E>(graph: &Graph<E>) -> Self {
        Memory { places: vec![Place::Input; graph.lens.len()], slots: Vec::new(), busy: Vec::new() }
    }

    /// Gives the output of a step its place, and tells whether it is that of an input.
    fn place<E: CpuElement>(&mut self, graph: &Graph<E>, i: usize) -> bool {
        let step = &graph.steps[i];
        let last = |value: usize| {
            let reads = |step: &Step<E>| step.reads().any(|read| read == value);
            let last = graph.steps.iter().rposition(reads).unwrap_or(i);
            if value == graph.output { usize::MAX } else { last }
        };
        let shared = step.residual.or_else(|| {
            let can = matches!(step.op, TracedOp::Activation(Activation::ReLU) | TracedOp::Add);
            let first = step.inputs[0];
            let twice = step.inputs[1..].contains(&first);
            (can && !twice && last(first) == i).then_some(first)
        });
        let until = last(step.output);
        if let Some(value) = shared
            && let Place::Slot(slot) = self.places[value]
        {
            self.places[step.output] = Place::Slot(slot);
            self.busy[slot] = until;
            return true;
        }
        self.places[step.output] = if until == usize::MAX && step.output == graph.output {
            let read = graph.steps.iter().any(|step| step.reads().any(|read| read == graph.output));
            if read { self.slot(graph.lens[step.output], i, until) } else { Place::Output }
        } else {
            self.slot(graph.lens[step.output], i, until)
        };
        false
    }

    /// The free slot that needs to grow least.
    fn slot(&mut self, len: usize, now: usize, until: usize) -> Place {
        let free = (0..self.slots.len()).filter(|&slot| self.busy[slot] < now);
        let slot = free.min_by_key(|&slot| self.slots[slot].abs_diff(len));
        let slot = slot.unwrap_or_else(|| {
            self.slots.push(0);
            self.busy.push(0);
            self.slots.len() - 1
        });
        self.slots[slot] = self.slots[slot].max(len);
        self.busy[slot] = until;
        Place::Slot(slot)
    }
}
