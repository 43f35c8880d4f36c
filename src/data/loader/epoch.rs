//! Any batch of an epoch, without those before it.
use std::sync::Arc;

use rand::seq::SliceRandom;
use rayon::prelude::*;

use super::Loader;
use crate::data::batch::normalise;
use crate::data::dataset::{buffer, read, size, zeros};
use crate::data::normalize::{Normalize, Table};
use crate::data::{Augment, Batch, Dataset, Error, seed};

/// What is known before the first batch of an epoch.
pub(super) struct Epoch {
    dataset: Arc<dyn Dataset>,
    augment: Augment,
    tables: Vec<Table<f32>>,
    /// The images in the order in which they are visited.
    order: Vec<usize>,
    batch_size: usize,
    /// The shape of the images in the dataset.
    from: [usize; 3],
    /// The shape of the images in a batch.
    to: [usize; 3],
    seed: u64,
    number: u64,
}

impl Epoch {
    /// Checks the options against the dataset, and draws the order.
    pub(super) fn new(loader: &Loader, number: usize) -> Result<Self, Error> {
        let dataset = Arc::clone(&loader.dataset);
        let from = dataset.shape();
        size(from)?;
        let tables = match &loader.tables {
            None => vec![Normalize::<1>::UNIT.tables()[0]; from[0]],
            Some(tables) if tables.len() == from[0] => tables.clone(),
            Some(tables) => {
                return Err(Error::Shape { asked: [tables.len(), from[1], from[2]], images: from });
            }
        };
        if loader.batch_size == 0 {
            return Err(Error::Invalid("batches of 0 images".to_owned()));
        }
        let mut order = zeros(dataset.len())?;
        order.iter_mut().enumerate().for_each(|(i, place)| *place = i);
        let number = number as u64;
        if let Some(seed) = loader.shuffle {
            order.shuffle(&mut seed::rng(&[seed, number]));
        }
        Ok(Self {
            dataset,
            to: loader.augment.shape(from)?,
            augment: loader.augment.clone(),
            tables,
            order,
            batch_size: loader.batch_size,
            from,
            seed: loader.shuffle.unwrap_or(0),
            number,
        })
    }

    /// Prepares a batch, its images in parallel. When several cannot be read, the first is the error.
    pub(super) fn batch(&self, number: usize) -> Result<Batch, Error> {
        let start = number * self.batch_size;
        let images =
            &self.order[start..self.order.len().min(start.saturating_add(self.batch_size))];
        let size = size(self.to)?;
        let all = images.len().checked_mul(size);
        let mut pixels = zeros(all.unwrap_or(usize::MAX))?;
        let labels: Vec<Result<usize, Error>> = pixels
            .par_chunks_exact_mut(size)
            .zip(images)
            .map(|(pixels, &image)| self.prepare(image, pixels))
            .collect();
        let labels = labels.into_iter().collect::<Result<Vec<usize>, Error>>()?;
        let [c, h, w] = self.to;
        Ok(Batch {
            pixels,
            shape: [images.len(), c, h, w],
            labels,
            classes: self.dataset.classes(),
        })
    }

    /// Reads, changes and normalises an image; gives its label.
    fn prepare(&self, image: usize, to: &mut [f32]) -> Result<usize, Error> {
        let mut pixels = buffer(self.from)?;
        let label = read(&*self.dataset, image, &mut pixels)?;
        let rng = &mut seed::rng(&[self.seed, self.number, image as u64]);
        self.augment.change(&mut pixels, self.from, rng)?;
        normalise(&pixels, &self.tables, to);
        Ok(label)
    }
}
