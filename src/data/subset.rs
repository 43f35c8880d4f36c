//! Some of the images of a dataset.
use std::sync::Arc;

use rand::seq::SliceRandom;

use super::{Dataset, Error, seed};

/// Some of a dataset's images in an order of their own, from [`Dataset::subset`],
/// [`Dataset::take`] or [`Dataset::split`].
#[derive(Clone, Debug)]
pub struct Subset<D> {
    dataset: D,
    indices: Vec<usize>,
}

impl<D: Dataset> Subset<D> {
    pub(super) fn new(dataset: D, indices: Vec<usize>) -> Result<Self, Error> {
        let count = dataset.len();
        match indices.iter().find(|&&index| index >= count) {
            Some(&index) => Err(Error::Index { index, count }),
            None => Ok(Self { dataset, indices }),
        }
    }

    pub(super) fn first(dataset: D, count: usize) -> Self {
        let indices = (0..count.min(dataset.len())).collect();
        Self { dataset, indices }
    }

    #[allow(clippy::type_complexity)]
    pub(super) fn split(
        dataset: D,
        count: usize,
        seed: u64,
    ) -> Result<(Subset<Arc<D>>, Subset<Arc<D>>), Error> {
        let all = dataset.len();
        if count > all {
            let message = format!("{count} images cannot be split off from {all}");
            return Err(Error::Invalid(message));
        }
        let dataset = Arc::new(dataset);
        let mut left: Vec<usize> = (0..all).collect();
        left.shuffle(&mut seed::rng(&[seed]));
        let split_off = left.split_off(all - count);
        let part = |indices| Subset { dataset: Arc::clone(&dataset), indices };
        Ok((part(left), part(split_off)))
    }

    /// The places of the images in the whole dataset.
    pub fn indices(&self) -> &[usize] {
        &self.indices
    }
}

impl<D: Dataset> Dataset for Subset<D> {
    fn len(&self) -> usize {
        self.indices.len()
    }

    fn shape(&self) -> [usize; 3] {
        self.dataset.shape()
    }

    fn classes(&self) -> usize {
        self.dataset.classes()
    }

    fn read(&self, index: usize, pixels: &mut [u8]) -> Result<usize, Error> {
        match self.indices.get(index) {
            Some(&index) => self.dataset.read(index, pixels),
            None => Err(Error::Index { index, count: self.len() }),
        }
    }

    fn class_name(&self, class: usize) -> String {
        self.dataset.class_name(class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Images;

    /// One pixel each, which is the image's number.
    fn numbers(count: u8) -> Images {
        Images::new((0..count).collect(), vec![0; count.into()], [1, 1, 1], 1).unwrap()
    }

    fn pixels(dataset: &impl Dataset) -> Vec<u8> {
        let one = |i| {
            let mut pixel = [0];
            dataset.read(i, &mut pixel).unwrap();
            pixel[0]
        };
        (0..dataset.len()).map(one).collect()
    }

    #[test]
    fn subsets_have_the_images_asked_for() {
        assert_eq!(pixels(&numbers(5).subset(vec![3, 0, 3]).unwrap()), [3, 0, 3]);
        assert_eq!(pixels(&numbers(5).take(2)), [0, 1]);
        assert_eq!(pixels(&numbers(5).take(9)), [0, 1, 2, 3, 4]);
        assert_eq!(pixels(&numbers(9).take(5).subset(vec![4]).unwrap()), [4]);
        let error = numbers(5).subset(vec![0, 5]).unwrap_err().to_string();
        assert_eq!(error, "image 5 asked for, but there are 5, from 0 on");
        assert!(numbers(5).take(2).read(2, &mut [0]).is_err());
    }

    #[test]
    fn a_split_has_every_image_once_and_depends_on_the_seed() {
        let split = |seed| {
            let (train, validation) = numbers(50).split(20, seed).unwrap();
            (pixels(&train), pixels(&validation))
        };
        let (train, validation) = split(3);
        assert_eq!((train.len(), validation.len()), (30, 20));
        let mut all = [train.clone(), validation.clone()].concat();
        all.sort();
        assert_eq!(all, (0..50).collect::<Vec<u8>>());
        assert_eq!(split(3), (train, validation.clone()));
        assert_ne!(split(4).1, validation);
        let error = numbers(5).split(6, 0).unwrap_err().to_string();
        assert_eq!(error, "6 images cannot be split off from 5");
        assert_eq!(numbers(5).split(5, 0).unwrap().0.len(), 0);
    }
}
