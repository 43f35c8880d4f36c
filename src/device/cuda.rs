//! Opening a GPU without a panic.

use cudarc::driver::{DriverError, result, sys};
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
    keep_freed_memory(ordinal);
    // Kernels are loaded when they are first used, and may turn out not to suit driver or GPU.
    let one: Tensor<Rank0, f32, _> = device.try_ones().map_err(cuda)?;
    one.try_add(1.0).map_err(cuda)?;
    device.try_synchronize().map_err(cuda)?;
    Ok(device)
}

/// Has the driver keep the memory that the program frees for its next use, as each step of a
/// training uses the same sizes again. By default it is gone whenever the program waits for the
/// GPU. Without it everything works as well, so failures are nobody's concern.
fn keep_freed_memory(ordinal: usize) {
    let mut most = u64::MAX;
    let Ok(gpu) = result::device::get(ordinal as i32) else { return };
    let mut pool = std::ptr::null_mut();
    // SAFETY: the pool is only used if there is one, and the attribute is a `u64`.
    unsafe {
        if sys::cuDeviceGetDefaultMemPool(&raw mut pool, gpu).result().is_ok() {
            let attribute = sys::CUmemPool_attribute::CU_MEMPOOL_ATTR_RELEASE_THRESHOLD;
            let _ = sys::cuMemPoolSetAttribute(pool, attribute, (&raw mut most).cast()).result();
        }
    }
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
