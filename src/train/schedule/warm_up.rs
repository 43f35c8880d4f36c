//! A gentle start.

use super::{At, Schedule};

/// Along a line from `start` to 1 in the first steps, then another schedule, which begins with its
/// own first step then: PyTorch's
/// [`LinearLR`](https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html)
/// before another one in a `SequentialLR`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WarmUp<S> {
    /// How many steps.
    pub steps: usize,
    /// The factor at the first step.
    pub start: f64,
    /// The schedule of all further steps.
    pub then: S,
}

impl<S: Schedule> Schedule for WarmUp<S> {
    fn factor(&self, at: &At) -> f64 {
        match at.step.checked_sub(self.steps) {
            Some(step) => {
                let steps = at.steps.saturating_sub(self.steps);
                self.then.factor(&At { step, steps, ..*at })
            }
            None => self.start + (1.0 - self.start) * at.step as f64 / self.steps as f64,
        }
    }
}
