//! The gradients of a network's values, from its output back to its input.

use dfdx::prelude::*;

use super::{Buffer, CpuElement, Gradient, History};
use crate::kernels::join;

/// The gradient of one operation.
pub(super) struct Step<E: CpuElement> {
    /// The value that the operation made.
    pub node: usize,
    #[allow(clippy::type_complexity)]
    pub backward: Box<dyn FnOnce(Buffer<E>, &mut Backward<E>) -> Result<(), CpuError>>,
}

/// What an operation's gradient adds to.
pub struct Backward<'a, E: CpuElement> {
    /// The gradients of tensors: the parameters, and the network's input.
    pub grads: &'a mut Gradients<E, Cpu>,
    /// Nobody asks for that of data.
    input: Option<&'a Gradient<E>>,
    /// The gradients of the values in between, so far.
    values: Vec<Option<Buffer<E>>>,
}

impl<E: CpuElement> Backward<'_, E> {
    /// Adds what `set` writes, to a buffer of numbers that mean nothing.
    pub fn set(
        &mut self,
        node: usize,
        len: usize,
        set: impl FnOnce(&mut [E]),
    ) -> Result<(), CpuError> {
        if node == 0 && self.input.is_none() {
            return Ok(());
        }
        let mut g = Buffer::stale(len);
        set(&mut g);
        self.give(node, g)
    }

    /// Adds a whole buffer, which becomes the gradient if there is none yet.
    pub fn give(&mut self, node: usize, g: Buffer<E>) -> Result<(), CpuError> {
        if self.has(node) {
            return self.add(node, &g);
        }
        self.values[node] = Some(g);
        Ok(())
    }

    /// Adds the same buffer to two gradients, with a copy only if there is none yet of either.
    pub fn give_both(&mut self, nodes: [usize; 2], g: Buffer<E>) -> Result<(), CpuError> {
        let [a, b] = nodes;
        let [add, give] = if self.has(b) { [b, a] } else { [a, b] };
        self.add(add, &g)?;
        self.give(give, g)
    }

    fn add(&mut self, node: usize, g: &[E]) -> Result<(), CpuError> {
        match (node, self.input) {
            (0, None) => {}
            (0, Some(input)) => join::add_in_place(g, input(self.grads)?),
            _ => match &mut self.values[node] {
                Some(sum) => join::add_in_place(g, sum),
                none => {
                    let mut copy = Buffer::stale(g.len());
                    join::copy(g, &mut copy);
                    *none = Some(copy);
                }
            },
        }
        Ok(())
    }

    /// Whether there is a gradient of a value, if only of none of use. Of the input there always is.
    fn has(&self, node: usize) -> bool {
        node == 0 || self.values[node].is_some()
    }
}

/// Runs all steps, the last first. `gy` is the gradient of the value `node`.
pub(super) fn run<E: CpuElement>(
    history: History<E>,
    node: usize,
    gy: Buffer<E>,
    grads: &mut Gradients<E, Cpu>,
) -> Result<(), CpuError> {
    let History { entry, steps, nodes, .. } = history;
    let mut values = Vec::new();
    values.resize_with(nodes, || None);
    let mut backward = Backward { grads, input: entry.input.as_ref(), values };
    backward.give(node, gy)?;
    for step in steps.into_iter().rev() {
        if let Some(gy) = backward.values[step.node].take() {
            (step.backward)(gy, &mut backward)?;
        }
    }
    Ok(())
}
