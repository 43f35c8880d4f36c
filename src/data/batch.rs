//! Some images and their labels: from samples, to tensors.
use dfdx::shapes::{Const, Dim, Dtype};
use dfdx::tensor::{Tensor, TensorFromVec};
use num_traits::Float;

use super::Error;
use super::dataset::{Dataset, Sample, size};
use super::normalize::{Normalize, Table};

/// Normalised images and their labels, on no device yet. Plain data, that may go to another thread
/// or be changed; what does not fit together is refused when it becomes tensors.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Image by image, channel by channel, row by row.
    pub pixels: Vec<f32>,
    /// `[images, channels, height, width]`.
    pub shape: [usize; 4],
    /// A label for each image.
    pub labels: Vec<usize>,
    /// The number of classes, which every label is below.
    pub classes: usize,
}

impl Batch {
    /// Makes a batch of `samples` of a dataset, in any order: what dfdx's `batch` and
    /// `batch_with_last` give of [`Dataset::samples`].
    ///
    /// # Errors
    /// [`Error::Shape`] when `normalize` is of another number of channels; [`Error::Invalid`] when a
    /// sample is of another dataset or there is none; the first error among the samples.
    ///
    /// ```
    /// use dfdx::{data::ExactSizeDataset, prelude::*};
    /// use shapewright::data::{Batch, Dataset, Images, Normalize};
    ///
    /// let images = Images::new(vec![0, 255, 255, 0], vec![1, 0], [1, 1, 2], 2)?;
    /// let samples = images.samples();
    /// let batch = Batch::stack(&images, [samples.get(0), samples.get(1)], &Normalize::<1>::UNIT)?;
    /// assert_eq!(batch.labels, [1, 0]);
    ///
    /// let dev = Cpu::default();
    /// let pixels = batch.images::<1, 1, 2, f32, _>(&dev)?;
    /// assert_eq!(pixels.as_vec(), [0.0, 1.0, 1.0, 0.0]);
    /// let one_hot = batch.one_hot::<2, f32, _>(&dev)?;
    /// assert_eq!(one_hot.as_vec(), [0.0, 1.0, 1.0, 0.0]);
    /// # Ok::<(), shapewright::data::Error>(())
    /// ```
    pub fn stack<const C: usize>(
        dataset: &(impl Dataset + ?Sized),
        samples: impl IntoIterator<Item = Result<Sample, Error>>,
        normalize: &Normalize<C>,
    ) -> Result<Self, Error> {
        let (shape, classes) = (dataset.shape(), dataset.classes());
        let [channels, height, width] = shape;
        if channels != C {
            return Err(Error::Shape { asked: [C, height, width], images: shape });
        }
        let (size, tables) = (size(shape)?, normalize.tables());
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        for (i, sample) in samples.into_iter().enumerate() {
            let Sample { pixels: bytes, label } = sample?;
            if bytes.len() != size || label >= classes {
                let p = bytes.len();
                return Err(Error::Invalid(format!(
                    "sample {i} ({p} pixels, label {label}) is not of these images \
                     ({shape:?}, {classes} classes)"
                )));
            }
            pixels.resize(pixels.len() + size, 0.0);
            normalise(&bytes, &tables, &mut pixels[labels.len() * size..]);
            labels.push(label);
        }
        let batch = Self { pixels, shape: [labels.len(), C, height, width], labels, classes };
        batch.check()?;
        Ok(batch)
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no image.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The images as a tensor, `[N, C, H, W]`.
    ///
    /// # Errors
    /// [`Error::Shape`] when the images have another shape, [`Error::Invalid`] when the parts of
    /// the batch do not fit together or it is empty, [`Error::Device`] when the device has no room.
    ///
    /// ```
    /// use dfdx::prelude::*;
    /// use shapewright::data::{Digits, Loader};
    ///
    /// let dev = Cpu::default();
    /// for batch in Loader::new(Digits::draw(100, 1)).batch_size(40).epoch(0) {
    ///     let batch = batch?;
    ///     let images = batch.images::<1, 28, 28, f32, _>(&dev)?;
    ///     assert_eq!(images.shape().0, batch.len());
    /// #   let wrong = batch.images::<3, 32, 32, f32, _>(&dev).err().unwrap().to_string();
    /// #   assert_eq!(wrong, "tensors of shape [3, 32, 32] asked for, but the images have [1, 28, 28]");
    /// }
    /// # Ok::<(), shapewright::data::Error>(())
    /// ```
    #[allow(clippy::type_complexity)]
    pub fn images<
        const C: usize,
        const H: usize,
        const W: usize,
        E: Dtype + Float,
        D: TensorFromVec<E>,
    >(
        &self,
        dev: &D,
    ) -> Result<Tensor<(usize, Const<C>, Const<H>, Const<W>), E, D>, Error> {
        self.tensor(dev, Const, (Const, Const))
    }

    /// The images as a tensor `[N, C, height, width]` for networks that take any size.
    ///
    /// # Errors
    /// As [`Batch::images`].
    #[allow(clippy::type_complexity)]
    pub fn images_of_any_size<const C: usize, E: Dtype + Float, D: TensorFromVec<E>>(
        &self,
        dev: &D,
    ) -> Result<Tensor<(usize, Const<C>, usize, usize), E, D>, Error> {
        let [_, _, height, width] = self.shape;
        self.tensor(dev, Const, (height, width))
    }

    #[allow(clippy::type_complexity)]
    fn tensor<C: Dim, H: Dim, W: Dim, E: Dtype + Float, D: TensorFromVec<E>>(
        &self,
        dev: &D,
        c: C,
        (h, w): (H, W),
    ) -> Result<Tensor<(usize, C, H, W), E, D>, Error> {
        self.check()?;
        let [n, images @ ..] = self.shape;
        let asked = [c.size(), h.size(), w.size()];
        if asked != images {
            return Err(Error::Shape { asked, images });
        }
        let pixels = self.pixels.iter().map(|&p| E::from(p).unwrap_or_else(E::nan)).collect();
        dev.try_tensor_from_vec(pixels, (n, c, h, w)).map_err(Error::device)
    }

    /// 1 at the label, else 0: `[N, K]`, as dfdx's `cross_entropy_with_logits_loss` takes it.
    ///
    /// # Errors
    /// [`Error::Classes`] when there are other than `K` classes, otherwise as [`Batch::images`].
    pub fn one_hot<const K: usize, E: Dtype, D: TensorFromVec<E>>(
        &self,
        dev: &D,
    ) -> Result<Tensor<(usize, Const<K>), E, D>, Error> {
        self.check()?;
        if self.classes != K {
            return Err(Error::Classes { asked: K, images: self.classes });
        }
        let mut rows = vec![E::default(); self.len() * K];
        for (row, &label) in rows.chunks_exact_mut(K).zip(&self.labels) {
            row[label] = E::ONE;
        }
        dev.try_tensor_from_vec(rows, (self.len(), Const)).map_err(Error::device)
    }

    /// That the parts fit together and there is an image: dfdx's tensors can be empty, but not be
    /// read then.
    fn check(&self) -> Result<(), Error> {
        let (labels, pixels, shape) = (self.labels.len(), self.pixels.len(), self.shape);
        if labels == 0 {
            return Err(Error::Invalid("a batch of no images".to_owned()));
        }
        let size = shape.iter().try_fold(1usize, |a, &b| a.checked_mul(b));
        if size != Some(pixels) || shape[0] != labels {
            return Err(Error::Invalid(format!(
                "a batch of shape {shape:?} cannot have {pixels} pixels and {labels} labels"
            )));
        }
        match self.labels.iter().find(|&&label| label >= self.classes) {
            Some(label) => {
                let classes = self.classes;
                let message = format!("a batch of {classes} classes cannot have the label {label}");
                Err(Error::Invalid(message))
            }
            None => Ok(()),
        }
    }
}

/// Writes an image to its place in a batch.
pub(super) fn normalise(bytes: &[u8], tables: &[Table<f32>], to: &mut [f32]) {
    let plane = bytes.len() / tables.len();
    for ((to, bytes), table) in
        to.chunks_exact_mut(plane).zip(bytes.chunks_exact(plane)).zip(tables)
    {
        for (to, &p) in to.iter_mut().zip(bytes) {
            *to = table[usize::from(p)];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Images;
    use dfdx::data::ExactSizeDataset;
    use dfdx::tensor::Cpu;

    /// Five images of two channels, 2×3; every pixel has the value of its image.
    fn five() -> Images {
        let pixels = (0..5).flat_map(|i| [i * 10; 12]).collect();
        Images::new(pixels, vec![0, 1, 2, 0, 1], [2, 2, 3], 3).unwrap()
    }

    fn batch() -> Batch {
        let images = five();
        let samples = [3, 1].map(|i| images.samples().get(i));
        Batch::stack(&images, samples, &Normalize::<2>::UNIT).unwrap()
    }

    #[test]
    fn another_shape_or_number_of_classes_is_named() {
        let (batch, dev) = (batch(), Cpu::default());
        assert!(batch.images::<2, 2, 3, f64, _>(&dev).is_ok());
        let message = batch.images::<1, 28, 28, f64, _>(&dev).err().unwrap().to_string();
        assert_eq!(
            message,
            "tensors of shape [1, 28, 28] asked for, but the images have [2, 2, 3]"
        );
        let message = batch.images_of_any_size::<3, f32, _>(&dev).err().unwrap().to_string();
        assert_eq!(message, "tensors of shape [3, 2, 3] asked for, but the images have [2, 2, 3]");
        let message = batch.one_hot::<10, f32, _>(&dev).err().unwrap().to_string();
        assert_eq!(message, "labels of 10 classes asked for, but the images have 3");
    }

    #[test]
    fn the_kinds_of_tensors_hold_the_same() {
        let (batch, dev) = (batch(), Cpu::default());
        let (known, any) = (
            batch.images::<2, 2, 3, f64, _>(&dev).unwrap(),
            batch.images_of_any_size::<2, f64, _>(&dev).unwrap(),
        );
        assert_eq!(known.as_vec(), any.as_vec());
        let expected: Vec<f64> = batch.pixels.iter().map(|&p| f64::from(p)).collect();
        assert_eq!(known.as_vec(), expected);
        assert_eq!(batch.pixels[..12], [30.0 / 255.0; 12]);
        assert_eq!(batch.one_hot::<3, f32, _>(&dev).unwrap().as_vec(), [1., 0., 0., 0., 1., 0.]);
    }

    #[test]
    fn samples_of_another_set_or_none_are_refused() {
        let images = five();
        for (pixels, label) in [(vec![0; 11], 0), (vec![0; 12], 3)] {
            let samples = [Ok(Sample { pixels, label })];
            let batch = Batch::stack(&images, samples, &Normalize::<2>::UNIT);
            assert!(matches!(batch, Err(Error::Invalid(_))), "{batch:?}");
        }
        let none = Batch::stack(&images, [], &Normalize::<2>::UNIT);
        assert!(matches!(none, Err(Error::Invalid(_))), "{none:?}");
        let grey = Batch::stack(&images, [images.samples().get(0)], &Normalize::MNIST);
        assert!(matches!(grey, Err(Error::Shape { .. })), "{grey:?}");
        let missing = Batch::stack(&images, [images.samples().get(5)], &Normalize::<2>::UNIT);
        assert!(matches!(missing, Err(Error::Index { index: 5, count: 5 })), "{missing:?}");
    }

    #[test]
    fn parts_that_were_changed_are_checked() {
        let dev = Cpu::default();
        let changes: [fn(&mut Batch); 5] = [
            |batch| batch.shape = [2, 2, 2, 2],
            |batch| batch.shape = [usize::MAX, 2, 2, 3],
            |batch| batch.pixels.truncate(23),
            |batch| batch.labels[0] = 3,
            |batch| batch.labels.clear(),
        ];
        for change in changes {
            let mut batch = batch();
            change(&mut batch);
            assert!(matches!(batch.one_hot::<3, f32, _>(&dev), Err(Error::Invalid(_))));
            let images = batch.images_of_any_size::<2, f32, _>(&dev);
            assert!(matches!(images, Err(Error::Invalid(_))));
        }
    }
}
