//! What can be wrong with a picture.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a picture could not be made or saved.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A tensor of a shape that the figure cannot show.
    Shape {
        /// The figure, and what it takes, in words.
        takes: &'static str,
        /// The tensor's shape.
        shape: Vec<usize>,
    },
    /// Values that contradict each other or mean nothing, in a sentence.
    Invalid(String),
    /// The name of the file tells of no format that pictures are saved in.
    Format {
        /// The file.
        path: PathBuf,
        /// What its name can end in.
        formats: &'static str,
    },
    /// The picture would be too large for a file.
    Size {
        /// The file.
        path: PathBuf,
        /// Width and height in points.
        points: [f32; 2],
    },
    /// The operating system refused.
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Shape { takes, shape } => write!(f, "{takes}, but this tensor has {shape:?}"),
            Error::Invalid(sentence) => f.write_str(sentence),
            Error::Format { path, formats } => {
                write!(f, "{}: the name is to end in {formats}", path.display())
            }
            Error::Size { path, points: [width, height] } => {
                let path = path.display();
                write!(f, "{path}: a picture of {width} × {height} points is too large")
            }
            Error::Io { path, source } => write!(f, "{}: {source}", path.display()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
