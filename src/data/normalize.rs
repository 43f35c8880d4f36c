//! Per-channel normalisation of pixels: `(pixel / 255 - mean) / std`.
use super::{Error, Images};
use num_traits::Float;

/// Maps a pixel `p` of channel `c` to `(p / 255 - mean[c]) / std[c]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normalize<const C: usize> {
    mean: [f64; C],
    std: [f64; C],
}

impl Normalize<1> {
    /// Mean and standard deviation of MNIST's training images, as everyone uses them.
    pub const MNIST: Self = Self { mean: [0.1307], std: [0.3081] };
}

impl<const C: usize> Normalize<C> {
    /// Only the division by 255: pixels in `0..=1`.
    pub const UNIT: Self = Self { mean: [0.0; C], std: [1.0; C] };

    /// Mean and standard deviation of each channel, in units of `pixel / 255`.
    ///
    /// # Errors
    /// [`Error::Parts`] when a value is not finite or a `std` is not above zero.
    pub fn new(mean: [f64; C], std: [f64; C]) -> Result<Self, Error> {
        for c in 0..C {
            if !mean[c].is_finite() || !std[c].is_finite() || std[c] <= 0.0 {
                let (mean, std) = (mean[c], std[c]);
                return Err(Error::Parts(format!(
                    "channel {c} cannot be normalised with mean {mean} and std {std}"
                )));
            }
        }
        Ok(Self { mean, std })
    }

    /// Measures the mean and standard deviation of every channel of `images`.
    ///
    /// # Errors
    /// [`Error::Shape`] when the images have another number of channels, [`Error::Parts`] when a
    /// channel has no variation (or there are no images).
    ///
    /// ```
    /// use shapewright::data::{Images, Normalize};
    ///
    /// let images = Images::new(vec![0, 255], vec![0, 1], [1, 1, 1], 2)?;
    /// assert_eq!(Normalize::<1>::measure(&images)?, Normalize::new([0.5], [0.5])?);
    /// # Ok::<(), shapewright::data::Error>(())
    /// ```
    pub fn measure(images: &Images) -> Result<Self, Error> {
        let [channels, height, width] = images.shape();
        if channels != C {
            let asked = [C, height, width];
            return Err(Error::Shape { asked, images: images.shape() });
        }
        let (mut sum, mut squares) = ([0u64; C], [0u64; C]);
        for (i, plane) in images.pixels().chunks_exact(height * width).enumerate() {
            for &p in plane {
                sum[i % C] += u64::from(p);
                squares[i % C] += u64::from(p) * u64::from(p);
            }
        }
        let n = images.len() * height * width;
        let mean = sum.map(|s| s as f64 / n as f64 / 255.0);
        let mut std = [0.0; C];
        for c in 0..C {
            // n² · variance, in integers: exact, and exactly zero for a constant channel.
            let spread = n as u128 * u128::from(squares[c]) - u128::from(sum[c]).pow(2);
            std[c] = (spread as f64).sqrt() / n as f64 / 255.0;
        }
        Self::new(mean, std)
    }

    /// The value of each of the 256 pixel values in channel `c`.
    pub(super) fn table<E: Float>(&self, c: usize) -> [E; 256] {
        std::array::from_fn(|p| {
            // Every float type holds the nearest value to an f64 (f16 too: they are small).
            E::from((p as f64 / 255.0 - self.mean[c]) / self.std[c]).unwrap_or_else(E::nan)
        })
    }
}
