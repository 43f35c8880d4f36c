//! Kernels that are compiled when they are first needed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use cudarc::driver::{
    CudaDevice, CudaFunction, CudaSlice, DeviceRepr, DriverError, LaunchAsync, LaunchConfig, sys,
};
use cudarc::nvrtc::{CompileError, Ptx, compile_ptx};
use dfdx::prelude::*;

use super::CudaElement;
use crate::error::Error;

/// The source of some kernels.
pub struct Module {
    /// Unlike any other's.
    pub name: &'static str,
    /// CUDA C++, generic in a number type `E`.
    pub source: &'static str,
    /// The kernels in it.
    pub kernels: &'static [&'static str],
}

/// The kernels of a [`Module`] on a device, for one number type.
#[derive(Clone)]
pub struct Kernels {
    /// Where they run.
    pub device: Arc<CudaDevice>,
    module: String,
}

/// Threads of a block, the `ROW` of `common.cuh`.
const BLOCK: u32 = 256;

/// The most blocks of a launch; each thread takes as many elements as are left for it.
const MOST_BLOCKS: usize = 1 << 20;

impl Module {
    /// The kernels for `E`, compiled by NVRTC unless this program has done so before.
    pub fn load<E: CudaElement>(&self, device: &Cuda) -> Result<Kernels, Error> {
        let device = device_of(device)?;
        let module = format!("shapewright_{}_{}", self.name, E::NAME);
        if !device.has_func(&module, self.kernels[0]) {
            let ptx = self.compile::<E>(&module)?;
            device.load_ptx(ptx, &module, self.kernels).map_err(|e| driver_error(&e))?;
        }
        Ok(Kernels { device, module })
    }

    fn compile<E: CudaElement>(&self, module: &str) -> Result<Ptx, Error> {
        static COMPILED: Mutex<BTreeMap<String, Ptx>> = Mutex::new(BTreeMap::new());

        let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ptx) = compiled.get(module) {
            return Ok(ptx.clone());
        }
        let common = include_str!("kernels/common.cuh");
        let source = format!("typedef {} E;\n{common}\n{}", E::NAME, self.source);
        let ptx = compile_ptx(source).map_err(|e| nvrtc_error(self.name, &e))?;
        compiled.insert(module.to_string(), ptx.clone());
        Ok(ptx)
    }
}

impl Kernels {
    /// Runs a kernel with a thread for each of `n` elements, or fewer that take several.
    ///
    /// # Safety
    ///
    /// The parameters must be those that the kernel declares, and memory as long as it assumes.
    pub unsafe fn each<P>(
        &self,
        kernel: &'static str,
        n: usize,
        parameters: P,
    ) -> Result<(), CudaError>
    where
        CudaFunction: LaunchAsync<P>,
    {
        let blocks = n.div_ceil(BLOCK as usize).min(MOST_BLOCKS);
        // SAFETY: by the caller.
        unsafe { self.rows(kernel, blocks, parameters) }
    }

    /// Runs a kernel with a block for each of `n` rows.
    ///
    /// # Safety
    ///
    /// As [`each`](Kernels::each).
    pub unsafe fn rows<P>(
        &self,
        kernel: &'static str,
        n: usize,
        parameters: P,
    ) -> Result<(), CudaError>
    where
        CudaFunction: LaunchAsync<P>,
    {
        if n == 0 {
            return Ok(());
        }
        let function = self.device.get_func(&self.module, kernel);
        let function = function.ok_or(DriverError(sys::CUresult::CUDA_ERROR_NOT_FOUND))?;
        let grid_dim = (n as u32, 1, 1);
        let config = LaunchConfig { grid_dim, block_dim: (BLOCK, 1, 1), shared_mem_bytes: 0 };
        // SAFETY: by the caller.
        Ok(unsafe { function.launch(config, parameters) }?)
    }

    /// Memory for `len` elements, whatever they are.
    pub fn buffer<E: DeviceRepr>(&self, len: usize) -> Result<CudaSlice<E>, CudaError> {
        // SAFETY: numbers of any bits are numbers, and kernels write them before any reads them.
        Ok(unsafe { self.device.alloc(len) }?)
    }

    /// [`buffer`](Kernels::buffer), if there is a need for one.
    pub fn buffer_if<E: DeviceRepr>(
        &self,
        needed: bool,
        len: usize,
    ) -> Result<Option<CudaSlice<E>>, CudaError> {
        needed.then(|| self.buffer(len)).transpose()
    }
}

/// A device's part of cudarc, which dfdx keeps to itself, but memory knows where it is.
pub fn device_of(device: &Cuda) -> Result<Arc<CudaDevice>, Error> {
    let nothing: <Cuda as Storage<f32>>::Vec =
        Storage::<f32>::try_alloc_len(device, 0).map_err(Error::device)?;
    Ok(nothing.device())
}

fn nvrtc_error(module: &str, error: &CompileError) -> Error {
    let why = match error {
        CompileError::CompileError { log, .. } => log.to_string_lossy().into_owned(),
        error => format!("{error:?}"),
    };
    Error::Device(format!("NVRTC can't compile the kernels of {module}: {why}"))
}

fn driver_error(error: &DriverError) -> Error {
    Error::device(CudaError::from(*error))
}
