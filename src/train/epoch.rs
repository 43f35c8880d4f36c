//! How far a training is.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::stopping::Best;
use super::{Scores, exact};

/// An epoch that is over. Written, it is a line such as
/// `epoch 1/5  train loss 0.3121 accuracy 0.9043  test loss 0.1240 accuracy 0.9615  1.6 s`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Epoch {
    /// Which one, counted from 1.
    pub number: usize,
    /// How many there are to be.
    pub epochs: usize,
    /// Steps since the beginning of the training.
    pub step: usize,
    /// The learning rate of the last step.
    #[serde(with = "exact")]
    pub learning_rate: f64,
    /// Means over the training samples, each as the network was in its step.
    pub train: Scores,
    /// Means over the test samples, at the end of the epoch.
    pub test: Scores,
    /// The names of the scores' metrics.
    pub metrics: Vec<String>,
    /// How long it took, in seconds.
    #[serde(with = "exact")]
    pub seconds: f64,
    /// Whether the test loss is the lowest so far.
    pub is_best: bool,
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Epoch { number, epochs, train, test, metrics, seconds, .. } = self;
        let (train, test) = (train.in_words(metrics), test.in_words(metrics));
        write!(f, "epoch {number}/{epochs}  train {train}  test {test}  {seconds:.1} s")
    }
}

/// What a checkpoint says beside parameters and moments.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Position {
    /// Epochs that are over.
    pub epoch: usize,
    /// Batches that are over, of the epoch that is not.
    pub batch: usize,
    /// Steps since the beginning.
    pub step: usize,
    /// The scores of those batches.
    pub train: Scores,
    /// How long they took.
    #[serde(with = "exact")]
    pub seconds: f64,
    pub best: Best,
    pub history: Vec<Epoch>,
}
