//! How the tensors of a file and of a network differ.
use std::fmt;

use ::safetensors::Dtype;

/// One difference between what is given, in a file or a state dict, and a network.
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
    Unexpected {
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
            | Mismatch::Unexpected { name, .. }
            | Mismatch::Shape { name, .. }
            | Mismatch::Dtype { name, .. } => name,
        }
    }

    /// Says it of a `place` that is not the network: a file, or a state dict.
    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>, place: &str) -> fmt::Result {
        let name = self.name();
        match self {
            Mismatch::Missing { network, .. } => {
                write!(f, "{name}: missing in the {place}, {network:?} in the network")
            }
            Mismatch::Unexpected { file, .. } => {
                write!(f, "{name}: {file:?} in the {place}, unknown to the network")
            }
            Mismatch::Shape { file, network, .. } => {
                write!(f, "{name}: {file:?} in the {place}, {network:?} in the network")
            }
            Mismatch::Dtype { file, network, .. } => write!(
                f,
                "{name}: {file} in the {place}, {network} in the network \
                 (F16, BF16, F32 and F64 are read)"
            ),
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, "file")
    }
}
