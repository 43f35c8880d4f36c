//! The one-cycle policy.

use super::plain::cosine;
use super::{At, Schedule};

/// Up from a small rate to the optimiser's, then down to almost nothing, both along half a cosine:
/// the one-cycle policy of [Smith and Topin, 2017](https://arxiv.org/abs/1708.07120), as PyTorch's
/// [`OneCycleLR`](https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html)
/// without a cycle of the momentum. The optimiser's rate is its `max_lr`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OneCycle {
    /// The part of the steps on which the rate rises. Default: 0.3.
    pub rise: f64,
    /// The factor at the first step. Default: 1/25.
    pub start: f64,
    /// The factor at the last step. Default: 1/250 000.
    pub end: f64,
}

impl Default for OneCycle {
    fn default() -> Self {
        OneCycle { rise: 0.3, start: 1.0 / 25.0, end: 1.0 / 25e4 }
    }
}

impl Schedule for OneCycle {
    fn factor(&self, at: &At) -> f64 {
        let (step, last) = (at.step as f64, at.steps as f64 - 1.0);
        let top = self.rise * at.steps as f64 - 1.0;
        if step <= top {
            cosine(self.start, 1.0, step / top.max(f64::MIN_POSITIVE))
        } else {
            cosine(1.0, self.end, ((step - top) / (last - top).max(f64::MIN_POSITIVE)).min(1.0))
        }
    }
}
