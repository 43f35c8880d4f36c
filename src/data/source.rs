//! A file that is plain or gzip, read as far as it is needed.
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use super::{Error, Reason};

/// More (unpacked) bytes of a file are refused: 1 GiB, over twenty times MNIST's training images.
pub const MAX_BYTES: u64 = 1 << 30;

/// A file that is being read.
pub(super) struct Source {
    path: PathBuf,
    /// Whether the file is gzip.
    pub(super) packed: bool,
    /// How many (unpacked) bytes have been read.
    pub(super) at: u64,
    from: Box<dyn Read>,
}

impl Source {
    /// Opens a file; gzip is recognised by its first two bytes, whatever the file's name.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let io_error = |source| Error::Io { path: path.to_owned(), source };
        let mut file = BufReader::new(File::open(path).map_err(io_error)?);
        let packed = file.fill_buf().map_err(io_error)?.starts_with(&[0x1f, 0x8b]);
        let from: Box<dyn Read> =
            if packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
        Ok(Self { path: path.to_owned(), packed, at: 0, from })
    }

    /// Reads `count` bytes or what there is; the buffer grows with what comes, so a header's promise
    /// allocates nothing.
    pub(super) fn read_up_to(&mut self, count: u64) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        let read = (&mut self.from).take(count).read_to_end(&mut bytes);
        self.at += bytes.len() as u64;
        match read {
            Ok(_) => Ok(bytes),
            Err(source) if self.packed => self.wrong(self.at, Reason::Gzip(source)),
            Err(source) => Err(Error::Io { path: self.path.clone(), source }),
        }
    }

    /// Reads all that is left, which must not be more than `most` bytes.
    pub(super) fn read_all(&mut self, most: u64) -> Result<Vec<u8>, Error> {
        let bytes = self.read_up_to(most)?;
        if self.read_up_to(1)?.is_empty() {
            return Ok(bytes);
        }
        self.wrong(most, Reason::Endless { most })
    }

    /// The error that something is wrong at a byte.
    pub(super) fn wrong<T>(&self, byte: u64, reason: Reason) -> Result<T, Error> {
        Err(Error::Content { path: self.path.clone(), byte, unpacked: self.packed, reason })
    }
}

/// The first of `names` that is a file in `dir`, each also with `.gz`.
pub(super) fn find(dir: &Path, names: &[String]) -> Result<PathBuf, Error> {
    // A directory that is not there is said so, rather than that it lacks files.
    if let Err(source) = std::fs::read_dir(dir) {
        return Err(Error::Io { path: dir.to_owned(), source });
    }
    let tried: Vec<String> =
        names.iter().flat_map(|name| [name.clone(), format!("{name}.gz")]).collect();
    match tried.iter().map(|name| dir.join(name)).find(|path| path.is_file()) {
        Some(path) => Ok(path),
        None => Err(Error::Missing { dir: dir.to_owned(), tried }),
    }
}
