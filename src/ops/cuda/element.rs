//! The numbers that kernels and cuBLAS know.

use cudarc::cublas::result::CublasError;
use cudarc::cublas::{CudaBlas, Gemm, StridedBatchedConfig};
use cudarc::types::CudaTypeName;
use dfdx::prelude::Dtype;

use super::Span;

/// A number type that networks on `Cuda` can have.
pub trait CudaElement: Dtype + CudaTypeName {
    /// `c = a · b` of several matrices.
    ///
    /// # Safety
    ///
    /// As [`Gemm::gemm_strided_batched`].
    #[doc(hidden)]
    unsafe fn gemm(
        blas: &CudaBlas,
        config: StridedBatchedConfig<Self>,
        a: Span<Self>,
        b: Span<Self>,
        c: Span<Self>,
    ) -> Result<(), CublasError>;
}

macro_rules! cuda_element {
    ($($e:ty)*) => {$(
        impl CudaElement for $e {
            unsafe fn gemm(
                blas: &CudaBlas,
                config: StridedBatchedConfig<Self>,
                a: Span<Self>,
                b: Span<Self>,
                mut c: Span<Self>,
            ) -> Result<(), CublasError> {
                // SAFETY: by the caller.
                unsafe { blas.gemm_strided_batched(config, &a, &b, &mut c) }
            }
        }
    )*};
}

cuda_element!(f32 f64);
