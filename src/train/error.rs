//! Why a training stopped.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::optim::StateError;

/// Why a training could not begin, go on or be saved.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The network failed, or the loss.
    Network(crate::Error),
    /// The images are not what the network takes.
    Input {
        /// The network.
        network: String,
        /// What it takes, without the batch; `None` where it takes any size.
        takes: Vec<Option<usize>>,
        /// What the images are, `[channels, height, width]`.
        images: [usize; 3],
    },
    /// The batches could not be read.
    Batches(Box<dyn StdError + Send + Sync>),
    /// There is nothing to train or to evaluate with.
    NoBatches,
    /// The loss is infinite or no number; the parameters are of no more use. Most often the
    /// learning rate is too high.
    Diverged {
        /// The epoch, counted from 1.
        epoch: usize,
        /// The step, counted from 1.
        step: usize,
        /// The loss.
        loss: f64,
        /// The learning rate of the step.
        learning_rate: f64,
    },
    /// A file could not be read or written.
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Weights could not be read or written.
    Weights(crate::weights::Error),
    /// A file is no checkpoint, or not one of this training.
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The state of the optimiser in a checkpoint is not one of this training.
    Optimizer {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: StateError,
    },
    /// A training can't go on with other batches than it began with.
    OtherBatches {
        /// How many an epoch had.
        before: usize,
        /// How many it has now.
        now: usize,
    },
    /// What a function of the user's said.
    Other(Box<dyn StdError + Send + Sync>),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Network(error) => error.fmt(f),
            Error::Input { network, takes, images } => {
                let takes = takes.iter().map(|n| n.map_or("_".to_owned(), |n| n.to_string()));
                let takes = takes.collect::<Vec<_>>().join(", ");
                write!(f, "`{network}` takes [{takes}], but the images are {images:?}")
            }
            Error::Batches(error) | Error::Other(error) => error.fmt(f),
            Error::NoBatches => f.write_str("there are no batches"),
            Error::Diverged { epoch, step, loss, learning_rate } => write!(
                f,
                "the loss is {loss} in step {step}, in epoch {epoch}: try a smaller learning rate \
                 than {learning_rate}"
            ),
            Error::OtherBatches { before, now } => write!(
                f,
                "the training has {before} batches an epoch, but there are {now} now: it can go on \
                 only with the same samples in batches of the same size"
            ),
            Error::Io { path, source } => write!(f, "{}: {source}", path.display()),
            Error::Weights(error) => error.fmt(f),
            Error::Checkpoint { path, reason } => write!(f, "{}: {reason}", path.display()),
            Error::Optimizer { path, source } => write!(f, "{}: {source}", path.display()),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Error::Network(error) => Some(error),
            Error::Batches(error) | Error::Other(error) => Some(&**error),
            Error::Io { source, .. } => Some(source),
            Error::Weights(error) => Some(error),
            Error::Optimizer { source, .. } => Some(source),
            Error::Input { .. }
            | Error::NoBatches
            | Error::OtherBatches { .. }
            | Error::Diverged { .. }
            | Error::Checkpoint { .. } => None,
        }
    }
}

impl From<crate::Error> for Error {
    fn from(error: crate::Error) -> Self {
        Error::Network(error)
    }
}

impl From<crate::weights::Error> for Error {
    fn from(error: crate::weights::Error) -> Self {
        Error::Weights(error)
    }
}
