//! What can be wrong with data: each message names the file, the byte and the reason.
use std::fmt;
use std::io;
use std::path::PathBuf;

use super::Reason;

/// Why data could not be read or turned into tensors.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// None of a file's spellings is in the directory.
    Missing {
        /// The directory that was searched.
        dir: PathBuf,
        /// The names that were tried, in order.
        tried: Vec<String>,
    },
    /// The operating system refused.
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// The file's content is wrong.
    Content {
        /// The file.
        path: PathBuf,
        /// Offset of the first wrong byte, from the start of the (unpacked) data.
        byte: u64,
        /// Whether the file is gzip, so that `byte` counts unpacked data.
        unpacked: bool,
        /// What is wrong there.
        reason: Reason,
    },
    /// A picture, a folder of pictures or an archive is not what it should be.
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A file could be had from none of its addresses.
    Download {
        /// Where it was to go.
        path: PathBuf,
        /// Each address that was tried, and what came of it.
        failures: Vec<(String, String)>,
    },
    /// There is no such image.
    Index {
        /// The image that was asked for, counted from 0.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// Tensors of another shape than the images' were asked for; both are `[channels, height, width]`.
    Shape {
        /// What was asked for.
        asked: [usize; 3],
        /// What the images have.
        images: [usize; 3],
    },
    /// One-hot labels for another number of classes than the images' were asked for.
    Classes {
        /// What was asked for.
        asked: usize,
        /// What the images have.
        images: usize,
    },
    /// Values that contradict each other or mean nothing, in a sentence.
    Invalid(String),
    /// The code of a dataset panicked.
    Panicked {
        /// The image that was read.
        sample: usize,
        /// What the panic said.
        message: String,
    },
    /// The device failed, usually for want of memory.
    Device(crate::Error),
    /// An error of a dataset of one's own.
    Other(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// An error of a dataset of one's own; also of a text.
    ///
    /// ```
    /// let error = shapewright::data::Error::other("the camera is off");
    /// assert_eq!(error.to_string(), "the camera is off");
    /// ```
    pub fn other(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Error::Other(error.into())
    }

    /// What a device says.
    pub(super) fn device(error: impl fmt::Display) -> Self {
        Error::Device(crate::Error::device(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Missing { dir, tried } => {
                write!(f, "{}: none of these files is there: {}", dir.display(), tried.join(", "))
            }
            Error::Io { path, source } => write!(f, "{}: {source}", path.display()),
            Error::Content { path, byte, unpacked, reason } => {
                let of = if *unpacked { " of the unpacked data" } else { "" };
                write!(f, "{}: byte {byte}{of}: {reason}", path.display())
            }
            Error::Unreadable { path, reason } => write!(f, "{}: {reason}", path.display()),
            Error::Download { path, failures } => {
                write!(f, "{}: could not be downloaded", path.display())?;
                for (url, reason) in failures {
                    write!(f, "; {url}: {reason}")?;
                }
                f.write_str("; a file that was fetched in another way can be put there by hand")
            }
            Error::Index { index, count } => {
                write!(f, "image {index} asked for, but there are {count}, from 0 on")
            }
            Error::Shape { asked, images } => {
                write!(f, "tensors of shape {asked:?} asked for, but the images have {images:?}")
            }
            Error::Classes { asked, images } => {
                write!(f, "labels of {asked} classes asked for, but the images have {images}")
            }
            Error::Invalid(sentence) => f.write_str(sentence),
            Error::Panicked { sample, message } => {
                write!(f, "reading image {sample} of the dataset panicked: {message}")
            }
            Error::Device(error) => error.fmt(f),
            Error::Other(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io { source, .. } => Some(source),
            Error::Content { reason: Reason::Gzip(source), .. } => Some(source),
            Error::Device(error) => Some(error),
            Error::Other(error) => Some(&**error),
            _ => None,
        }
    }
}
