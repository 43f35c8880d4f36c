//! What a training can be told.

use std::error::Error as StdError;
use std::path::PathBuf;

use dfdx::prelude::*;

use super::Trainer;
use crate::ops::GradientDevice;
use crate::optim::{OptimizerConfig, Rule};
use crate::train::schedule::Schedule;
use crate::train::{EarlyStopping, Epoch, Progress};

impl<N, C: OptimizerConfig, E: Dtype, D: GradientDevice<E>, O> Trainer<N, C, E, D, O> {
    /// How often to go through the training batches, those before a resume included. Default: 10.
    #[must_use]
    pub fn epochs(mut self, epochs: usize) -> Self {
        self.options.epochs = epochs;
        self
    }

    /// Trains for something else than classes, or with other options.
    #[must_use]
    pub fn objective<P>(self, objective: P) -> Trainer<N, C, E, D, P> {
        Trainer {
            device: self.device,
            network: self.network,
            optimizer: self.optimizer,
            learning_rate: self.learning_rate,
            objective,
            options: self.options,
            position: self.position,
            batches: self.batches,
            log_bytes: self.log_bytes,
        }
    }

    /// Changes the learning rate over the course of the training.
    #[must_use]
    pub fn schedule(mut self, schedule: impl Schedule + 'static) -> Self {
        self.options.schedule = Box::new(schedule);
        self
    }

    /// Shortens the gradients to this length ([`clip_norm`](crate::optim::clip_norm)).
    #[must_use]
    pub fn clip_norm(mut self, max: f64) -> Self {
        self.options.clip_norm = Some(max);
        self
    }

    /// Asks `rule` how to treat each parameter, by its name and shape: to freeze some, or to leave
    /// biases out of the weight decay.
    #[must_use]
    pub fn rule(mut self, rule: impl Fn(&str, &[usize]) -> Rule + 'static) -> Self {
        self.optimizer = self.optimizer.rule(rule);
        self
    }

    /// Stops before the last epoch when the test loss falls no more.
    #[must_use]
    pub fn early_stopping(mut self, stopping: EarlyStopping) -> Self {
        self.options.early_stopping = Some(stopping);
        self
    }

    /// The seed of dropout. Default: 0.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.options.seed = seed;
        self
    }

    /// Writes a line to this file at the end of each epoch: JSON, or CSV if its name ends in
    /// `.csv`. What is there already is overwritten, unless the training is resumed.
    ///
    /// A line has the `kind` of record (`epoch` or `step`), the `epoch` and the `step` counted from 1,
    /// the `learning_rate`, the means over the training samples (`train_loss`, `train_accuracy`), and
    /// in those of epochs the ones over the test samples (`test_loss`, …) and the `seconds`.
    #[must_use]
    pub fn log(mut self, path: impl Into<PathBuf>) -> Self {
        self.options.log = Some(path.into());
        self
    }

    /// Writes a line to the log after every so many steps, too. 0, the default, is never.
    #[must_use]
    pub fn log_every(mut self, steps: usize) -> Self {
        self.options.log_steps = steps;
        self
    }

    /// Saves everything that [`resume`](Trainer::resume) needs to this file (safetensors) at the end
    /// of each epoch. The file is replaced as a whole: it is there or the one before it.
    #[must_use]
    pub fn checkpoint(mut self, path: impl Into<PathBuf>) -> Self {
        self.options.checkpoint = Some(path.into());
        self
    }

    /// Writes the checkpoint after every so many steps, too.
    #[must_use]
    pub fn checkpoint_every(mut self, steps: usize) -> Self {
        self.options.checkpoint_steps = Some(steps).filter(|&steps| steps > 0);
        self
    }

    /// Saves the network's weights to this file (safetensors) after each epoch with the lowest test
    /// loss so far.
    #[must_use]
    pub fn best_weights(mut self, path: impl Into<PathBuf>) -> Self {
        self.options.best_weights = Some(path.into());
        self
    }

    /// Whether to show a bar on stderr. Default: if that is a terminal.
    #[must_use]
    pub fn progress(mut self, progress: Progress) -> Self {
        self.options.progress = progress;
        self
    }

    /// Calls a function at the end of each epoch, for instance to print it. Its error ends the
    /// training, as [`Error::Other`](crate::train::Error::Other).
    #[must_use]
    pub fn on_epoch(
        mut self,
        f: impl FnMut(&Epoch) -> Result<(), Box<dyn StdError + Send + Sync>> + 'static,
    ) -> Self {
        self.options.on_epoch = Some(Box::new(f));
        self
    }
}
