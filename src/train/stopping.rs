//! When to stop before the last epoch.

use serde::{Deserialize, Serialize};

use super::exact;

/// Ends a training when the test loss has not fallen for some epochs.
///
/// ```
/// use shapewright::train::EarlyStopping;
///
/// let stopping = EarlyStopping { patience: 5, ..EarlyStopping::default() };
/// assert_eq!(stopping.min_delta, 0.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EarlyStopping {
    /// After how many epochs without a lower loss, from 1 on. Default: 3.
    pub patience: usize,
    /// How much lower it must be to count. Default: 0.
    pub min_delta: f64,
}

impl Default for EarlyStopping {
    fn default() -> Self {
        EarlyStopping { patience: 3, min_delta: 0.0 }
    }
}

/// How the test loss has gone so far.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Best {
    /// The lowest; infinite before the first.
    #[serde(with = "exact")]
    loss: f64,
    /// The last that was lower by what counts.
    #[serde(with = "exact")]
    counted: f64,
    /// Epochs since then.
    waited: usize,
}

impl Default for Best {
    fn default() -> Self {
        Best { loss: f64::INFINITY, counted: f64::INFINITY, waited: 0 }
    }
}

impl Best {
    /// Takes in an epoch's loss; whether it is the lowest.
    pub fn is_lower(&mut self, loss: f64, stopping: Option<EarlyStopping>) -> bool {
        let min_delta = stopping.map_or(0.0, |stopping| stopping.min_delta);
        if loss < self.counted - min_delta {
            (self.counted, self.waited) = (loss, 0);
        } else {
            self.waited += 1;
        }
        let lower = loss < self.loss;
        if lower {
            self.loss = loss;
        }
        lower
    }

    /// Whether that was enough.
    pub fn is_over(&self, stopping: EarlyStopping) -> bool {
        self.waited >= stopping.patience.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After how many of these losses the training is over.
    fn epochs(losses: &[f64], patience: usize, min_delta: f64) -> Option<usize> {
        let (mut best, stopping) = (Best::default(), EarlyStopping { patience, min_delta });
        let over = losses.iter().position(|&loss| {
            best.is_lower(loss, Some(stopping));
            best.is_over(stopping)
        });
        over.map(|i| i + 1)
    }

    #[test]
    fn it_is_over_after_so_many_epochs_without_a_lower_loss() {
        assert_eq!(epochs(&[3.0, 2.0, 2.5, 1.0, 1.0, 1.5, 0.5], 2, 0.0), Some(6));
        assert_eq!(epochs(&[3.0, 2.0, 2.5, 1.0, 1.0, 0.5], 2, 0.0), None);
        assert_eq!(epochs(&[1.0, f64::NAN, f64::NAN], 2, 0.0), Some(3));
    }

    #[test]
    fn steps_below_min_delta_count_once_they_add_up() {
        assert_eq!(epochs(&[1.0, 0.95, 0.9, 0.85, 0.8], 3, 0.12), None);
        assert_eq!(epochs(&[1.0, 0.99, 0.98, 0.97], 3, 0.12), Some(4));
    }

    #[test]
    fn the_lowest_loss_needs_no_min_delta() {
        let mut best = Best::default();
        let stopping = Some(EarlyStopping { patience: 1, min_delta: 0.5 });
        assert_eq!([1.0, 0.9, 0.95].map(|loss| best.is_lower(loss, stopping)), [true, true, false]);
        assert_eq!(best.loss, 0.9);
    }
}
