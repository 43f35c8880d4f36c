//! What every set of labelled images can do.
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use dfdx::data::ExactSizeDataset;

use super::{Error, Subset};

/// Labelled images of one size, read one by one and from any thread.
///
/// A [`Loader`](super::Loader) makes shuffled, normalised batches of a dataset;
/// [`samples`](Self::samples) is for dfdx's own iterators.
///
/// ```
/// use shapewright::data::{Dataset, Error, Loader};
///
/// /// Stripes that lie (class 0) or stand (class 1).
/// struct Stripes;
///
/// impl Dataset for Stripes {
///     fn len(&self) -> usize {
///         100
///     }
///     fn shape(&self) -> [usize; 3] {
///         [1, 8, 8]
///     }
///     fn classes(&self) -> usize {
///         2
///     }
///     fn class_name(&self, class: usize) -> String {
///         ["lying", "standing"][class].to_owned()
///     }
///     fn read(&self, index: usize, pixels: &mut [u8]) -> Result<usize, Error> {
///         let class = index % 2;
///         for (i, pixel) in pixels.iter_mut().enumerate() {
///             let stripe = [i / 8, i % 8][class] + index / 2;
///             *pixel = if stripe % 2 == 0 { 255 } else { 0 };
///         }
///         Ok(class)
///     }
/// }
///
/// let loader = Loader::new(Stripes).batch_size(32).shuffle(0);
/// for batch in loader.epoch(0) {
///     assert_eq!(batch?.shape[1..], [1, 8, 8]);
/// }
/// # Ok::<(), Error>(())
/// ```
pub trait Dataset: Send + Sync {
    /// Number of images.
    fn len(&self) -> usize;

    /// `[channels, height, width]` of every image.
    fn shape(&self) -> [usize; 3];

    /// Number of classes; every label is below it.
    fn classes(&self) -> usize;

    /// Writes image `index` to `pixels`, channel by channel, row by row, and gives its label.
    /// `pixels` has the length that [`shape`](Self::shape) asks for.
    ///
    /// # Errors
    /// When there is no such image or it cannot be read; [`Error::other`] takes errors of all types.
    fn read(&self, index: usize, pixels: &mut [u8]) -> Result<usize, Error>;

    /// What a class is called; its number unless the dataset knows better.
    fn class_name(&self, class: usize) -> String {
        class.to_string()
    }

    /// Whether there is no image.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The images as dfdx's [`ExactSizeDataset`], whose items are `Result<Sample, Error>`.
    ///
    /// ```
    /// use dfdx::data::{ExactSizeDataset, IteratorBatchExt};
    /// use rand::{SeedableRng, rngs::StdRng};
    /// use shapewright::data::{Batch, Dataset, Digits, Normalize};
    ///
    /// let digits = Digits::draw(100, 1);
    /// for samples in digits.samples().shuffled(&mut StdRng::seed_from_u64(0)).batch_with_last(32) {
    ///     let batch = Batch::stack(&digits, samples, &Normalize::MNIST)?;
    ///     assert_eq!(batch.shape[1..], [1, 28, 28]);
    /// }
    /// # Ok::<(), shapewright::data::Error>(())
    /// ```
    fn samples(&self) -> Samples<&Self>
    where
        Self: Sized,
    {
        Samples(self)
    }

    /// The images at `indices`, in that order.
    ///
    /// # Errors
    /// [`Error::Invalid`] when there is no image at one of them.
    fn subset(self, indices: Vec<usize>) -> Result<Subset<Self>, Error>
    where
        Self: Sized,
    {
        Subset::new(self, indices)
    }

    /// The first `count` images, or all when there are no more.
    fn take(self, count: usize) -> Subset<Self>
    where
        Self: Sized,
    {
        Subset::first(self, count)
    }

    /// Splits off `count` images drawn at random by `seed`: gives those that are left, for training,
    /// and those split off, for validation. The same seed gives the same split.
    ///
    /// # Errors
    /// [`Error::Invalid`] when there are fewer than `count` images.
    ///
    /// ```
    /// use shapewright::data::{Dataset, Digits};
    ///
    /// let (train, validation) = Digits::draw(1000, 1).split(200, 7)?;
    /// assert_eq!((train.len(), validation.len()), (800, 200));
    /// # Ok::<(), shapewright::data::Error>(())
    /// ```
    #[allow(clippy::type_complexity)]
    fn split(self, count: usize, seed: u64) -> Result<(Subset<Arc<Self>>, Subset<Arc<Self>>), Error>
    where
        Self: Sized,
    {
        Subset::split(self, count, seed)
    }
}

/// An image and its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Channel by channel, row by row.
    pub pixels: Vec<u8>,
    /// The class.
    pub label: usize,
}

/// The images of a dataset for dfdx's iterators, from [`Dataset::samples`].
///
/// dfdx's `iter()` goes from the last image to the first.
#[derive(Clone, Copy, Debug)]
pub struct Samples<D>(D);

impl<D: Dataset> ExactSizeDataset for Samples<D> {
    type Item<'a>
        = Result<Sample, Error>
    where
        D: 'a;

    fn get(&self, index: usize) -> Self::Item<'_> {
        let mut pixels = buffer(self.0.shape())?;
        let label = read(&self.0, index, &mut pixels)?;
        Ok(Sample { pixels, label })
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

/// Reads an image into `pixels` and checks the label. A panic in the dataset's own code becomes an
/// error here, so that none is lost on another thread.
pub(super) fn read<D: Dataset + ?Sized>(
    dataset: &D,
    index: usize,
    pixels: &mut [u8],
) -> Result<usize, Error> {
    let label = match catch_unwind(AssertUnwindSafe(|| dataset.read(index, pixels))) {
        Ok(label) => label?,
        Err(panic) => return Err(Error::Panicked { sample: index, message: words(&*panic) }),
    };
    if label >= dataset.classes() {
        let classes = dataset.classes();
        let message = format!("sample {index} has label {label}, but there are {classes} classes");
        return Err(Error::Invalid(message));
    }
    Ok(label)
}

/// What a panic said.
fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

/// Number of pixels of an image.
pub(super) fn size(shape: [usize; 3]) -> Result<usize, Error> {
    match shape.iter().try_fold(1usize, |a, &b| a.checked_mul(b)) {
        Some(size) if size > 0 => Ok(size),
        _ => Err(Error::Invalid(format!("no image can have the shape {shape:?}"))),
    }
}

/// Room for one image.
pub(super) fn buffer(shape: [usize; 3]) -> Result<Vec<u8>, Error> {
    zeros(size(shape)?)
}

/// Zeros, or an error when there is no memory for so many.
pub(super) fn zeros<T: Copy + Default>(count: usize) -> Result<Vec<T>, Error> {
    let mut values = Vec::new();
    if values.try_reserve_exact(count).is_err() {
        return Err(Error::Invalid(format!("there is no memory for {count} values at once")));
    }
    values.resize(count, T::default());
    Ok(values)
}

macro_rules! by_pointer {
    ($($pointer:ty),*) => {$(
        impl<D: Dataset + ?Sized> Dataset for $pointer {
            fn len(&self) -> usize {
                (**self).len()
            }
            fn shape(&self) -> [usize; 3] {
                (**self).shape()
            }
            fn classes(&self) -> usize {
                (**self).classes()
            }
            fn read(&self, index: usize, pixels: &mut [u8]) -> Result<usize, Error> {
                (**self).read(index, pixels)
            }
            fn class_name(&self, class: usize) -> String {
                (**self).class_name(class)
            }
        }
    )*};
}

by_pointer!(&D, Box<D>, Arc<D>);
