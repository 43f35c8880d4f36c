//! Opening a GPU without a panic.

use cudarc::driver::{DriverError, result};
use dfdx::prelude::*;

use super::OpenError;

/// Opens GPU `ordinal`, counted from 0. Its random numbers follow from `seed`.
///
/// dfdx's own constructors panic if there is no driver or GPU; this doesn't.
///
/// # Errors
///
/// If there is no such GPU, or it, its driver or the kernels of this program don't work.
pub fn open(ordinal: usize, seed: u64) -> Result<Cuda, OpenError> {
    result::init().map_err(driver)?;
    let count = result::device::get_count().map_err(driver)? as usize;
    if ordinal >= count {
        return Err(OpenError::NoSuchGpu { ordinal, count });
    }
    let device = Cuda::try_build(ordinal, seed).map_err(cuda)?;
    // Kernels are loaded when they are first used, and may turn out not to suit driver or GPU.
    let one: Tensor<Rank0, f32, _> = device.try_ones().map_err(cuda)?;
    one.try_add(1.0).map_err(cuda)?;
    device.try_synchronize().map_err(cuda)?;
    Ok(device)
}

fn cuda(error: CudaError) -> OpenError {
    match error {
        CudaError::Driver(error) => driver(error),
        error => OpenError::Other(error.to_string()),
    }
}

fn driver(DriverError(code): DriverError) -> OpenError {
    OpenError::Driver { code: format!("{code:?}") }
}
