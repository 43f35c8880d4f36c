//! The training loop.

mod fit;
mod options;
mod resume;

use std::fmt;
use std::path::PathBuf;

use dfdx::prelude::*;

use super::schedule::{Constant, Schedule};
use super::{Classification, EarlyStopping, Epoch, Position, Progress};
use crate::ops::GradientDevice;
use crate::optim::{Optimizer, OptimizerConfig};

/// Trains a network: epochs of batches, each of which is run forward and back and updates the
/// parameters, with whatever goes with it.
///
/// ```
/// use shapewright::data::{Digits, Loader};
/// use shapewright::prelude::*;
/// use shapewright::train::{Trainer, schedule};
///
/// net! { struct Net: [1, 28, 28] -> [10] { Flatten, Linear(32), ReLU, Linear(10) } }
///
/// let dev = Cpu::seed_from_u64(0);
/// let net = dev.build_module::<Net, f32>();
/// let train = Loader::new(Digits::draw(640, 1)).batch_size(32).shuffle(0);
/// let test = Loader::new(Digits::draw(100, 2)).batch_size(100);
///
/// let mut trainer = Trainer::new(&dev, net, AdamConfig { lr: 0.01, ..Default::default() })
///     .epochs(3)
///     .schedule(schedule::OneCycle::default())
///     .clip_norm(1.0);
/// let history = trainer.fit(&train, &test)?;
/// assert!(history[2].train.loss < history[0].train.loss);
/// let net = trainer.into_network();
/// # _ = net;
/// # Ok::<_, shapewright::train::Error>(())
/// ```
///
/// # Repeating and resuming
///
/// A training follows from the initial weights, the [`seed`](Trainer::seed), of which dropout
/// draws, the batches and the number of threads. With a [`checkpoint`](Trainer::checkpoint) it can be
/// [resumed](Trainer::resume) after the process was killed at any moment, in the middle of an epoch
/// too, and has the same losses then as one that was not. (dfdx's own `Dropout` draws from the
/// device and is not part of that.)
pub struct Trainer<N, C, E: Dtype, D: Storage<E>, O = Classification> {
    device: D,
    network: N,
    optimizer: Optimizer<C, E, D>,
    /// What the schedule's factors multiply.
    learning_rate: f64,
    objective: O,
    options: Options,
    position: Position,
    /// Batches of an epoch, since the first.
    batches: Option<usize>,
    /// Bytes of the log that belong to the position; all that is behind is from before a resume.
    log_bytes: u64,
}

struct Options {
    epochs: usize,
    seed: u64,
    schedule: Box<dyn Schedule>,
    clip_norm: Option<f64>,
    early_stopping: Option<EarlyStopping>,
    log: Option<PathBuf>,
    log_steps: usize,
    checkpoint: Option<PathBuf>,
    checkpoint_steps: Option<usize>,
    best_weights: Option<PathBuf>,
    progress: Progress,
    on_epoch: Option<OnEpoch>,
}

type OnEpoch = Box<dyn FnMut(&Epoch) -> Result<(), Box<dyn std::error::Error + Send + Sync>>>;

impl<N, C: OptimizerConfig, E: Dtype, D: GradientDevice<E>> Trainer<N, C, E, D> {
    /// A trainer for classes, that runs 10 epochs with a constant learning rate if nothing else is
    /// said. `optimizer` is dfdx's [`SgdConfig`], [`AdamConfig`] or [`RMSpropConfig`]: learning rate,
    /// momentum and weight decay.
    pub fn new(device: &D, network: N, optimizer: C) -> Self {
        let options = Options {
            epochs: 10,
            seed: 0,
            schedule: Box::new(Constant),
            clip_norm: None,
            early_stopping: None,
            log: None,
            log_steps: 0,
            checkpoint: None,
            checkpoint_steps: None,
            best_weights: None,
            progress: Progress::Auto,
            on_epoch: None,
        };
        Trainer {
            device: device.clone(),
            network,
            learning_rate: optimizer.learning_rate(),
            optimizer: Optimizer::new(optimizer),
            objective: Classification::default(),
            options,
            position: Position::default(),
            batches: None,
            log_bytes: 0,
        }
    }
}

impl<N, C: OptimizerConfig, E: Dtype, D: Storage<E>, O> Trainer<N, C, E, D, O> {
    /// The network.
    pub fn network(&self) -> &N {
        &self.network
    }

    /// The network, to be changed between two calls of [`fit`](Trainer::fit).
    pub fn network_mut(&mut self) -> &mut N {
        &mut self.network
    }

    /// The network, trained.
    pub fn into_network(self) -> N {
        self.network
    }

    /// The epochs that are over.
    pub fn history(&self) -> &[Epoch] {
        &self.position.history
    }

    /// The steps that are done.
    pub fn steps(&self) -> usize {
        self.position.step
    }
}

impl<N, C: fmt::Debug, E: Dtype, D: Storage<E>, O: fmt::Debug> fmt::Debug
    for Trainer<N, C, E, D, O>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trainer")
            .field("optimizer", &self.optimizer)
            .field("objective", &self.objective)
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}
