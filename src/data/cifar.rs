//! CIFAR-10 and CIFAR-100 in the binary version: <https://www.cs.toronto.edu/~kriz/cifar.html>.
//!
//! A file is a sequence of records: the label (of CIFAR-100 the coarse, then the fine one) and 3072
//! pixels, the red plane first.
use std::path::{Path, PathBuf};

use super::source::{Source, find};
use super::{Error, Images, Reason};

/// `[channels, height, width]` of every image.
const SHAPE: [usize; 3] = [3, 32, 32];
const PIXELS: usize = 3 * 32 * 32;

/// More bytes of a file are refused: 256 MiB; the largest, CIFAR-100's `train.bin`, has 154 MB.
const MAX_BYTES: u64 = 1 << 28;

/// CIFAR-10's training and test images: 32×32 colour pixels, ten classes.
///
/// Krizhevsky, 2009; [`Normalize::CIFAR10`](super::Normalize::CIFAR10) goes with it.
#[derive(Clone, Debug)]
pub struct Cifar10 {
    /// `data_batch_1.bin` to `data_batch_5.bin`.
    pub train: Images,
    /// `test_batch.bin`.
    pub test: Images,
}

impl Cifar10 {
    /// The names of the classes.
    pub const CLASSES: [&'static str; 10] =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// Reads the files from `dir` or from `cifar-10-batches-bin` in it, each plain or with `.gz`.
    /// The classes are called as in `batches.meta.txt` there, without that file as in
    /// [`Cifar10::CLASSES`].
    ///
    /// # Errors
    /// [`Error::Missing`] with the names tried, [`Error::Io`], or [`Error::Content`]: a file that is
    /// not records of 3073 bytes, a label above 9, other than ten names, damaged gzip.
    pub fn load(dir: impl AsRef<Path>) -> Result<Self, Error> {
        let dir = dir.as_ref();
        Ok(Self { train: Self::load_train(dir)?, test: Self::load_test(dir)? })
    }

    /// Reads the training images only.
    ///
    /// # Errors
    /// As [`Cifar10::load`].
    pub fn load_train(dir: impl AsRef<Path>) -> Result<Images, Error> {
        let files = [1, 2, 3, 4, 5].map(|i| format!("data_batch_{i}.bin"));
        Self::read(dir.as_ref(), &files)
    }

    /// Reads the test images only.
    ///
    /// # Errors
    /// As [`Cifar10::load`].
    pub fn load_test(dir: impl AsRef<Path>) -> Result<Images, Error> {
        Self::read(dir.as_ref(), &["test_batch.bin".to_owned()])
    }

    fn read(dir: &Path, files: &[String]) -> Result<Images, Error> {
        let dir = inner(dir, "cifar-10-batches-bin");
        let names = names(&dir.join("batches.meta.txt"), &Self::CLASSES)?;
        read(&dir, files, Records { labels: 1, label: 0 }, names)
    }
}

/// Which of the two labels of CIFAR-100's images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cifar100Labels {
    /// One of 100 classes.
    Fine,
    /// One of 20 classes, each of which holds five of the fine ones.
    Coarse,
}

/// CIFAR-100's training and test images: 32×32 colour pixels, 100 classes in 20 coarse ones.
///
/// Krizhevsky, 2009; [`Normalize::CIFAR100`](super::Normalize::CIFAR100) goes with it.
#[derive(Clone, Debug)]
pub struct Cifar100 {
    /// `train.bin`.
    pub train: Images,
    /// `test.bin`.
    pub test: Images,
}

impl Cifar100 {
    /// The names of the fine classes.
    #[rustfmt::skip]
    pub const FINE: [&'static str; 100] = [
        "apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle",
        "bottle", "bowl", "boy", "bridge", "bus", "butterfly", "camel", "can", "castle",
        "caterpillar", "cattle", "chair", "chimpanzee", "clock", "cloud", "cockroach", "couch",
        "crab", "crocodile", "cup", "dinosaur", "dolphin", "elephant", "flatfish", "forest", "fox",
        "girl", "hamster", "house", "kangaroo", "keyboard", "lamp", "lawn_mower", "leopard", "lion",
        "lizard", "lobster", "man", "maple_tree", "motorcycle", "mountain", "mouse", "mushroom",
        "oak_tree", "orange", "orchid", "otter", "palm_tree", "pear", "pickup_truck", "pine_tree",
        "plain", "plate", "poppy", "porcupine", "possum", "rabbit", "raccoon", "ray", "road",
        "rocket", "rose", "sea", "seal", "shark", "shrew", "skunk", "skyscraper", "snail", "snake",
        "spider", "squirrel", "streetcar", "sunflower", "sweet_pepper", "table", "tank",
        "telephone", "television", "tiger", "tractor", "train", "trout", "tulip", "turtle",
        "wardrobe", "whale", "willow_tree", "wolf", "woman", "worm",
    ];

    /// The names of the coarse classes.
    #[rustfmt::skip]
    pub const COARSE: [&'static str; 20] = [
        "aquatic_mammals", "fish", "flowers", "food_containers", "fruit_and_vegetables",
        "household_electrical_devices", "household_furniture", "insects", "large_carnivores",
        "large_man-made_outdoor_things", "large_natural_outdoor_scenes",
        "large_omnivores_and_herbivores", "medium_mammals", "non-insect_invertebrates", "people",
        "reptiles", "small_mammals", "trees", "vehicles_1", "vehicles_2",
    ];

    /// Reads the files from `dir` or from `cifar-100-binary` in it, each plain or with `.gz`. The
    /// classes are called as in `fine_label_names.txt` or `coarse_label_names.txt` there, without
    /// those files as in [`Cifar100::FINE`] or [`Cifar100::COARSE`].
    ///
    /// # Errors
    /// [`Error::Missing`] with the names tried, [`Error::Io`], or [`Error::Content`]: a file that is
    /// not records of 3074 bytes, a label that is no class, another number of names than of classes,
    /// damaged gzip.
    pub fn load(dir: impl AsRef<Path>, labels: Cifar100Labels) -> Result<Self, Error> {
        let dir = dir.as_ref();
        Ok(Self { train: Self::load_train(dir, labels)?, test: Self::load_test(dir, labels)? })
    }

    /// Reads the training images only.
    ///
    /// # Errors
    /// As [`Cifar100::load`].
    pub fn load_train(dir: impl AsRef<Path>, labels: Cifar100Labels) -> Result<Images, Error> {
        Self::read(dir.as_ref(), "train.bin", labels)
    }

    /// Reads the test images only.
    ///
    /// # Errors
    /// As [`Cifar100::load`].
    pub fn load_test(dir: impl AsRef<Path>, labels: Cifar100Labels) -> Result<Images, Error> {
        Self::read(dir.as_ref(), "test.bin", labels)
    }

    fn read(dir: &Path, file: &str, labels: Cifar100Labels) -> Result<Images, Error> {
        let dir = inner(dir, "cifar-100-binary");
        let (label, file_of_names, known) = match labels {
            Cifar100Labels::Coarse => (0, "coarse_label_names.txt", &Self::COARSE[..]),
            Cifar100Labels::Fine => (1, "fine_label_names.txt", &Self::FINE[..]),
        };
        let names = names(&dir.join(file_of_names), known)?;
        read(&dir, &[file.to_owned()], Records { labels: 2, label }, names)
    }
}

/// The directory that the archive unpacks to, if it is there, else `dir` itself.
fn inner(dir: &Path, name: &str) -> PathBuf {
    let inner = dir.join(name);
    if inner.is_dir() { inner } else { dir.to_owned() }
}

/// The names of the classes in a file, one in a line, or the known ones when there is no file.
fn names(path: &Path, known: &[&str]) -> Result<Vec<String>, Error> {
    if !path.is_file() {
        return Ok(known.iter().map(|&name| name.to_owned()).collect());
    }
    let mut source = Source::open(path)?;
    let text = source.read_up_to(1 << 16)?;
    let text = String::from_utf8_lossy(&text);
    let lines = text.lines().map(|line| line.trim().to_owned());
    let names: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    if names.len() != known.len() {
        let reason = Reason::Names { found: names.len(), classes: known.len() };
        return source.wrong(0, reason);
    }
    Ok(names)
}

/// The form of a record.
#[derive(Clone, Copy)]
struct Records {
    /// How many labels precede the pixels.
    labels: usize,
    /// Which of them is wanted.
    label: usize,
}

fn read(dir: &Path, files: &[String], form: Records, names: Vec<String>) -> Result<Images, Error> {
    let size = form.labels + PIXELS;
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    for file in files {
        let path = find(dir, std::slice::from_ref(file))?;
        let mut source = Source::open(&path)?;
        let bytes = source.read_all(MAX_BYTES)?;
        if bytes.is_empty() || bytes.len() % size != 0 {
            return source.wrong(bytes.len() as u64, Reason::Record { size });
        }
        for (i, record) in bytes.chunks_exact(size).enumerate() {
            let label = record[form.label];
            if usize::from(label) >= names.len() {
                let reason = Reason::Label { label, classes: names.len() };
                return source.wrong((i * size + form.label) as u64, reason);
            }
            labels.push(label);
            pixels.extend_from_slice(&record[form.labels..]);
        }
    }
    Ok(Images::from_parts(pixels, labels, SHAPE, names))
}
