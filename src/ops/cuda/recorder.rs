//! What has happened to a batch since it entered a network.

use dfdx::prelude::*;

type Step<E> = Box<dyn FnOnce(&mut Gradients<E, Cuda>) -> Result<(), CudaError>>;

/// A tape for what happens between entering a network and leaving it, which then is one operation
/// on the caller's tape. So operations know the types of their tapes, and are compiled in this
/// crate.
pub struct Recorder<E: Unit> {
    /// In order.
    steps: Vec<Step<E>>,
}

impl<E: Unit> Recorder<E> {
    /// Runs all steps, the last first.
    pub fn run(self, grads: &mut Gradients<E, Cuda>) -> Result<(), CudaError> {
        self.steps.into_iter().rev().try_for_each(|step| step(grads))
    }
}

impl<E: Unit> Default for Recorder<E> {
    fn default() -> Self {
        Recorder { steps: Vec::new() }
    }
}

impl<E: Unit> Tape<E, Cuda> for Recorder<E> {
    const OWNS_TAPE: bool = true;

    fn add_backward_op<F>(&mut self, step: F)
    where
        F: 'static + FnOnce(&mut Gradients<E, Cuda>) -> Result<(), CudaError>,
    {
        self.steps.push(Box::new(step));
    }
}

impl<E: Unit> Merge<NoneTape> for Recorder<E> {
    fn merge(self, _: NoneTape) -> Self {
        self
    }
}

impl<E: Unit> Merge<Recorder<E>> for Recorder<E> {
    /// Only one operand of an operation has steps, so there is no order between both.
    fn merge(mut self, mut other: Recorder<E>) -> Self {
        self.steps.append(&mut other.steps);
        self
    }
}
