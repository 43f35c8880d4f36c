//! Checksums of files.
use std::fs::File;
use std::io::Read;
use std::path::Path;

use md5::{Digest, Md5};
use sha2::Sha256;

use crate::data::Error;

/// The checksum that a file should have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checksum {
    kind: Kind,
    expected: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Md5,
    Sha256,
}

impl Checksum {
    /// An MD5 sum of 32 hexadecimal digits. It finds transmission errors; against one who means harm
    /// use [`Checksum::sha256`].
    pub fn md5(digits: impl Into<String>) -> Self {
        Self { kind: Kind::Md5, expected: digits.into().to_ascii_lowercase() }
    }

    /// A SHA-256 sum of 64 hexadecimal digits.
    pub fn sha256(digits: impl Into<String>) -> Self {
        Self { kind: Kind::Sha256, expected: digits.into().to_ascii_lowercase() }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self.kind {
            Kind::Md5 => "MD5",
            Kind::Sha256 => "SHA-256",
        }
    }

    pub(super) fn expected(&self) -> &str {
        &self.expected
    }

    /// That of a file.
    pub(super) fn of(&self, path: &Path) -> Result<String, Error> {
        match self.kind {
            Kind::Md5 => digest::<Md5>(path),
            Kind::Sha256 => digest::<Sha256>(path),
        }
    }
}

fn digest<D: Digest>(path: &Path) -> Result<String, Error> {
    let io_error = |source| Error::Io { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(io_error)?;
    let (mut digest, mut buffer) = (D::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer).map_err(io_error)? {
            0 => break,
            n => digest.update(&buffer[..n]),
        }
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
