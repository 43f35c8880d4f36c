//! What can be wrong at a byte of a file.
use std::fmt;
use std::io;
use std::path::PathBuf;

/// What is wrong at a byte of a file with images or labels.
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
    /// The product of the dimensions is more than [`MAX_BYTES`](crate::data::MAX_BYTES).
    TooLarge(Vec<u32>),
    /// There is more data than any file of this kind has.
    Endless {
        /// The most bytes that are read.
        most: u64,
    },
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
    /// The data ends within a record, or before the first.
    Record {
        /// Bytes of a record: its labels and its pixels.
        size: usize,
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
    /// A file with the names of the classes has another number of them.
    Names {
        /// Names in the file.
        found: usize,
        /// How many classes there are.
        classes: usize,
    },
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
                super::MAX_BYTES
            ),
            Reason::Endless { most } => {
                write!(f, "more data than the {most} bytes that are read at most")
            }
            Reason::Short { needed } => write!(f, "the data ends here, {needed} bytes needed"),
            Reason::Long { needed } => {
                write!(f, "data after the end: the header promises {needed} bytes in all")
            }
            Reason::Record { size } => {
                write!(f, "the data ends here, but it should be records of {size} bytes")
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
            Reason::Names { found, classes } => {
                write!(f, "the file names {found} classes, but there are {classes}")
            }
        }
    }
}
