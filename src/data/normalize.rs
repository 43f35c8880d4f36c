//! Per-channel normalisation of pixels: `(pixel / 255 - mean) / std`.
use dfdx::shapes::{Const, Dim, Dtype};
use dfdx::tensor::{Tensor, TensorFromVec};
use num_traits::Float;
use rayon::prelude::*;

use super::Error;
use super::dataset::{Dataset, buffer, read};

/// Maps a pixel `p` of channel `c` to `(p / 255 - mean[c]) / std[c]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normalize<const C: usize> {
    mean: [f64; C],
    std: [f64; C],
}

/// Mean and standard deviation of the training images of well-known sets, as everyone uses them.
impl Normalize<1> {
    /// Of MNIST.
    pub const MNIST: Self = Self::new([0.1307], [0.3081]);

    /// Of Fashion-MNIST.
    pub const FASHION_MNIST: Self = Self::new([0.2860], [0.3530]);
}

/// Mean and standard deviation of the training images of well-known sets, as everyone uses them.
impl Normalize<3> {
    /// Of CIFAR-10.
    pub const CIFAR10: Self = Self::new([0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]);

    /// Of CIFAR-100.
    pub const CIFAR100: Self = Self::new([0.5071, 0.4865, 0.4409], [0.2673, 0.2564, 0.2762]);

    /// Of ImageNet, for which
    /// [torchvision's pretrained networks](https://docs.pytorch.org/vision/stable/models.html) ask.
    pub const IMAGENET: Self = Self::new([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
}

impl<const C: usize> Normalize<C> {
    /// Only the division by 255: pixels in `0..=1`.
    pub const UNIT: Self = Self { mean: [0.0; C], std: [1.0; C] };

    /// Mean and standard deviation of each channel, in units of `pixel / 255`. For constants, whose
    /// bad values the compiler refuses; [`Normalize::try_new`] is for values of the running program.
    ///
    /// # Panics
    /// When a value is not finite or a `std` is not above zero; of a constant, at compile time.
    ///
    /// ```
    /// use shapewright::data::Normalize;
    ///
    /// const HALVES: Normalize<3> = Normalize::new([0.5; 3], [0.5; 3]);
    /// ```
    ///
    /// ```compile_fail
    /// # use shapewright::data::Normalize;
    /// const NONE: Normalize<3> = Normalize::new([0.5; 3], [0.5, 0.0, 0.5]);
    /// ```
    pub const fn new(mean: [f64; C], std: [f64; C]) -> Self {
        let normalize = Self { mean, std };
        assert!(
            normalize.wrong().is_none(),
            "means must be finite, deviations finite and above zero"
        );
        normalize
    }

    /// Mean and standard deviation of each channel, in units of `pixel / 255`.
    ///
    /// # Errors
    /// [`Error::Invalid`] when a value is not finite or a `std` is not above zero.
    pub fn try_new(mean: [f64; C], std: [f64; C]) -> Result<Self, Error> {
        let normalize = Self { mean, std };
        match normalize.wrong() {
            None => Ok(normalize),
            Some(c) => Err(Error::Invalid(format!(
                "channel {c} cannot be normalised with mean {} and std {}",
                mean[c], std[c]
            ))),
        }
    }

    /// The first channel that cannot be normalised.
    const fn wrong(&self) -> Option<usize> {
        let mut c = 0;
        while c < C {
            let (mean, std) = (self.mean[c], self.std[c]);
            if !mean.is_finite() || !std.is_finite() || std <= 0.0 {
                return Some(c);
            }
            c += 1;
        }
        None
    }

    /// Measures the mean and standard deviation of every channel of a dataset, usually the training
    /// images. Reads all of them once, on all threads.
    ///
    /// # Errors
    /// [`Error::Shape`] when the images have another number of channels, [`Error::Invalid`] when a
    /// channel has no variation (or there are no images), the dataset's own errors.
    ///
    /// ```
    /// use shapewright::data::{Images, Normalize};
    ///
    /// let images = Images::new(vec![0, 255], vec![0, 1], [1, 1, 1], 2)?;
    /// assert_eq!(Normalize::<1>::measure(&images)?, Normalize::new([0.5], [0.5]));
    /// # Ok::<(), shapewright::data::Error>(())
    /// ```
    pub fn measure(dataset: &(impl Dataset + ?Sized)) -> Result<Self, Error> {
        let shape = dataset.shape();
        let [channels, height, width] = shape;
        if channels != C {
            return Err(Error::Shape { asked: [C, height, width], images: shape });
        }
        // Sums of integers are the same in any order.
        let sums = (0..dataset.len()).into_par_iter().map(|i| {
            let mut pixels = buffer(shape)?;
            read(dataset, i, &mut pixels)?;
            let mut sums = [[0u64; 2]; C];
            for (sums, plane) in sums.iter_mut().zip(pixels.chunks_exact(height * width)) {
                for &p in plane {
                    sums[0] += u64::from(p);
                    sums[1] += u64::from(p) * u64::from(p);
                }
            }
            Ok(sums)
        });
        let sums = sums.try_reduce(
            || [[0; 2]; C],
            |a, b| Ok(std::array::from_fn(|c| [a[c][0] + b[c][0], a[c][1] + b[c][1]])),
        )?;
        let n = dataset.len() * height * width;
        let mean = sums.map(|[sum, _]| sum as f64 / n as f64 / 255.0);
        // n² · variance, in integers: exact, and exactly zero for a constant channel.
        let std = sums.map(|[sum, squares]| {
            let spread = n as u128 * u128::from(squares) - u128::from(sum).pow(2);
            (spread as f64).sqrt() / n as f64 / 255.0
        });
        Self::try_new(mean, std)
    }

    /// One image as a tensor, for `forward_one`. `pixels` lie channel by channel, row by row; height
    /// and width are each a `Const` or a `usize`.
    ///
    /// # Errors
    /// [`Error::Invalid`] when there are other than `C · height · width` pixels, [`Error::Device`]
    /// when the device has no room.
    ///
    /// ```
    /// use dfdx::prelude::*;
    /// use shapewright::data::Normalize;
    ///
    /// let dev = Cpu::default();
    /// let (pixels, normalize) = ([0, 255], Normalize::new([0.5], [0.5]));
    /// let image: Tensor<Rank3<1, 1, 2>, f32, _> = normalize.image(&dev, &pixels, (Const, Const))?;
    /// assert_eq!(image.array(), [[[-1.0, 1.0]]]);
    /// let image: Tensor<_, f32, _> = normalize.image(&dev, &pixels, (2, 1))?;
    /// assert_eq!(image.shape(), &(Const::<1>, 2, 1));
    /// # Ok::<(), shapewright::data::Error>(())
    /// ```
    #[allow(clippy::type_complexity)]
    pub fn image<H: Dim, W: Dim, E: Dtype + Float, D: TensorFromVec<E>>(
        &self,
        dev: &D,
        pixels: &[u8],
        (height, width): (H, W),
    ) -> Result<Tensor<(Const<C>, H, W), E, D>, Error> {
        let shape = [C, height.size(), width.size()];
        if super::dataset::size(shape)? != pixels.len() {
            let p = pixels.len();
            return Err(Error::Invalid(format!("{p} pixels are no image of shape {shape:?}")));
        }
        let mut values = Vec::with_capacity(pixels.len());
        for (c, plane) in pixels.chunks_exact(height.size() * width.size()).enumerate() {
            let table: Table<E> = self.table(c);
            values.extend(plane.iter().map(|&p| table[usize::from(p)]));
        }
        dev.try_tensor_from_vec(values, (Const, height, width)).map_err(Error::device)
    }

    /// The value of each of the 256 pixel values in channel `c`.
    fn table<E: Float>(&self, c: usize) -> Table<E> {
        std::array::from_fn(|p| {
            // Every float type holds the nearest value to an f64 (f16 too: they are small).
            E::from((p as f64 / 255.0 - self.mean[c]) / self.std[c]).unwrap_or_else(E::nan)
        })
    }

    /// One table for each channel.
    pub(super) fn tables(&self) -> Vec<Table<f32>> {
        (0..C).map(|c| self.table(c)).collect()
    }
}

/// What becomes of each of the 256 pixel values.
pub(super) type Table<E> = [E; 256];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Images;
    use dfdx::tensor::{AsArray, Cpu};

    #[test]
    fn each_channel_has_its_own_normalisation() {
        let normalize = Normalize::new([0.5, 0.0], [0.5, 0.25]);
        let size = (Const::<1>, Const::<2>);
        let image: Tensor<_, f64, _> =
            normalize.image(&Cpu::default(), &[0, 255, 0, 255], size).unwrap();
        assert_eq!(image.array(), [[[-1.0, 1.0]], [[0.0, 4.0]]]);
        let wrong: Result<Tensor<_, f64, _>, _> =
            normalize.image(&Cpu::default(), &[0, 255, 0], size);
        let message = wrong.err().unwrap().to_string();
        assert_eq!(message, "3 pixels are no image of shape [2, 1, 2]");
    }

    #[test]
    fn measured_is_what_the_definition_says() {
        let pixels: Vec<u8> = (0..5 * 2 * 6).map(|i| (i * 37 % 251) as u8).collect();
        let images = Images::new(pixels.clone(), vec![0; 5], [2, 2, 3], 1).unwrap();
        let measured = Normalize::<2>::measure(&images).unwrap();
        for c in 0..2 {
            let planes = pixels.chunks(6).skip(c).step_by(2);
            let of: Vec<f64> = planes.flatten().map(|&p| f64::from(p) / 255.0).collect();
            let mean = of.iter().sum::<f64>() / 30.0;
            let variance = of.iter().map(|p| (p - mean).powi(2)).sum::<f64>() / 30.0;
            assert!((measured.mean[c] - mean).abs() < 1e-12);
            assert!((measured.std[c] - variance.sqrt()).abs() < 1e-12);
        }
    }

    #[test]
    fn what_cannot_be_normalised_is_refused() {
        let constant = Images::new(vec![7; 4], vec![0], [1, 2, 2], 1).unwrap();
        assert!(matches!(Normalize::<1>::measure(&constant), Err(Error::Invalid(_))));
        assert!(matches!(Normalize::<3>::measure(&constant), Err(Error::Shape { .. })));
        let none = Images::new(vec![], vec![], [1, 2, 2], 1).unwrap();
        assert!(matches!(Normalize::<1>::measure(&none), Err(Error::Invalid(_))));
        for (mean, std) in [(f64::NAN, 1.0), (0.0, 0.0), (0.0, -1.0), (0.0, f64::INFINITY)] {
            assert!(Normalize::try_new([0.5, mean], [1.0, std]).is_err());
        }
    }
}
