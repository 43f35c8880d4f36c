//! Where a training gets its batches.

use std::error::Error as StdError;

use crate::error::Dims;

/// A source of batches, an epoch at a time.
///
/// The `Loader` of `shapewright::data` is one; a vector is one that gives the same batches in
/// every epoch. For a training that can be resumed, the batches of an epoch must be the same each
/// time they are asked for.
pub trait Batches {
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

impl<B: Clone> Batches for Vec<B> {
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
