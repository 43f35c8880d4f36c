//! Products of matrices by cuBLAS.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ffi::{c_int, c_longlong};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cudarc::cublas::sys::cublasOperation_t::{self, CUBLAS_OP_N, CUBLAS_OP_T};
use cudarc::cublas::{CudaBlas, GemmConfig, StridedBatchedConfig};
use cudarc::driver::{CudaDevice, DeviceSlice};
use dfdx::prelude::*;

use super::{CudaElement, Span};

/// Several matrices, one behind the other, each in row-major order.
#[derive(Clone, Copy)]
pub struct Matrices<E> {
    elements: Span<E>,
    transposed: bool,
}

impl<E> Matrices<E> {
    /// As they are stored.
    pub fn plain(elements: Span<E>) -> Self {
        Matrices { elements, transposed: false }
    }

    /// The transposes of those that are stored.
    pub fn transposed(elements: Span<E>) -> Self {
        Matrices { elements, transposed: true }
    }

    fn operation(&self) -> cublasOperation_t {
        if self.transposed { CUBLAS_OP_T } else { CUBLAS_OP_N }
    }
}

/// The sizes of a product `(m × k) · (k × n)`, and how many there are.
#[derive(Clone, Copy)]
pub struct Product {
    pub count: usize,
    pub m: usize,
    pub k: usize,
    pub n: usize,
}

/// `c = a · b`, or with `add` `c += a · b`, of each of the matrices.
pub fn gemm<E: CudaElement>(
    device: &Arc<CudaDevice>,
    product: Product,
    a: Matrices<E>,
    b: Matrices<E>,
    c: Span<E>,
    add: bool,
) -> Result<(), CudaError> {
    let Product { count, m, k, n } = product;
    assert!(a.elements.len() >= count * m * k);
    assert!(b.elements.len() >= count * k * n);
    assert!(c.len() >= count * m * n);
    // cuBLAS takes columns for rows and so sees each matrix transposed: cᵀ = bᵀ · aᵀ.
    let leading = |matrices: &Matrices<E>, rows, columns| {
        (if matrices.transposed { rows } else { columns }) as c_int
    };
    let gemm = GemmConfig {
        transa: b.operation(),
        transb: a.operation(),
        m: n as c_int,
        n: m as c_int,
        k: k as c_int,
        alpha: E::ONE,
        lda: leading(&b, k, n),
        ldb: leading(&a, m, k),
        beta: if add { E::ONE } else { E::default() },
        ldc: n as c_int,
    };
    let config = StridedBatchedConfig {
        gemm,
        batch_size: count as c_int,
        stride_a: (k * n) as c_longlong,
        stride_b: (m * k) as c_longlong,
        stride_c: (m * n) as c_longlong,
    };
    let handles = handle(device)?;
    // SAFETY: all elements are there, as asserted.
    Ok(unsafe { E::gemm(&handles[&device.ordinal()], config, b.elements, a.elements, c) }?)
}

/// cuBLAS handles by GPU. They are dear, so there is one for all devices that dfdx makes of a GPU:
/// those share its stream.
type Handles = BTreeMap<usize, CudaBlas>;

fn handle(device: &Arc<CudaDevice>) -> Result<MutexGuard<'static, Handles>, CudaError> {
    static HANDLES: Mutex<Handles> = Mutex::new(Handles::new());

    let mut handles = HANDLES.lock().unwrap_or_else(PoisonError::into_inner);
    device.bind_to_thread()?;
    if let Entry::Vacant(new) = handles.entry(device.ordinal()) {
        new.insert(CudaBlas::new(device.clone())?);
    }
    Ok(handles)
}
