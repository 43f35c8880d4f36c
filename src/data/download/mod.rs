//! Files from the network: each from the first of its addresses that has it, checked, resumed.
//!
//! [`Download`] decides what to do, `transfer` talks to a server, `archive` unpacks, `sets` knows
//! where the datasets are.
mod archive;
mod checksum;
mod sets;
mod transfer;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Error;
pub use checksum::Checksum;
use transfer::{Stop, Transfer};

/// How far a download has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The file that is being fetched.
    pub file: &'a Path,
    /// Bytes of it that are there, with those of an earlier attempt.
    pub bytes: u64,
    /// Bytes that it will have, if the server says so.
    pub total: Option<u64>,
}

/// A file from the network.
///
/// While it is incomplete it is called `….part`, and what is there of it is not fetched again when
/// the server can resume. It gets its name when its checksum has been found right.
///
/// ```no_run
/// use shapewright::data::{Checksum, Download};
///
/// Download::new(
///     "https://ossci-datasets.s3.amazonaws.com/mnist/t10k-labels-idx1-ubyte.gz",
///     "data/t10k-labels-idx1-ubyte.gz",
///     Checksum::md5("ec29112dd5afa0611ce80d1b7f02629c"),
/// )
/// .max_bytes(10_000)
/// .run(|progress| println!("{} bytes", progress.bytes))?;
/// # Ok::<(), shapewright::data::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Download {
    urls: Vec<String>,
    path: PathBuf,
    checksum: Checksum,
    max_bytes: u64,
    timeout: Duration,
}

impl Download {
    /// The file at `url`, by HTTP or HTTPS, to be written to `path`.
    pub fn new(url: impl Into<String>, path: impl Into<PathBuf>, checksum: Checksum) -> Self {
        Self {
            urls: vec![url.into()],
            path: path.into(),
            checksum,
            max_bytes: super::MAX_BYTES,
            timeout: Duration::from_secs(30),
        }
    }

    /// Another address of the same file, tried after those before it.
    pub fn mirror(mut self, url: impl Into<String>) -> Self {
        self.urls.push(url.into());
        self
    }

    /// The most bytes that are taken from a server: 1 GiB unless said otherwise.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// How long to wait for a connection, an answer or more data: 30 s unless said otherwise.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Fetches the file, unless it is there and complete; `progress` is told again and again how far
    /// it has come. Directories are made as needed.
    ///
    /// # Errors
    /// [`Error::Download`] with what came of each address: no connection, another status than success,
    /// too many bytes, another checksum (then what was fetched is removed). [`Error::Io`] when the
    /// file can't be written.
    pub fn run(&self, mut progress: impl FnMut(Progress)) -> Result<(), Error> {
        let io_error = |path: &Path| {
            let path = path.to_owned();
            |source| Error::Io { path, source }
        };
        if self.path.is_file() && self.checksum.of(&self.path)? == self.checksum.expected() {
            return Ok(());
        }
        if let Some(dir) = self.path.parent() {
            fs::create_dir_all(dir).map_err(io_error(dir))?;
        }
        let part = self.part();
        let transfer = Transfer::new(&part, self.max_bytes, self.timeout);
        let mut failures = Vec::new();
        for url in &self.urls {
            match self.fetch(&transfer, url, &mut progress) {
                Ok(()) => return fs::rename(&part, &self.path).map_err(io_error(&self.path)),
                Err(Stop::Here(error)) => return Err(error),
                Err(Stop::There(reason)) => failures.push((url.clone(), reason)),
            }
        }
        Err(Error::Download { path: self.path.clone(), failures })
    }

    /// Completes the partial file from one address, and checks it.
    fn fetch(
        &self,
        transfer: &Transfer,
        url: &str,
        progress: &mut impl FnMut(Progress),
    ) -> Result<(), Stop> {
        let part = self.part();
        loop {
            let before = transfer.bytes();
            let mut found = self.sum(&part)?;
            if found != self.checksum.expected() {
                transfer.fetch(url, &mut |bytes, total| {
                    progress(Progress { file: &self.path, bytes, total });
                })?;
                found = self.sum(&part)?;
            }
            if found == self.checksum.expected() {
                return Ok(());
            }
            transfer.remove()?;
            // What was there from an earlier attempt may have been another file's.
            if before == 0 {
                let (kind, expected) = (self.checksum.kind(), self.checksum.expected());
                return Err(Stop::There(format!(
                    "the file has the {kind} checksum {found}, not {expected}"
                )));
            }
        }
    }

    /// The checksum of what is there, or none.
    fn sum(&self, part: &Path) -> Result<String, Stop> {
        if part.is_file() { self.checksum.of(part).map_err(Stop::Here) } else { Ok(String::new()) }
    }

    /// What the file is called while it is incomplete.
    fn part(&self) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(".part");
        name.into()
    }
}
