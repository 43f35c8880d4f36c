//! A training kit: the loop, and what goes with it.
//!
//! ```text
//!  BatchSource (a Loader) ───┐
//!  network, optimiser ───────┼─> Trainer::fit ──> Epochs
//!  Objective ────────────────┤      ├──> progress bar, log, checkpoint, best weights
//!  Schedule, EarlyStopping ──┘      └──< resume
//! ```
//!
//! [`Trainer`] has an example. None of it is needed to train: a loop by hand over dfdx's tensors,
//! losses and optimisers is a few lines (see the README), and the parts can be used on their own:
//! [`schedule`]s, [`ConfusionMatrix`], the [`losses`](crate::losses) and
//! [`optim`](crate::optim)isers.

mod batches;
mod classification;
mod epoch;
mod error;
mod exact;
mod log;
mod metrics;
mod objective;
mod progress;
pub mod schedule;
mod stopping;
mod trainer;

pub use batches::{BatchSource, Labelled};
pub use classification::Classification;
pub use epoch::Epoch;
pub use error::Error;
pub use metrics::{ConfusionMatrix, Evaluation};
pub use objective::{Loss, Objective, Scores};
pub use progress::Progress;
pub use stopping::EarlyStopping;
pub use trainer::Trainer;

use epoch::Position;
