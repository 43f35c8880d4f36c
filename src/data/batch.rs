//! Samples to tensors: normalised pixels and one-hot labels.
use dfdx::shapes::{Const, Dtype};
use dfdx::tensor::{Storage, Tensor, TensorFromVec};
use num_traits::Float;

use super::{Error, Images, Normalize};

/// A batch of `N` images as tensors, `N` known at run time.
pub struct Batch<
    const C: usize,
    const H: usize,
    const W: usize,
    const CLASSES: usize,
    E: Dtype,
    D: Storage<E>,
> {
    /// Normalised pixels, `[N, C, H, W]`.
    pub images: Tensor<(usize, Const<C>, Const<H>, Const<W>), E, D>,
    /// 1 at the label, else 0: `[N, CLASSES]`, as dfdx's `cross_entropy_with_logits_loss` takes it.
    pub one_hot: Tensor<(usize, Const<CLASSES>), E, D>,
    /// The `N` labels, each below `CLASSES`.
    pub labels: Vec<usize>,
}

impl Images {
    /// Makes tensors of `samples`, which are items of this set (in any order).
    ///
    /// # Errors
    /// [`Error::Shape`] or [`Error::Classes`] when the tensor types asked for are not those of the
    /// images; [`Error::Parts`] when a sample has another number of pixels (it is of
    /// another set) or there are no samples; [`Error::Device`] when the device has no room.
    ///
    /// ```
    /// use dfdx::prelude::*;
    /// use shapewright::data::{Batch, Images, Normalize};
    ///
    /// let images = Images::new(vec![0, 255, 255, 0], vec![1, 0], [1, 1, 2], 2)?;
    /// let samples: Vec<_> = (0..2).map(|i| images.sample(i)).collect();
    /// let dev = Cpu::default();
    /// let batch: Batch<1, 1, 2, 2, f32, _> = images.stack(&dev, &samples, &Normalize::UNIT)?;
    /// assert_eq!(batch.images.as_vec(), [0.0, 1.0, 1.0, 0.0]);
    /// assert_eq!(batch.one_hot.as_vec(), [0.0, 1.0, 1.0, 0.0]);
    /// assert_eq!(batch.labels, [1, 0]);
    /// # Ok::<(), shapewright::data::Error>(())
    /// ```
    pub fn stack<
        const C: usize,
        const H: usize,
        const W: usize,
        const CLASSES: usize,
        E: Dtype + Float,
        D: TensorFromVec<E>,
    >(
        &self,
        dev: &D,
        samples: &[(&[u8], u8)],
        normalize: &Normalize<C>,
    ) -> Result<Batch<C, H, W, CLASSES, E, D>, Error> {
        if self.shape() != [C, H, W] {
            return Err(Error::Shape { asked: [C, H, W], images: self.shape() });
        }
        if self.classes() != CLASSES {
            return Err(Error::Classes { asked: CLASSES, images: self.classes() });
        }
        let n = samples.len();
        if n == 0 {
            // dfdx's tensors can be empty, but not be read then.
            return Err(Error::Parts("a batch of no samples".to_owned()));
        }
        let tables: [[E; 256]; C] = std::array::from_fn(|c| normalize.table(c));
        let mut images = Vec::with_capacity(n * C * H * W);
        let mut one_hot = vec![E::zero(); n * CLASSES];
        for (i, &(pixels, label)) in samples.iter().enumerate() {
            if pixels.len() != C * H * W || usize::from(label) >= CLASSES {
                let (p, shape) = (pixels.len(), self.shape());
                return Err(Error::Parts(format!(
                    "sample {i} ({p} pixels, label {label}) is not of these images ({shape:?}, {CLASSES} classes)"
                )));
            }
            for (plane, table) in pixels.chunks_exact(H * W).zip(&tables) {
                images.extend(plane.iter().map(|&p| table[usize::from(p)]));
            }
            one_hot[i * CLASSES + usize::from(label)] = E::one();
        }
        let failed = |e: D::Err| Error::Device(crate::Error::device(e));
        let images = dev.try_tensor_from_vec(images, (n, Const, Const, Const));
        let one_hot = dev.try_tensor_from_vec(one_hot, (n, Const));
        Ok(Batch {
            images: images.map_err(failed)?,
            one_hot: one_hot.map_err(failed)?,
            labels: samples.iter().map(|&(_, label)| usize::from(label)).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dfdx::tensor::Cpu;

    /// Five images of two channels, 2×3; every pixel has the value of its image.
    fn five() -> Images {
        let pixels = (0..5).flat_map(|i| [i * 10; 12]).collect();
        Images::new(pixels, vec![0, 1, 2, 0, 1], [2, 2, 3], 3).unwrap()
    }

    fn stack<const C: usize, const H: usize, const W: usize, const K: usize>(
        images: &Images,
    ) -> Result<Batch<C, H, W, K, f64, Cpu>, Error> {
        images.stack(&Cpu::default(), &[images.sample(0), images.sample(3)], &Normalize::UNIT)
    }

    #[test]
    fn another_shape_or_number_of_classes_is_named() {
        let images = five();
        assert!(stack::<2, 2, 3, 3>(&images).is_ok());
        let message = stack::<1, 28, 28, 10>(&images).err().unwrap().to_string();
        assert_eq!(
            message,
            "tensors of shape [1, 28, 28] asked for, but the images have [2, 2, 3]"
        );
        let message = stack::<2, 2, 3, 10>(&images).err().unwrap().to_string();
        assert_eq!(message, "labels of 10 classes asked for, but the images have 3");
    }

    #[test]
    fn samples_of_another_set_or_none_are_refused() {
        let (images, dev) = (five(), Cpu::default());
        let none: Result<Batch<2, 2, 3, 3, f32, _>, _> = images.stack(&dev, &[], &Normalize::UNIT);
        assert!(matches!(none.err(), Some(Error::Parts(_))));
        for sample in [(&[0u8; 11][..], 0), (&[0u8; 12][..], 3)] {
            let batch: Result<Batch<2, 2, 3, 3, f32, _>, _> =
                images.stack(&dev, &[sample], &Normalize::UNIT);
            assert!(matches!(batch.err(), Some(Error::Parts(_))));
        }
    }

    #[test]
    fn each_channel_has_its_own_normalisation() {
        let images = Images::new(vec![0, 255, 0, 255], vec![0], [2, 1, 2], 1).unwrap();
        let normalize = Normalize::new([0.5, 0.0], [0.5, 0.25]).unwrap();
        let batch: Batch<2, 1, 2, 1, f32, _> =
            images.stack(&Cpu::default(), &[images.sample(0)], &normalize).unwrap();
        assert_eq!(batch.images.as_vec(), [-1.0, 1.0, 0.0, 4.0]);
    }
}
