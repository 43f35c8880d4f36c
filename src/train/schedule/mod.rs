//! Learning rates over the course of a training.
//!
//! A [`Schedule`] gives the factor by which the optimiser's learning rate is multiplied at a step.
//! All but those that say otherwise count in steps, as PyTorch's do if they are advanced after each
//! batch. A closure is one, too:
//!
//! ```
//! use shapewright::train::schedule::{At, Cosine, Schedule, WarmUp};
//!
//! // Ten steps from a tenth of the rate to all of it, then along a cosine to zero.
//! let schedule = WarmUp { steps: 10, start: 0.1, then: Cosine { end: 0.0 } };
//! let at = |step| At { step, steps: 110, steps_per_epoch: 11 };
//! assert_eq!(schedule.factor(&at(0)), 0.1);
//! assert_eq!(schedule.factor(&at(10)), 1.0);
//! assert!((schedule.factor(&at(60)) - 0.5).abs() < 1e-12);
//!
//! let halved_in_the_last_epoch = |at: &At| if at.epoch() == 9 { 0.5 } else { 1.0 };
//! assert_eq!(halved_in_the_last_epoch.factor(&at(99)), 0.5);
//! ```

mod one_cycle;
mod plain;
mod warm_up;

pub use one_cycle::OneCycle;
pub use plain::{Constant, Cosine, Linear, MultiStep, StepDecay};
pub use warm_up::WarmUp;

/// A moment of a training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// The step that comes, counted from 0.
    pub step: usize,
    /// All steps of the training.
    pub steps: usize,
    /// Steps of an epoch.
    pub steps_per_epoch: usize,
}

impl At {
    /// The epoch of the step, counted from 0.
    pub fn epoch(&self) -> usize {
        self.step / self.steps_per_epoch.max(1)
    }

    /// The part of the training that is over, from 0 to 1.
    pub fn progress(&self) -> f64 {
        (self.step as f64 / self.steps.max(1) as f64).min(1.0)
    }
}

/// The learning rate over the course of a training.
pub trait Schedule {
    /// What the learning rate is multiplied with at a step. A pure function of the step, so that a
    /// training that is resumed goes on with the same rates.
    fn factor(&self, at: &At) -> f64;
}

impl<F: Fn(&At) -> f64> Schedule for F {
    fn factor(&self, at: &At) -> f64 {
        self(at)
    }
}

impl Schedule for Box<dyn Schedule> {
    fn factor(&self, at: &At) -> f64 {
        (**self).factor(at)
    }
}
