//! Where the well-known datasets are. Addresses and checksums are those of torchvision's
//! [mnist.py](https://github.com/pytorch/vision/blob/main/torchvision/datasets/mnist.py) and, for the
//! binary version, of CIFAR's [home page](https://www.cs.toronto.edu/~kriz/cifar.html).
use std::path::Path;

use super::archive::{Member, is_unpacked, unpack};
use super::{Checksum, Download, Progress};
use crate::data::{Cifar10, Cifar100, Error, FashionMnist, Mnist};

/// More than any file of MNIST and Fashion-MNIST has.
const MAX_IDX: u64 = 40_000_000;

/// The names of the four files and their MD5 sums.
type Four = [(&'static str, &'static str); 4];

const MNIST: Four = [
    ("train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
    ("train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432"),
    ("t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3"),
    ("t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c"),
];

const FASHION_MNIST: Four = [
    ("train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
    ("train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe"),
    ("t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79"),
    ("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310"),
];

impl Mnist {
    /// Fetches the four files, 11 MB, to `dir`, from where [`Mnist::load`] reads them. What is there
    /// and complete is not fetched again.
    ///
    /// # Errors
    /// As [`Download::run`].
    ///
    /// ```no_run
    /// use shapewright::data::Mnist;
    ///
    /// Mnist::download("data/mnist", |_| {})?;
    /// let mnist = Mnist::load("data/mnist")?;
    /// assert_eq!(mnist.train.len(), 60_000);
    /// # Ok::<(), shapewright::data::Error>(())
    /// ```
    pub fn download(dir: impl AsRef<Path>, progress: impl FnMut(Progress)) -> Result<(), Error> {
        let mirrors =
            ["https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/"];
        idx_files(&mirrors, &MNIST, dir.as_ref(), progress)
    }
}

impl FashionMnist {
    /// Fetches the four files, 31 MB, to `dir`, from where [`FashionMnist::load`] reads them. What is
    /// there and complete is not fetched again.
    ///
    /// # Errors
    /// As [`Download::run`].
    pub fn download(dir: impl AsRef<Path>, progress: impl FnMut(Progress)) -> Result<(), Error> {
        let mirrors = ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"];
        idx_files(&mirrors, &FASHION_MNIST, dir.as_ref(), progress)
    }
}

impl Cifar10 {
    /// Fetches `cifar-10-binary.tar.gz`, 170 MB, to `dir` and unpacks it there, from where
    /// [`Cifar10::load`] reads it. What is there is not fetched again.
    ///
    /// # Errors
    /// As [`Download::run`]; [`Error::Unreadable`] when the archive is not what it should be.
    pub fn download(dir: impl AsRef<Path>, progress: impl FnMut(Progress)) -> Result<(), Error> {
        let batch = |name| Member { name, max_bytes: 30_730_000 };
        let members = [
            batch("data_batch_1.bin"),
            batch("data_batch_2.bin"),
            batch("data_batch_3.bin"),
            batch("data_batch_4.bin"),
            batch("data_batch_5.bin"),
            batch("test_batch.bin"),
            names("batches.meta.txt"),
        ];
        let archive = CifarArchive {
            file: "cifar-10-binary.tar.gz",
            md5: "c32a1d4ab5d03f1284b67883e8d87530",
            folder: "cifar-10-batches-bin",
            members: &members,
        };
        archive.fetch(dir.as_ref(), progress)
    }
}

impl Cifar100 {
    /// Fetches `cifar-100-binary.tar.gz`, 169 MB, to `dir` and unpacks it there, from where
    /// [`Cifar100::load`] reads it. What is there is not fetched again.
    ///
    /// # Errors
    /// As [`Download::run`]; [`Error::Unreadable`] when the archive is not what it should be.
    pub fn download(dir: impl AsRef<Path>, progress: impl FnMut(Progress)) -> Result<(), Error> {
        let members = [
            Member { name: "train.bin", max_bytes: 153_700_000 },
            Member { name: "test.bin", max_bytes: 30_740_000 },
            names("fine_label_names.txt"),
            names("coarse_label_names.txt"),
        ];
        let archive = CifarArchive {
            file: "cifar-100-binary.tar.gz",
            md5: "03b5dce01913d631647c71ecec9e9cb8",
            folder: "cifar-100-binary",
            members: &members,
        };
        archive.fetch(dir.as_ref(), progress)
    }
}

/// A file with the names of classes.
fn names(name: &'static str) -> Member {
    Member { name, max_bytes: 1 << 16 }
}

fn idx_files(
    mirrors: &[&str],
    files: &Four,
    dir: &Path,
    mut progress: impl FnMut(Progress),
) -> Result<(), Error> {
    for (name, md5) in files {
        let url = format!("{}{name}", mirrors[0]);
        let mut download =
            Download::new(url, dir.join(name), Checksum::md5(*md5)).max_bytes(MAX_IDX);
        for mirror in &mirrors[1..] {
            download = download.mirror(format!("{mirror}{name}"));
        }
        download.run(&mut progress)?;
    }
    Ok(())
}

/// One of CIFAR's archives.
struct CifarArchive<'a> {
    file: &'a str,
    md5: &'a str,
    /// The folder that all members lie in.
    folder: &'a str,
    members: &'a [Member],
}

impl CifarArchive<'_> {
    fn fetch(&self, dir: &Path, progress: impl FnMut(Progress)) -> Result<(), Error> {
        if is_unpacked(dir, self.folder, self.members) {
            return Ok(());
        }
        let (url, archive) =
            (format!("https://www.cs.toronto.edu/~kriz/{}", self.file), dir.join(self.file));
        let download = Download::new(url, &archive, Checksum::md5(self.md5));
        download.max_bytes(200_000_000).run(progress)?;
        unpack(&archive, dir, self.folder, self.members)
    }
}
