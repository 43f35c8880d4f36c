//! Schedules that fall from the start on.

use super::{At, Schedule};

/// Always the same rate.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Constant;

/// Along a line from 1 to `end`:
/// [`LinearLR`](https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html)
/// over all steps, from the factor 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Linear {
    /// The factor after the last step.
    pub end: f64,
}

/// Along half a cosine from 1 to `end`:
/// [`CosineAnnealingLR`](https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html)
/// over all steps ([Loshchilov and Hutter, 2016](https://arxiv.org/abs/1608.03983)).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cosine {
    /// The factor after the last step.
    pub end: f64,
}

/// Multiplied by `gamma` every so many epochs:
/// [`StepLR`](https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepDecay {
    /// After how many epochs, again and again. Zero is as one.
    pub epochs: usize,
    /// The factor each time.
    pub gamma: f64,
}

/// Multiplied by `gamma` at each of some epochs:
/// [`MultiStepLR`](https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiStepLR.html).
#[derive(Clone, Debug, PartialEq)]
pub struct MultiStep {
    /// The first epochs with a smaller rate, counted from 0.
    pub milestones: Vec<usize>,
    /// The factor at each.
    pub gamma: f64,
}

impl Schedule for Constant {
    fn factor(&self, _: &At) -> f64 {
        1.0
    }
}

impl Schedule for Linear {
    fn factor(&self, at: &At) -> f64 {
        1.0 + (self.end - 1.0) * at.progress()
    }
}

impl Schedule for Cosine {
    fn factor(&self, at: &At) -> f64 {
        cosine(1.0, self.end, at.progress())
    }
}

impl Schedule for StepDecay {
    fn factor(&self, at: &At) -> f64 {
        power(self.gamma, at.epoch() / self.epochs.max(1))
    }
}

impl Schedule for MultiStep {
    fn factor(&self, at: &At) -> f64 {
        let passed = |milestone: &&usize| **milestone <= at.epoch();
        power(self.gamma, self.milestones.iter().filter(passed).count())
    }
}

/// From `start` to `end` along half a cosine, of which the part `t` is over.
pub(super) fn cosine(start: f64, end: f64, t: f64) -> f64 {
    end + (start - end) * 0.5 * (1.0 + (std::f64::consts::PI * t).cos())
}

fn power(gamma: f64, n: usize) -> f64 {
    gamma.powi(i32::try_from(n).unwrap_or(i32::MAX))
}
