//! Why a device can't be opened.

use std::fmt;

/// Why a GPU can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OpenError {
    /// The feature `cuda` is off.
    NotBuilt,
    /// There are not so many GPUs.
    NoSuchGpu {
        /// The number that was asked for, counted from 0.
        ordinal: usize,
        /// How many there are.
        count: usize,
    },
    /// What the CUDA driver says.
    Driver {
        /// Its name for the error, such as `CUDA_ERROR_NO_DEVICE`.
        code: String,
    },
    /// What another part of CUDA says.
    Other(String),
}

impl std::error::Error for OpenError {}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::NotBuilt => {
                f.write_str("this program was built without CUDA; build it with `--features cuda`")
            }
            OpenError::NoSuchGpu { count: 0, .. } => f.write_str("there is no NVIDIA GPU here"),
            OpenError::NoSuchGpu { ordinal, count } => {
                let plural = if *count == 1 { "" } else { "s" };
                write!(f, "there is no GPU {ordinal}: {count} GPU{plural}, counted from 0")
            }
            OpenError::Driver { code } => f.write_str(&sentence(code)),
            OpenError::Other(words) => write!(f, "CUDA can't be used: {words}"),
        }
    }
}

/// What an error message means that names an error of the CUDA driver, if it does.
pub(crate) fn driver_words(message: &str) -> Option<String> {
    let (_, rest) = message.split_once(PREFIX)?;
    let end = rest.find(|c: char| !c.is_ascii_uppercase() && c != '_').unwrap_or(rest.len());
    Some(sentence(&format!("{PREFIX}{}", &rest[..end])))
}

const PREFIX: &str = "CUDA_ERROR_";

fn sentence(code: &str) -> String {
    format!("{} ({code})", words(code))
}

/// What to make of an error of the
/// [driver](https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html).
fn words(code: &str) -> &'static str {
    match code.strip_prefix(PREFIX).unwrap_or(code) {
        "NO_DEVICE" => "there is no NVIDIA GPU here, or CUDA_VISIBLE_DEVICES hides it",
        "STUB_LIBRARY" => "there is no NVIDIA driver here, only the library that stands in for it",
        "OUT_OF_MEMORY" => "the GPU is out of memory; other programs may be using it",
        "DEVICE_UNAVAILABLE" => "another program has the GPU to itself",
        "SYSTEM_DRIVER_MISMATCH" => {
            "the NVIDIA driver and its library are of different versions; a restart loads the \
             driver that was installed last"
        }
        "UNSUPPORTED_PTX_VERSION" => {
            "the NVIDIA driver is older than the CUDA toolkit that this program was built with; \
             update the driver, or build with an older toolkit"
        }
        "NO_BINARY_FOR_GPU" | "INVALID_PTX" => {
            "this program was built for another kind of GPU; build it with CUDA_COMPUTE_CAP set \
             to the compute capability of this one"
        }
        "SYSTEM_NOT_READY" | "COMPAT_NOT_SUPPORTED_ON_DEVICE" | "UNKNOWN" => {
            "the NVIDIA driver does not work; `nvidia-smi` may say more"
        }
        _ => "the NVIDIA driver reports an error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drivers_error_is_found_in_dfdxs_words() {
        let dfdx = r#"Driver(DriverError(CUDA_ERROR_OUT_OF_MEMORY, "out of memory"))"#;
        assert_eq!(
            driver_words(dfdx).unwrap(),
            "the GPU is out of memory; other programs may be using it (CUDA_ERROR_OUT_OF_MEMORY)"
        );
        assert_eq!(driver_words("OutOfMemory"), None);
        assert_eq!(
            driver_words("CUDA_ERROR_ASSERT").unwrap(),
            "the NVIDIA driver reports an error (CUDA_ERROR_ASSERT)"
        );
    }
}
