//! The four files of MNIST and of sets in its clothes.
use std::path::Path;

use super::idx::Idx;
use super::images::numbers;
use super::source::find;
use super::{Error, Images, Reason};

/// MNIST's training and test images: 28×28 grey pixels of handwritten digits, ten classes.
///
/// <http://yann.lecun.com/exdb/mnist/>; [`Normalize::MNIST`](super::Normalize::MNIST) goes with it.
#[derive(Clone, Debug)]
pub struct Mnist {
    /// `train-images-idx3-ubyte` and `train-labels-idx1-ubyte`.
    pub train: Images,
    /// `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`.
    pub test: Images,
}

impl Mnist {
    /// Reads the four files from `dir`, each plain or with `.gz`, and also as `train-images.idx3-ubyte`
    /// (a dot in place of the second hyphen), as some archives spell it.
    ///
    /// # Errors
    /// [`Error::Missing`] with all names tried, [`Error::Io`], or [`Error::Content`]: the errors of
    /// [`Idx::read`], images that are not 28×28, another number of labels than of images, a label
    /// above 9.
    pub fn load(dir: impl AsRef<Path>) -> Result<Self, Error> {
        let dir = dir.as_ref();
        Ok(Self { train: Self::load_train(dir)?, test: Self::load_test(dir)? })
    }

    /// Reads the training images only.
    ///
    /// # Errors
    /// As [`Mnist::load`].
    pub fn load_train(dir: impl AsRef<Path>) -> Result<Images, Error> {
        load_part(dir.as_ref(), "train", numbers(10))
    }

    /// Reads the test images only.
    ///
    /// # Errors
    /// As [`Mnist::load`].
    pub fn load_test(dir: impl AsRef<Path>) -> Result<Images, Error> {
        load_part(dir.as_ref(), "t10k", numbers(10))
    }
}

/// Fashion-MNIST's training and test images: 28×28 grey pixels of clothes, ten classes.
///
/// Xiao, Rasul and Vollgraf, 2017, <https://github.com/zalandoresearch/fashion-mnist>;
/// [`Normalize::FASHION_MNIST`](super::Normalize::FASHION_MNIST) goes with it.
#[derive(Clone, Debug)]
pub struct FashionMnist {
    /// `train-images-idx3-ubyte` and `train-labels-idx1-ubyte`.
    pub train: Images,
    /// `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`.
    pub test: Images,
}

impl FashionMnist {
    /// The names of the classes.
    pub const CLASSES: [&'static str; 10] = [
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ];

    /// Reads the four files from `dir`, which are called as [`Mnist::load`]'s.
    ///
    /// # Errors
    /// As [`Mnist::load`].
    pub fn load(dir: impl AsRef<Path>) -> Result<Self, Error> {
        let dir = dir.as_ref();
        Ok(Self { train: Self::load_train(dir)?, test: Self::load_test(dir)? })
    }

    /// Reads the training images only.
    ///
    /// # Errors
    /// As [`Mnist::load`].
    pub fn load_train(dir: impl AsRef<Path>) -> Result<Images, Error> {
        load_part(dir.as_ref(), "train", Self::CLASSES.map(str::to_owned).to_vec())
    }

    /// Reads the test images only.
    ///
    /// # Errors
    /// As [`Mnist::load`].
    pub fn load_test(dir: impl AsRef<Path>) -> Result<Images, Error> {
        load_part(dir.as_ref(), "t10k", Self::CLASSES.map(str::to_owned).to_vec())
    }
}

fn load_part(dir: &Path, part: &str, names: Vec<String>) -> Result<Images, Error> {
    let spellings =
        |name: &str, kind: &str| ["-", "."].map(|sep| format!("{part}-{name}{sep}{kind}"));
    let images_path = find(dir, &spellings("images", "idx3-ubyte"))?;
    let labels_path = find(dir, &spellings("labels", "idx1-ubyte"))?;
    let images = Idx::<3>::read(&images_path)?;
    let labels = Idx::<1>::read(&labels_path)?;
    let [count, height, width] = images.shape;
    let content = |path: &Path, packed, byte, reason| {
        Err(Error::Content { path: path.to_owned(), byte, unpacked: packed, reason })
    };
    if [height, width] != [28, 28] {
        let reason = Reason::Size { found: [height, width], needed: [28, 28] };
        return content(&images_path, images.packed, 8, reason);
    }
    if labels.data.len() != count {
        let reason = Reason::Count { labels: labels.data.len(), images: count, path: images_path };
        return content(&labels_path, labels.packed, 4, reason);
    }
    let classes = names.len();
    if let Some(i) = labels.data.iter().position(|&label| usize::from(label) >= classes) {
        let reason = Reason::Label { label: labels.data[i], classes };
        return content(&labels_path, labels.packed, Idx::<1>::HEADER + i as u64, reason);
    }
    Ok(Images::from_parts(images.data, labels.data, [1, height, width], names))
}
