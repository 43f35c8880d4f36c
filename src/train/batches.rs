//! Where a training gets its batches.

use std::error::Error as StdError;

#[cfg(feature = "data")]
use crate::data::{Batch, Loader};
use crate::error::Dims;

/// A source of batches, an epoch at a time.
///
/// The `Loader` of the feature `data` is one; a vector is one that gives the same batches in
/// every epoch. For a training that can be resumed, the batches of an epoch must be the same each
/// time they are asked for.
pub trait BatchSource {
    /// What it gives.
    type Batch;

    /// Batches in an epoch.
    fn per_epoch(&self) -> usize;

    /// The batches of an epoch, counted from 0, without the first `from`.
    fn epoch(
        &self,
        epoch: usize,
        from: usize,
    ) -> impl Iterator<Item = Result<Self::Batch, Box<dyn StdError + Send + Sync>>>;
}

#[cfg(feature = "data")]
impl BatchSource for Loader {
    type Batch = Batch;

    fn per_epoch(&self) -> usize {
        self.batches()
    }

    fn epoch(
        &self,
        epoch: usize,
        from: usize,
    ) -> impl Iterator<Item = Result<Batch, Box<dyn StdError + Send + Sync>>> {
        self.epoch_from(epoch, from).map(|batch| batch.map_err(Into::into))
    }
}

impl<B: Clone> BatchSource for Vec<B> {
    type Batch = B;

    fn per_epoch(&self) -> usize {
        self.len()
    }

    fn epoch(
        &self,
        _: usize,
        from: usize,
    ) -> impl Iterator<Item = Result<B, Box<dyn StdError + Send + Sync>>> {
        self.iter().skip(from).cloned().map(Ok)
    }
}

/// Images or vectors with classes, as [`Classification`](super::Classification) takes them.
pub trait Labelled {
    /// `(batch, channels, height, width)`. Vectors are `(batch, features, 1, 1)`, sequences
    /// `(batch, channels, 1, length)`.
    fn dims(&self) -> Dims;

    /// The inputs, as many as the product of the dimensions.
    fn values(&self) -> &[f32];

    /// A class for each input, or for each position of what the network makes of it.
    fn labels(&self) -> &[usize];
}

#[cfg(feature = "data")]
impl Labelled for Batch {
    fn dims(&self) -> Dims {
        self.shape
    }

    fn values(&self) -> &[f32] {
        &self.pixels
    }

    fn labels(&self) -> &[usize] {
        &self.labels
    }
}
