//! Why weights could not be saved or loaded; each message names the file.
use std::fmt;
use std::io;
use std::path::PathBuf;

use safetensors::Dtype;

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
    /// The file is not a safetensors file, or a damaged one.
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The tensors in the file are not those of the network.
    Mismatch {
        /// The file.
        path: PathBuf,
        /// Every difference, by name.
        mismatches: Vec<Mismatch>,
    },
    /// Two tensors of the network have the same name.
    Duplicate {
        /// The file that was to be written.
        path: PathBuf,
        /// The name.
        name: String,
    },
}

/// One difference between a file and a network.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mismatch {
    /// The network has the tensor, the file has not.
    Missing {
        /// The tensor's name.
        name: String,
        /// Its shape in the network.
        network: Vec<usize>,
    },
    /// The file has the tensor, the network has not.
    Extra {
        /// The tensor's name.
        name: String,
        /// Its shape in the file.
        file: Vec<usize>,
    },
    /// Both have the tensor, with different shapes.
    Shape {
        /// The tensor's name.
        name: String,
        /// Its shape in the file.
        file: Vec<usize>,
        /// Its shape in the network.
        network: Vec<usize>,
    },
    /// The file's values are not of a type that is converted.
    Dtype {
        /// The tensor's name.
        name: String,
        /// The type in the file.
        file: Dtype,
        /// The type in the network.
        network: Dtype,
    },
}

impl Mismatch {
    /// Name of the tensor.
    pub fn name(&self) -> &str {
        match self {
            Mismatch::Missing { name, .. }
            | Mismatch::Extra { name, .. }
            | Mismatch::Shape { name, .. }
            | Mismatch::Dtype { name, .. } => name,
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mismatch::Missing { name, network } => {
                write!(f, "{name}: missing in the file, {network:?} in the network")
            }
            Mismatch::Extra { name, file } => {
                write!(f, "{name}: {file:?} in the file, unknown to the network")
            }
            Mismatch::Shape { name, file, network } => {
                write!(f, "{name}: {file:?} in the file, {network:?} in the network")
            }
            Mismatch::Dtype { name, file, network } => {
                write!(
                    f,
                    "{name}: {file} in the file, {network} in the network (F32 and F64 are read)"
                )
            }
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io { path, source } => write!(f, "{}: {source}", path.display()),
            Error::Format { path, reason } => {
                write!(f, "{}: not a whole safetensors file: {reason}", path.display())
            }
            Error::Mismatch { path, mismatches } => {
                write!(f, "{}: these weights are not the network's:", path.display())?;
                mismatches.iter().try_for_each(|mismatch| write!(f, "\n  {mismatch}"))
            }
            Error::Duplicate { path, name } => {
                write!(f, "{}: the network has two tensors named `{name}`", path.display())
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
