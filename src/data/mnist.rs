//! The four files of MNIST (and of sets in its clothes, such as Fashion-MNIST).
use std::fs;
use std::path::{Path, PathBuf};

use super::idx::Idx;
use super::{Error, Images, Reason};

/// MNIST's training and test images: 28×28 grey pixels, ten classes.
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
        load_part(dir.as_ref(), "train")
    }

    /// Reads the test images only.
    ///
    /// # Errors
    /// As [`Mnist::load`].
    pub fn load_test(dir: impl AsRef<Path>) -> Result<Images, Error> {
        load_part(dir.as_ref(), "t10k")
    }
}

fn load_part(dir: &Path, part: &str) -> Result<Images, Error> {
    // A directory that is not there is said so, rather than that it lacks files.
    if let Err(source) = fs::read_dir(dir) {
        return Err(Error::Io { path: dir.to_owned(), source });
    }
    let images_path = find(dir, &format!("{part}-images"), "idx3-ubyte")?;
    let labels_path = find(dir, &format!("{part}-labels"), "idx1-ubyte")?;
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
    if let Some(i) = labels.data.iter().position(|&label| label >= 10) {
        let reason = Reason::Label { label: labels.data[i], classes: 10 };
        return content(&labels_path, labels.packed, Idx::<1>::HEADER + i as u64, reason);
    }
    Images::new(images.data, labels.data, [1, height, width], 10)
}

/// The first spelling of a file that exists.
fn find(dir: &Path, name: &str, kind: &str) -> Result<PathBuf, Error> {
    let tried: Vec<String> = [("-", ""), ("-", ".gz"), (".", ""), (".", ".gz")]
        .map(|(sep, gz)| format!("{name}{sep}{kind}{gz}"))
        .into();
    match tried.iter().map(|name| dir.join(name)).find(|path| path.is_file()) {
        Some(path) => Ok(path),
        None => Err(Error::Missing { dir: dir.to_owned(), tried }),
    }
}
