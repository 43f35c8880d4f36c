//! Labelled images in memory.
use std::fmt;

use super::Error;
use super::dataset::{Dataset, size};

/// Labelled images of one size in memory: pixels and labels as bytes.
///
/// Pixels lie image by image, channel by channel, row by row.
#[derive(Clone, PartialEq, Eq)]
pub struct Images {
    pixels: Vec<u8>,
    labels: Vec<u8>,
    shape: [usize; 3],
    names: Vec<String>,
}

impl Images {
    /// `labels.len()` images of `shape = [channels, height, width]`.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the numbers of pixels and labels don't fit together, the shape has a
    /// zero, `classes` is not in `1..=256`, or a label is not below `classes`.
    ///
    /// ```
    /// use shapewright::data::Images;
    ///
    /// let images = Images::new(vec![0, 255, 255, 0], vec![1, 0], [1, 1, 2], 2)?;
    /// assert_eq!(images.sample(1), (&[255, 0][..], 0));
    /// # Ok::<(), shapewright::data::Error>(())
    /// ```
    pub fn new(
        pixels: Vec<u8>,
        labels: Vec<u8>,
        shape: [usize; 3],
        classes: usize,
    ) -> Result<Self, Error> {
        if !(1..=256).contains(&classes) {
            return Err(Error::Invalid(format!("{classes} classes; 1 to 256 fit in a byte")));
        }
        Self::named(pixels, labels, shape, numbers(classes))
    }

    /// As [`Images::new`], with a name for each class.
    ///
    /// # Errors
    /// Those of [`Images::new`], of as many classes as names.
    pub fn named(
        pixels: Vec<u8>,
        labels: Vec<u8>,
        shape: [usize; 3],
        names: Vec<String>,
    ) -> Result<Self, Error> {
        let classes = names.len();
        if !(1..=256).contains(&classes) {
            return Err(Error::Invalid(format!("{classes} classes; 1 to 256 fit in a byte")));
        }
        if size(shape)?.checked_mul(labels.len()) != Some(pixels.len()) {
            let (n, p) = (labels.len(), pixels.len());
            return Err(Error::Invalid(format!(
                "{p} pixels are not {n} images of shape {shape:?}"
            )));
        }
        if let Some(i) = labels.iter().position(|&l| usize::from(l) >= classes) {
            let label = labels[i];
            let last = classes - 1;
            return Err(Error::Invalid(format!(
                "image {i} has label {label}, but the classes are 0 to {last}"
            )));
        }
        Ok(Self { pixels, labels, shape, names })
    }

    /// For parts that fit together by construction.
    pub(super) fn from_parts(
        pixels: Vec<u8>,
        labels: Vec<u8>,
        shape: [usize; 3],
        names: Vec<String>,
    ) -> Self {
        debug_assert_eq!(pixels.len(), labels.len() * shape.iter().product::<usize>());
        Self { pixels, labels, shape, names }
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
        self.names.len()
    }

    /// What the classes are called; their numbers unless names were given.
    pub fn class_names(&self) -> &[String] {
        &self.names
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

/// The names of classes that have none: their numbers.
pub(super) fn numbers(classes: usize) -> Vec<String> {
    (0..classes).map(|class| class.to_string()).collect()
}

impl Dataset for Images {
    fn len(&self) -> usize {
        self.len()
    }

    fn shape(&self) -> [usize; 3] {
        self.shape
    }

    fn classes(&self) -> usize {
        self.classes()
    }

    fn read(&self, index: usize, pixels: &mut [u8]) -> Result<usize, Error> {
        if index >= self.len() {
            return Err(Error::Index { index, count: self.len() });
        }
        let (image, label) = self.sample(index);
        if image.len() != pixels.len() {
            let (shape, room) = (self.shape, pixels.len());
            let message = format!("an image of shape {shape:?} cannot be read to {room} bytes");
            return Err(Error::Invalid(message));
        }
        pixels.copy_from_slice(image);
        Ok(label.into())
    }

    fn class_name(&self, class: usize) -> String {
        self.names.get(class).cloned().unwrap_or_else(|| class.to_string())
    }
}

/// The numbers, not the pixels.
impl fmt::Debug for Images {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, [c, h, w], k) = (self.len(), self.shape, self.classes());
        write!(f, "Images({n} of [{c}, {h}, {w}], {k} classes)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Sample;
    use dfdx::data::{ExactSizeDataset, IteratorBatchExt};
    use rand::{SeedableRng, rngs::StdRng};

    #[test]
    fn dfdx_visits_every_image_once_in_an_order_set_by_the_seed() {
        // Every pixel has ten times the number of its image.
        let pixels = (0..5).flat_map(|i| [i * 10; 12]).collect();
        let images = Images::new(pixels, vec![0; 5], [2, 2, 3], 3).unwrap();
        let epoch = |seed| {
            let samples = images.samples();
            let batches = samples.shuffled(&mut StdRng::seed_from_u64(seed)).batch_with_last(2);
            let first = |sample: &Result<Sample, Error>| sample.as_ref().unwrap().pixels[0];
            batches.map(|b| b.iter().map(first).collect::<Vec<_>>()).collect::<Vec<_>>()
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
            assert!(matches!(result, Err(Error::Invalid(_))), "{result:?}");
        }
    }

    #[test]
    fn classes_have_the_names_given_or_their_numbers() {
        let names = ["cat", "dog"].map(str::to_owned).to_vec();
        let images = Images::named(vec![7], vec![1], [1, 1, 1], names).unwrap();
        assert_eq!((images.classes(), images.class_name(1).as_str()), (2, "dog"));
        let images = Images::new(vec![7], vec![1], [1, 1, 1], 2).unwrap();
        assert_eq!(images.class_names(), ["0", "1"]);
        assert!(matches!(images.read(1, &mut [0]), Err(Error::Index { index: 1, count: 1 })));
        assert!(matches!(images.read(0, &mut [0, 0]), Err(Error::Invalid(_))));
    }
}
