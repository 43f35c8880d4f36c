//! Random changes of images, so that a network sees each of them in many ways.
mod geometry;

use rand::Rng;

use super::dataset::{size, zeros};
use super::{Error, seed};

/// Random changes of images, one after the other in the order in which they are named. They work on
/// bytes, before the normalisation; what comes in from beyond the edges is 0, black.
///
/// ```
/// use shapewright::data::{Augment, Digits, Loader};
///
/// let augment = Augment::new().rotate(10.0).shift(2);
/// let loader = Loader::new(Digits::draw(100, 1)).batch_size(20).shuffle(0).augment(augment);
///
/// // The usual one for CIFAR-10 (He and others, 2015).
/// let cifar = Augment::new().crop([32, 32], 4).flip(0.5);
/// assert_eq!(cifar.shape([3, 32, 32])?, [3, 32, 32]);
/// # Ok::<(), shapewright::data::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Augment {
    steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Crop { size: Option<[usize; 2]>, padding: usize },
    Flip { probability: f64 },
    Rotate { degrees: f64 },
}

impl Augment {
    /// No change yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Shifts by up to `pixels` up or down and to the left or right, all shifts equally likely.
    pub fn shift(self, pixels: usize) -> Self {
        self.then(Step::Crop { size: None, padding: pixels })
    }

    /// Cuts out `size = [height, width]` of the image with `padding` zeros at each side, all places
    /// equally likely: torchvision's
    /// [`RandomCrop(size, padding)`](https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomCrop.html).
    pub fn crop(self, size: [usize; 2], padding: usize) -> Self {
        self.then(Step::Crop { size: Some(size), padding })
    }

    /// Mirrors left and right with `probability`, 0 to 1: torchvision's
    /// [`RandomHorizontalFlip(p)`](https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomHorizontalFlip.html).
    pub fn flip(self, probability: f64) -> Self {
        self.then(Step::Flip { probability })
    }

    /// Rotates about the centre by an angle in `-degrees..=degrees`, where `degrees` is 0 to 180,
    /// bilinearly: torchvision's
    /// [`RandomRotation(degrees, BILINEAR)`](https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomRotation.html).
    pub fn rotate(self, degrees: f64) -> Self {
        self.then(Step::Rotate { degrees })
    }

    fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// The shape that images of shape `[channels, height, width]` have afterwards.
    ///
    /// # Errors
    /// [`Error::Invalid`] when a crop is larger than the padded image, a padding or shift is more than
    /// 65535, a probability is not in 0 to 1 or an angle not in 0 to 180 degrees.
    ///
    /// ```
    /// use shapewright::data::Augment;
    ///
    /// assert_eq!(Augment::new().crop([28, 30], 0).shape([3, 32, 32])?, [3, 28, 30]);
    /// let error = Augment::new().crop([41, 32], 4).shape([3, 32, 32]).unwrap_err().to_string();
    /// assert_eq!(error, "a crop of 41×32 pixels from images that are 40×40 with their padding");
    /// # Ok::<(), shapewright::data::Error>(())
    /// ```
    pub fn shape(&self, shape: [usize; 3]) -> Result<[usize; 3], Error> {
        let mut shape = shape;
        for step in &self.steps {
            let wrong = match *step {
                Step::Crop { padding, .. } if padding > usize::from(u16::MAX) => {
                    Some(format!("a padding or shift of {padding} pixels"))
                }
                Step::Crop { size, padding } => {
                    let [_, height, width] = shape;
                    let [ph, pw] = [height, width].map(|n| n.saturating_add(2 * padding));
                    let [h, w] = size.unwrap_or([height, width]);
                    shape = [shape[0], h, w];
                    (h > ph || w > pw).then(|| {
                        format!(
                            "a crop of {h}×{w} pixels from images that are {ph}×{pw} \
                             with their padding"
                        )
                    })
                }
                Step::Flip { probability: p } => (!(0.0..=1.0).contains(&p))
                    .then(|| format!("a flip with probability {p}, which is not in 0 to 1")),
                Step::Rotate { degrees } => (!(0.0..=180.0).contains(&degrees))
                    .then(|| format!("a rotation by up to {degrees} degrees, not in 0 to 180")),
            };
            if let Some(wrong) = wrong {
                return Err(Error::Invalid(wrong));
            }
            size(shape)?;
        }
        Ok(shape)
    }

    /// Changes one image, `pixels` of `[channels, height, width]`, as `seed` has it. A
    /// [`Loader`](super::Loader) does this by itself; this is to look at what comes of it.
    ///
    /// # Errors
    /// As [`Augment::shape`], and when there are other than `channels · height · width` pixels.
    ///
    /// ```
    /// use shapewright::data::Augment;
    ///
    /// let mirrored = Augment::new().flip(1.0).apply(&[1, 2, 3, 4, 5, 6], [1, 2, 3], 0)?;
    /// assert_eq!(mirrored, [3, 2, 1, 6, 5, 4]);
    /// # Ok::<(), shapewright::data::Error>(())
    /// ```
    pub fn apply(&self, pixels: &[u8], shape: [usize; 3], seed: u64) -> Result<Vec<u8>, Error> {
        self.shape(shape)?;
        if size(shape)? != pixels.len() {
            let p = pixels.len();
            return Err(Error::Invalid(format!("{p} pixels are no image of shape {shape:?}")));
        }
        let mut pixels = pixels.to_vec();
        self.change(&mut pixels, shape, &mut seed::rng(&[seed]))?;
        Ok(pixels)
    }

    /// Changes an image of a shape that [`shape`](Self::shape) has found right.
    pub(super) fn change(
        &self,
        pixels: &mut Vec<u8>,
        mut shape: [usize; 3],
        rng: &mut impl Rng,
    ) -> Result<(), Error> {
        for step in &self.steps {
            match *step {
                Step::Crop { size: to, padding } => {
                    let [channels, height, width] = shape;
                    let [h, w] = to.unwrap_or([height, width]);
                    let top = rng.gen_range(0..=height + 2 * padding - h);
                    let left = rng.gen_range(0..=width + 2 * padding - w);
                    let mut cut = zeros(size([channels, h, w])?)?;
                    let corner = [top, left].map(|n| n as i64 - padding as i64);
                    geometry::crop(pixels, [height, width], &mut cut, [h, w], corner);
                    (*pixels, shape) = (cut, [channels, h, w]);
                }
                Step::Flip { probability } => {
                    if rng.gen_bool(probability) {
                        pixels.chunks_exact_mut(shape[2]).for_each(<[u8]>::reverse);
                    }
                }
                Step::Rotate { degrees } => {
                    let angle = rng.gen_range(-degrees..=degrees);
                    let mut turned = zeros(pixels.len())?;
                    geometry::rotate(pixels, [shape[1], shape[2]], &mut turned, angle);
                    *pixels = turned;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
