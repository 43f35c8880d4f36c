//! Checkpoints.

use std::path::Path;

use dfdx::prelude::*;
use serde::{Deserialize, Serialize};

use super::Trainer;
use crate::FloatDtype;
use crate::ops::GradientDevice;
use crate::optim::{Moment, OptimizerConfig, State};
use crate::train::log::Log;
use crate::train::{Error, Position};
use crate::weights::{Array, Element, StateDict, Weights};

/// The metadata of a checkpoint under which all that is no tensor is kept.
const KEY: &str = "training";

const MODEL: &str = "model.";
const OPTIMIZER: &str = "optimizer.";

/// All that is no tensor, as JSON.
#[derive(Serialize, Deserialize)]
struct Training {
    seed: u64,
    optimizer: String,
    optimizer_steps: u64,
    log_bytes: u64,
    position: Position,
    /// Batches of an epoch; not known before the first.
    batches: Option<usize>,
}

impl<N, C, E, D, O> Trainer<N, C, E, D, O>
where
    N: TensorCollection<E, D>,
    C: OptimizerConfig,
    E: FloatDtype + Element,
    D: GradientDevice<E>,
{
    /// Goes on from a checkpoint: parameters, statistics of batch norms, the optimiser's moments, the
    /// step and with it the learning rate, the order of the batches, the log and the history. All
    /// options are to be the same as those it was written with, but for more epochs. The
    /// schedule counts all epochs.
    ///
    /// # Errors
    ///
    /// A file that can't be read, that is no checkpoint, or not one of this network, optimiser and
    /// seed: with everything that differs. The trainer is then to be used no more.
    pub fn resume(&mut self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let wrong = |reason: String| Error::Checkpoint { path: path.to_owned(), reason };
        let mut checkpoint = StateDict::read_safetensors(path)?;
        let Some(training) = checkpoint.metadata().get(KEY) else {
            return Err(wrong("no checkpoint of a training: only weights".to_owned()));
        };
        let training: Training = serde_json::from_str(training)
            .map_err(|error| wrong(format!("a damaged checkpoint: {error}")))?;
        if training.seed != self.options.seed {
            let (there, here) = (training.seed, self.options.seed);
            return Err(wrong(format!("the training has the seed {there}, not {here}")));
        }
        let moments = checkpoint.split(OPTIMIZER);
        let state = State {
            optimizer: training.optimizer,
            steps: training.optimizer_steps,
            moments: moments
                .iter()
                .map(|(name, array)| Moment {
                    name: name.to_owned(),
                    shape: array.shape().to_vec(),
                    values: array.values().unwrap_or_default(),
                })
                .collect(),
        };
        let optimizer = self.optimizer.load_state(&self.network, &state);
        optimizer.map_err(|source| Error::Optimizer { path: path.to_owned(), source })?;
        let model = self.network.load_state_dict(&checkpoint.split(MODEL));
        model.map_err(|error| wrong(error.to_string()))?;
        self.position = training.position;
        self.log_bytes = training.log_bytes;
        self.batches = training.batches;
        Ok(())
    }

    /// Writes the checkpoint, if there is to be one.
    pub(super) fn save(&mut self, log: &mut Option<Log>) -> Result<(), Error> {
        if let Some(log) = log {
            // On the disk before the checkpoint that counts on it.
            self.log_bytes = log.sync()?;
        }
        let Some(path) = &self.options.checkpoint else { return Ok(()) };
        let mut checkpoint = StateDict::new();
        checkpoint.merge(MODEL, self.network.state_dict()?)?;
        let state = self.optimizer.state(&self.network)?;
        for Moment { name, shape, values } in state.moments {
            checkpoint.insert(format!("{OPTIMIZER}{name}"), Array::of(&shape, &values)?);
        }
        let training = Training {
            seed: self.options.seed,
            optimizer: state.optimizer,
            optimizer_steps: state.steps,
            log_bytes: self.log_bytes,
            position: self.position.clone(),
            batches: self.batches,
        };
        let training =
            serde_json::to_string(&training).map_err(|error| Error::Other(error.into()))?;
        checkpoint.metadata_mut().insert(KEY.to_owned(), training);
        Ok(checkpoint.write_safetensors(path)?)
    }

    /// Whether the training goes on with as many batches an epoch as before.
    pub(super) fn check_batches(&mut self, now: usize) -> Result<(), Error> {
        match self.batches.replace(now) {
            Some(before) if before != now => Err(Error::OtherBatches { before, now }),
            _ => Ok(()),
        }
    }
}
