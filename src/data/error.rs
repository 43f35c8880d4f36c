//! What can be wrong with data: each message names the file, the byte and the reason.
use std::fmt;
use std::io;
use std::path::PathBuf;

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
    /// The parts given to [`Images::new`](crate::data::Images::new) or
    /// [`Normalize::new`](crate::data::Normalize::new) contradict each other.
    Parts(String),
    /// The device failed, usually for want of memory.
    Device(crate::Error),
}

/// What is wrong at a byte of an IDX file.
#[derive(Debug)]
#[non_exhaustive]
pub enum Reason {
    /// The first two bytes are not zero.
    Magic([u8; 4]),
    /// The element type is not unsigned byte (`0x08`).
    ElementType(u8),
    /// The number of dimensions is not the one that is needed.
    Rank {
        /// The file's.
        found: u8,
        /// The one needed here.
        needed: u8,
    },
    /// The product of the dimensions is more than [`idx::MAX_BYTES`](crate::data::idx::MAX_BYTES).
    TooLarge(Vec<u32>),
    /// The data ends before the header or the promised elements are complete.
    Short {
        /// How many bytes the data should have.
        needed: u64,
    },
    /// There is data after the promised elements.
    Long {
        /// How many bytes the data should have.
        needed: u64,
    },
    /// The gzip stream is damaged.
    Gzip(io::Error),
    /// The image and label files have different counts.
    Count {
        /// Labels in this file.
        labels: usize,
        /// Images in the other one.
        images: usize,
        /// The file with the images.
        path: PathBuf,
    },
    /// Images of another size than needed.
    Size {
        /// Height and width found.
        found: [usize; 2],
        /// Height and width needed.
        needed: [usize; 2],
    },
    /// A label that is no class.
    Label {
        /// The label.
        label: u8,
        /// How many classes there are.
        classes: usize,
    },
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
            Error::Shape { asked, images } => {
                write!(f, "tensors of shape {asked:?} asked for, but the images have {images:?}")
            }
            Error::Classes { asked, images } => {
                write!(f, "labels of {asked} classes asked for, but the images have {images}")
            }
            Error::Parts(reason) => f.write_str(reason),
            Error::Device(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Magic(bytes) => write!(
                f,
                "not an IDX file: it starts with {bytes:02x?}, an IDX file with two zero bytes"
            ),
            Reason::ElementType(code) => {
                write!(f, "elements of type {code:#04x}, only 0x08 (unsigned byte) is read")
            }
            Reason::Rank { found, needed } => {
                write!(f, "an array of {found} dimensions, {needed} needed here")
            }
            Reason::TooLarge(dims) => write!(
                f,
                "an array of {} bytes promised, more than the {} that are read at most",
                dims.iter().map(u32::to_string).collect::<Vec<_>>().join(" × "),
                super::idx::MAX_BYTES
            ),
            Reason::Short { needed } => write!(f, "the data ends here, {needed} bytes needed"),
            Reason::Long { needed } => {
                write!(f, "data after the end: the header promises {needed} bytes in all")
            }
            Reason::Gzip(source) => write!(f, "damaged gzip: {source}"),
            Reason::Count { labels, images, path } => {
                write!(f, "{labels} labels, but {images} images in {}", path.display())
            }
            Reason::Size { found: [h, w], needed: [nh, nw] } => {
                write!(f, "images of {h}×{w} pixels, {nh}×{nw} needed here")
            }
            Reason::Label { label, classes } => {
                write!(f, "label {label}, but the classes are 0 to {}", classes - 1)
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io { source, .. } => Some(source),
            Error::Content { reason: Reason::Gzip(source), .. } => Some(source),
            Error::Device(error) => Some(error),
            _ => None,
        }
    }
}
