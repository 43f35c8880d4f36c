//! From a dataset to the batches of a training.
//!
//! [`Loader`] has the options, `Epoch` prepares any batch of one epoch, [`Batches`] gives them one
//! after the other, prepared ahead by a thread.
mod batches;
mod epoch;

use std::fmt;
use std::sync::Arc;

use super::normalize::Table;
use super::{Augment, Dataset, Normalize};
pub use batches::Batches;
use epoch::Epoch;

/// Gives a dataset in batches: shuffled, changed at random, normalised, prepared ahead.
///
/// The order in an epoch and what [`Augment`] makes of an image depend on the seed, the number of the
/// epoch and the number of the image only, not on threads, [`prefetch`](Self::prefetch) or the
/// batches before. So a training that goes on from the middle of an epoch, with
/// [`epoch_from`](Self::epoch_from), sees what an uninterrupted one sees.
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::data::{Augment, Digits, Loader, Normalize};
///
/// let dev = Cpu::default();
/// let loader = Loader::new(Digits::draw(100, 1))
///     .batch_size(32)
///     .shuffle(0)
///     .augment(Augment::new().shift(2))
///     .normalize(Normalize::MNIST);
/// assert_eq!(loader.batches(), 4);
/// for epoch in 0..2 {
///     for batch in loader.epoch(epoch) {
///         let batch = batch?;
///         let images = batch.images::<1, 28, 28, f32, _>(&dev)?;
///         let one_hot = batch.one_hot::<10, f32, _>(&dev)?;
///         assert_eq!(images.shape().0, one_hot.shape().0);
///     }
/// }
/// # Ok::<(), shapewright::data::Error>(())
/// ```
#[derive(Clone)]
pub struct Loader {
    dataset: Arc<dyn Dataset>,
    batch_size: usize,
    /// The seed, if the images are shuffled.
    shuffle: Option<u64>,
    augment: Augment,
    /// A table for each channel, or none for `pixel / 255`.
    tables: Option<Vec<Table<f32>>>,
    drop_last: bool,
    prefetch: usize,
}

impl Loader {
    /// One image after the other, as PyTorch's
    /// [`DataLoader`](https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader)
    /// without options: batches of one, in order, pixels in `0..=1`. An `Arc` of a dataset is one,
    /// too, when several loaders share it.
    pub fn new(dataset: impl Dataset + 'static) -> Self {
        Self {
            dataset: Arc::new(dataset),
            batch_size: 1,
            shuffle: None,
            augment: Augment::new(),
            tables: None,
            drop_last: false,
            prefetch: 2,
        }
    }

    /// Images in a batch. Of 0, an epoch is one error.
    pub fn batch_size(mut self, images: usize) -> Self {
        self.batch_size = images;
        self
    }

    /// Visits the images in an order drawn by `seed`, another one in each epoch. `seed` decides on
    /// [`augment`](Self::augment), too; without `shuffle` that goes by seed 0.
    pub fn shuffle(mut self, seed: u64) -> Self {
        self.shuffle = Some(seed);
        self
    }

    /// Changes the images at random, differently in each epoch.
    pub fn augment(mut self, augment: Augment) -> Self {
        self.augment = augment;
        self
    }

    /// Normalises the pixels, otherwise divided by 255. Of another number of channels than the
    /// images', an epoch is one error.
    pub fn normalize<const C: usize>(mut self, normalize: Normalize<C>) -> Self {
        self.tables = Some(normalize.tables());
        self
    }

    /// Leaves out the last batch of an epoch when it is smaller than the others; otherwise kept.
    pub fn drop_last(mut self, drop_last: bool) -> Self {
        self.drop_last = drop_last;
        self
    }

    /// How many batches a thread prepares ahead of the one in use: 2 unless said otherwise, 0 for
    /// none, without a thread. The images of a batch are always prepared on all of rayon's threads.
    pub fn prefetch(mut self, batches: usize) -> Self {
        self.prefetch = batches;
        self
    }

    /// The dataset.
    pub fn dataset(&self) -> &dyn Dataset {
        &*self.dataset
    }

    /// Batches in an epoch.
    pub fn batches(&self) -> usize {
        let images = self.dataset.len();
        let whole = images.checked_div(self.batch_size).unwrap_or(0);
        let rest = images.checked_rem(self.batch_size).unwrap_or(0);
        whole + usize::from(rest > 0 && !self.drop_last)
    }

    /// The batches of epoch `epoch`, counted from 0.
    ///
    /// An image that cannot be read is an [`Error`](super::Error) in place of its batch; the batches
    /// after it follow. Options that do not suit the dataset, or a batch size of 0, are the one item.
    pub fn epoch(&self, epoch: usize) -> Batches {
        self.epoch_from(epoch, 0)
    }

    /// The batches of an epoch from number `batch` on, without preparing those before it.
    ///
    /// ```
    /// use shapewright::data::{Digits, Loader};
    ///
    /// let loader = Loader::new(Digits::draw(50, 1)).batch_size(8).shuffle(3);
    /// for (whole, rest) in loader.epoch(4).skip(5).zip(loader.epoch_from(4, 5)) {
    ///     assert_eq!(whole?, rest?);
    /// }
    /// # Ok::<(), shapewright::data::Error>(())
    /// ```
    pub fn epoch_from(&self, epoch: usize, batch: usize) -> Batches {
        match Epoch::new(self, epoch) {
            Ok(epoch) => Batches::new(epoch, batch..self.batches(), self.prefetch),
            Err(error) => Batches::failed(error),
        }
    }
}

/// The options, and what the dataset is.
impl fmt::Debug for Loader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loader")
            .field("images", &self.dataset.len())
            .field("shape", &self.dataset.shape())
            .field("classes", &self.dataset.classes())
            .field("batch_size", &self.batch_size)
            .field("shuffle", &self.shuffle)
            .field("augment", &self.augment)
            .field("drop_last", &self.drop_last)
            .field("prefetch", &self.prefetch)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
