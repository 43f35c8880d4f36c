//! What is asked for.

use std::fmt;
use std::str::FromStr;

use dfdx::tensor::Cpu;

use super::{AnyDevice, OpenError};

/// The device that a program is asked to run on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// `auto`: the first GPU if it can be used, else the processor.
    #[default]
    Auto,
    /// `cpu`.
    Cpu,
    /// `cuda`, which is `cuda:0`, or another GPU by its number.
    Cuda(usize),
}

impl Choice {
    /// Opens the device, whose random numbers follow from `seed`.
    ///
    /// # Errors
    ///
    /// Says why, if it was to be a GPU and there is none that works. `Auto` and `Cpu` never fail.
    ///
    /// ```
    /// use shapewright::device::Choice;
    ///
    /// assert_eq!(Choice::Cpu.open(0)?.to_string(), "Cpu");
    /// # Ok::<_, shapewright::device::OpenError>(())
    /// ```
    pub fn open(self, seed: u64) -> Result<AnyDevice, OpenError> {
        let cpu = AnyDevice::Cpu(Cpu::seed_from_u64(seed));
        match self {
            Choice::Cpu => Ok(cpu),
            Choice::Auto => Ok(open_cuda(0, seed).unwrap_or(cpu)),
            Choice::Cuda(ordinal) => open_cuda(ordinal, seed),
        }
    }
}

#[cfg(feature = "cuda")]
fn open_cuda(ordinal: usize, seed: u64) -> Result<AnyDevice, OpenError> {
    super::cuda::open(ordinal, seed).map(AnyDevice::Cuda)
}

#[cfg(not(feature = "cuda"))]
fn open_cuda(_: usize, _: u64) -> Result<AnyDevice, OpenError> {
    Err(OpenError::NotBuilt)
}

impl FromStr for Choice {
    type Err = String;

    /// `auto`, `cpu`, `cuda` or `cuda:N`.
    fn from_str(text: &str) -> Result<Self, String> {
        let cuda = |n: &str| n.parse().map(Choice::Cuda).ok();
        let choice = match text {
            "auto" => Some(Choice::Auto),
            "cpu" => Some(Choice::Cpu),
            "cuda" => Some(Choice::Cuda(0)),
            _ => text.strip_prefix("cuda:").and_then(cuda),
        };
        choice.ok_or_else(|| "the devices are auto, cpu, cuda and cuda:N".to_string())
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Choice::Auto => f.write_str("auto"),
            Choice::Cpu => f.write_str("cpu"),
            Choice::Cuda(0) => f.write_str("cuda"),
            Choice::Cuda(n) => write!(f, "cuda:{n}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_read_as_it_is_written() {
        for text in ["auto", "cpu", "cuda", "cuda:3"] {
            assert_eq!(text.parse::<Choice>().unwrap().to_string(), text);
        }
        assert_eq!("cuda:0".parse(), Ok(Choice::Cuda(0)));
        for text in ["", "gpu", "cuda:", "cuda:-1", "CPU"] {
            let message = text.parse::<Choice>().unwrap_err();
            assert_eq!(message, "the devices are auto, cpu, cuda and cuda:N");
        }
    }

    #[cfg(not(feature = "cuda"))]
    #[test]
    fn without_the_feature_there_is_only_the_processor() {
        assert_eq!(Choice::Auto.open(0).unwrap().to_string(), "Cpu");
        assert_eq!(
            Choice::Cuda(0).open(0).unwrap_err().to_string(),
            "this program was built without CUDA; build it with `--features cuda`"
        );
    }
}
