//! Errors as dfdx's devices have them.

use dfdx::tensor::{Cpu, CpuError, HasErr};

use super::Error;

/// A device whose error type can stand for any [`Error`], as dfdx's `Module` asks.
pub trait DeviceError: HasErr {
    /// The device's own error, or the one that is nearest.
    fn device_error(error: Error) -> Self::Err;
}

impl DeviceError for Cpu {
    fn device_error(error: Error) -> CpuError {
        // Shapes are proved, so what is left is memory.
        let error = match error {
            Error::Step { error, .. } => *error,
            error => error,
        };
        let memory = Error::from(CpuError::OutOfMemory);
        if error == memory { CpuError::OutOfMemory } else { CpuError::WrongNumElements }
    }
}

#[cfg(feature = "cuda")]
impl DeviceError for dfdx::tensor::Cuda {
    fn device_error(error: Error) -> dfdx::tensor::CudaError {
        use cudarc::driver::{DriverError, sys::CUresult};

        let error = match error {
            Error::Step { error, .. } => *error,
            error => error,
        };
        let memory = DriverError(CUresult::CUDA_ERROR_OUT_OF_MEMORY).into();
        if error == Error::device(&memory) { memory } else { CpuError::WrongNumElements.into() }
    }
}
