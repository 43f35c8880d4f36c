//! Labelled images in memory.
use std::fmt;

use dfdx::data::ExactSizeDataset;

use super::Error;

/// Labelled images of one size: pixels and labels as bytes.
///
/// Pixels lie image by image, channel by channel, row by row. As a dfdx [`ExactSizeDataset`] its
/// items are `(pixels, label)`.
#[derive(Clone, PartialEq, Eq)]
pub struct Images {
    pixels: Vec<u8>,
    labels: Vec<u8>,
    shape: [usize; 3],
    classes: usize,
}

impl Images {
    /// `labels.len()` images of `shape = [channels, height, width]`.
    ///
    /// # Errors
    /// [`Error::Parts`] when the numbers of pixels and labels don't fit together, the shape has a
    /// zero, `classes` is not in `1..=256`, or a label is not below `classes`.
    pub fn new(
        pixels: Vec<u8>,
        labels: Vec<u8>,
        shape: [usize; 3],
        classes: usize,
    ) -> Result<Self, Error> {
        let size = shape.iter().try_fold(1usize, |a, &b| a.checked_mul(b));
        if size.is_none_or(|size| size == 0) {
            return Err(Error::Parts(format!("no images can have the shape {shape:?}")));
        }
        if size.and_then(|size| size.checked_mul(labels.len())) != Some(pixels.len()) {
            let (n, p) = (labels.len(), pixels.len());
            return Err(Error::Parts(format!("{p} pixels are not {n} images of shape {shape:?}")));
        }
        if !(1..=256).contains(&classes) {
            return Err(Error::Parts(format!("{classes} classes; 1 to 256 fit in a byte")));
        }
        if let Some(i) = labels.iter().position(|&l| usize::from(l) >= classes) {
            let label = labels[i];
            let last = classes - 1;
            return Err(Error::Parts(format!(
                "image {i} has label {label}, but the classes are 0 to {last}"
            )));
        }
        Ok(Self { pixels, labels, shape, classes })
    }

    /// For parts that fit together by construction.
    pub(super) fn from_parts(
        pixels: Vec<u8>,
        labels: Vec<u8>,
        shape: [usize; 3],
        classes: usize,
    ) -> Self {
        debug_assert_eq!(pixels.len(), labels.len() * shape.iter().product::<usize>());
        Self { pixels, labels, shape, classes }
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no image.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// `[channels, height, width]` of every image.
    pub fn shape(&self) -> [usize; 3] {
        self.shape
    }

    /// Number of classes; every label is below it.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// All pixels, image by image.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// All labels.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// Keeps the first `count` images; does nothing when there are no more.
    pub fn truncate(&mut self, count: usize) {
        self.labels.truncate(count);
        self.pixels.truncate(count.saturating_mul(self.shape.iter().product()));
    }

    /// Pixels and label of image `index`.
    ///
    /// # Panics
    /// When there is no such image, as indexing a slice does.
    pub fn sample(&self, index: usize) -> (&[u8], u8) {
        let size: usize = self.shape.iter().product();
        (&self.pixels[index * size..][..size], self.labels[index])
    }
}

impl ExactSizeDataset for Images {
    /// Pixels and label.
    type Item<'a> = (&'a [u8], u8);

    fn get(&self, index: usize) -> Self::Item<'_> {
        self.sample(index)
    }

    fn len(&self) -> usize {
        self.labels.len()
    }
}

/// The numbers, not the pixels.
impl fmt::Debug for Images {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, [c, h, w], k) = (self.len(), self.shape, self.classes);
        write!(f, "Images({n} of [{c}, {h}, {w}], {k} classes)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Normalize;
    use dfdx::data::IteratorBatchExt;
    use rand::{SeedableRng, rngs::StdRng};

    #[test]
    fn an_epoch_visits_every_image_once_in_an_order_set_by_the_seed() {
        // Every pixel has ten times the number of its image.
        let pixels = (0..5).flat_map(|i| [i * 10; 12]).collect();
        let images = Images::new(pixels, vec![0; 5], [2, 2, 3], 3).unwrap();
        let epoch = |seed| {
            let batches = images.shuffled(&mut StdRng::seed_from_u64(seed)).batch_with_last(2);
            batches.map(|b| b.iter().map(|s| s.0[0]).collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        let first = epoch(1);
        assert_eq!(first.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
        assert_eq!(first, epoch(1));
        assert!((2..10).any(|seed| epoch(seed) != first));
        let mut all = first.concat();
        all.sort();
        assert_eq!(all, [0, 10, 20, 30, 40]);
    }

    #[test]
    fn parts_that_contradict_each_other_are_refused() {
        for (pixels, labels, shape, classes) in [
            (vec![0; 11], vec![0], [1, 3, 4], 2),
            (vec![0; 12], vec![2], [1, 3, 4], 2),
            (vec![], vec![], [1, 0, 4], 2),
            (vec![], vec![0], [usize::MAX, 2, 2], 2),
            (vec![0; 12], vec![0], [1, 3, 4], 0),
            (vec![0; 12], vec![0], [1, 3, 4], 257),
        ] {
            let result = Images::new(pixels, labels, shape, classes);
            assert!(matches!(result, Err(Error::Parts(_))), "{result:?}");
        }
        let constant = Images::new(vec![7; 4], vec![0], [1, 2, 2], 1).unwrap();
        assert!(matches!(Normalize::<1>::measure(&constant), Err(Error::Parts(_))));
        assert!(matches!(Normalize::<3>::measure(&constant), Err(Error::Shape { .. })));
        assert!(Normalize::new([f64::NAN], [1.0]).is_err());
    }
}
