//! Why weights could not be saved or loaded; each message names the file.
use std::fmt;
use std::io;
use std::path::PathBuf;

use ::safetensors::Dtype;

use super::Mismatch;

/// Why weights could not be saved or loaded.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused.
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// The file is of no format that is read, a damaged one, or can't hold what was to be written.
    Format {
        /// The file; `None` for one in memory.
        path: Option<PathBuf>,
        /// What is wrong with it.
        reason: String,
    },
    /// The tensors given are not those of the network.
    Mismatch {
        /// The file; `None` for a [`StateDict`](super::StateDict).
        path: Option<PathBuf>,
        /// Every difference, by name.
        mismatches: Vec<Mismatch>,
        /// What would help, where that is sure.
        help: Option<String>,
    },
    /// Two tensors have the same name: in a network, or where two state dicts are merged.
    Duplicate {
        /// The name.
        name: String,
    },
    /// Two entries are renamed to the same name.
    Collision {
        /// The new name.
        name: String,
        /// The old names.
        from: [String; 2],
    },
    /// There is no entry of this name.
    Missing {
        /// The name.
        name: String,
    },
    /// An entry's values are not converted to the type that was asked for.
    Dtype {
        /// The entry's name.
        name: String,
        /// Its type.
        found: Dtype,
        /// The type asked for.
        asked: Dtype,
    },
    /// An array has not as many bytes as its type and shape say.
    Size {
        /// The type of its values.
        dtype: Dtype,
        /// Its shape.
        shape: Vec<usize>,
        /// The bytes given.
        bytes: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io { path, source } => write!(f, "{}: {source}", path.display()),
            Error::Format { path: Some(path), reason } => {
                write!(f, "{}: {reason}", path.display())
            }
            Error::Format { path: None, reason } => f.write_str(reason),
            Error::Mismatch { path, mismatches, help } => {
                let place = match path {
                    Some(path) => {
                        write!(f, "{}: ", path.display())?;
                        "file"
                    }
                    None => "state dict",
                };
                f.write_str("these weights are not the network's:")?;
                for mismatch in mismatches {
                    f.write_str("\n  ")?;
                    mismatch.write(f, place)?;
                }
                help.iter().try_for_each(|help| write!(f, "\nhelp: {help}"))
            }
            Error::Duplicate { name } => write!(f, "two tensors are named `{name}`"),
            Error::Collision { name, from: [a, b] } => {
                write!(f, "`{a}` and `{b}` are both renamed to `{name}`")
            }
            Error::Missing { name } => write!(f, "there is no entry `{name}`"),
            Error::Dtype { name, found, asked } => {
                write!(f, "{name}: {found} values, which are not converted to {asked}")
            }
            Error::Size { dtype, shape, bytes } => {
                write!(f, "{dtype} values of shape {shape:?} have ")?;
                match super::array::byte_count(*dtype, shape) {
                    Some(count) => write!(f, "{count} bytes, but {bytes} are given"),
                    None => write!(f, "no whole number of bytes that memory could hold"),
                }
            }
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
