//! The four files of MNIST (and of sets in its clothes, such as Fashion-MNIST).
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
    /// [`Idx::read`], images that are not 28×28, as many labels as images not given, a label above 9.
    pub fn load(dir: impl AsRef<Path>) -> Result<Self, Error> {
        let dir = dir.as_ref();
        Ok(Self { train: load_part(dir, "train")?, test: load_part(dir, "t10k")? })
    }
}

fn load_part(dir: &Path, part: &str) -> Result<Images, Error> {
    let images_path = find(dir, &format!("{part}-images"), "idx3-ubyte")?;
    let labels_path = find(dir, &format!("{part}-labels"), "idx1-ubyte")?;
    let images = Idx::<3>::read(&images_path)?;
    let [count, height, width] = images.shape;
    if [height, width] != [28, 28] {
        let reason = Reason::Size { found: [height, width], needed: [28, 28] };
        let (path, unpacked) = (images_path, images.packed);
        return Err(Error::Content { path, byte: 8, unpacked, reason });
    }
    let labels = Idx::<1>::read(&labels_path)?;
    let wrong_label = |byte, reason| Error::Content {
        path: labels_path.clone(),
        byte,
        unpacked: labels.packed,
        reason,
    };
    if labels.data.len() != count {
        let reason = Reason::Count { labels: labels.data.len(), images: count, path: images_path };
        return Err(wrong_label(4, reason));
    }
    if let Some(i) = labels.data.iter().position(|&label| label >= 10) {
        let reason = Reason::Label { label: labels.data[i], classes: 10 };
        return Err(wrong_label(Idx::<1>::HEADER + i as u64, reason));
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
