//! Pooling on `Cuda` by own kernels.

use cudarc::driver::{CudaSlice, DeviceRepr};
use dfdx::prelude::*;
use shapewright_shape::PoolKind;

use super::name;
use crate::error::Error;
use crate::kernels::pool2d::Pool2dOp;
use crate::ops::Erased;
use crate::ops::cuda::{CudaElement, Kernels, Module, Span, Unary, unary};
use crate::ops::device::number;

const MODULE: Module = Module {
    name: "pool2d",
    source: include_str!("../cuda/kernels/pool2d.cu"),
    kernels: &[
        "extremum_forward",
        "extremum_backward",
        "mean_forward",
        "mean_backward",
        "power_forward",
        "power_backward",
    ],
};

pub fn pool2d<E: CudaElement, T: Tape<E, Cuda>>(
    x: Erased<E, Cuda, T>,
    kind: PoolKind,
    op: Pool2dOp,
) -> Result<Erased<E, Cuda, T>, Error> {
    let pool = Pool { kernels: MODULE.load::<E>(x.device())?, op };
    let dims = [op.batch, op.channels, op.output[0], op.output[1]];
    match kind {
        PoolKind::Max => unary(name(kind), Extremum::new(pool, true, T::OWNS_TAPE)?, dims, x),
        PoolKind::Min => unary(name(kind), Extremum::new(pool, false, T::OWNS_TAPE)?, dims, x),
        PoolKind::Avg { count_include_pad } => {
            unary(name(kind), Mean { pool, count_include_pad }, dims, x)
        }
        PoolKind::Lp { p } => unary(name(kind), Power { pool, p: number::<E>(p) }, dims, x),
    }
}

/// What all kinds have.
struct Pool {
    kernels: Kernels,
    op: Pool2dOp,
}

impl Pool {
    fn windows(&self) -> usize {
        let Pool2dOp { batch, channels, output: [height, width], .. } = self.op;
        batch * channels * height * width
    }

    fn pixels(&self) -> usize {
        let Pool2dOp { batch, channels, input: [height, width], .. } = self.op;
        batch * channels * height * width
    }

    fn sizes(&self) -> Sizes {
        let op = &self.op;
        let pairs = [op.input, op.output, op.kernel, op.stride, op.dilation];
        let [[h, w], [oh, ow], [kh, kw], [sh, sw], [dh, dw]] = pairs;
        let [[top, bottom], [left, right]] = op.padding;
        let planes = op.batch * op.channels;
        let sizes = [planes, h, w, oh, ow, kh, kw, sh, sw, dh, dw, top, bottom, left, right];
        Sizes(sizes.map(|n| n as u32))
    }
}

struct Extremum {
    pool: Pool,
    largest: bool,
    /// Their places in the planes. Only the gradient needs them.
    winners: Option<CudaSlice<u32>>,
}

impl Extremum {
    fn new(pool: Pool, largest: bool, with_gradient: bool) -> Result<Self, Error> {
        let winners = pool.kernels.buffer_if(with_gradient, pool.windows());
        Ok(Extremum { winners: winners.map_err(Error::device)?, pool, largest })
    }

    fn winners(&self) -> Span<u32> {
        self.winners.as_ref().map_or(Span::NONE, Span::of)
    }
}

impl<E: CudaElement> Unary<E> for Extremum {
    fn forward(&self, x: Span<E>, y: Span<E>) -> Result<(), CudaError> {
        let Extremum { pool, largest, .. } = self;
        let empty = number::<E>(if *largest { f64::NEG_INFINITY } else { f64::INFINITY });
        let parameters = (pool.sizes(), *largest, empty, x, y, self.winners());
        // SAFETY: the parameters and lengths of `extremum_forward`.
        unsafe { pool.kernels.each("extremum_forward", pool.windows(), parameters) }
    }

    fn backward(&self, _: [Span<E>; 2], gy: Span<E>, gx: Span<E>) -> Result<(), CudaError> {
        let pool = &self.pool;
        let parameters = (pool.sizes(), self.winners(), gy, gx);
        // SAFETY: the parameters and lengths of `extremum_backward`.
        unsafe { pool.kernels.each("extremum_backward", pool.pixels(), parameters) }
    }
}

struct Mean {
    pool: Pool,
    count_include_pad: bool,
}

impl<E: CudaElement> Unary<E> for Mean {
    fn forward(&self, x: Span<E>, y: Span<E>) -> Result<(), CudaError> {
        let pool = &self.pool;
        let parameters = (pool.sizes(), self.count_include_pad, x, y);
        // SAFETY: the parameters and lengths of `mean_forward`.
        unsafe { pool.kernels.each("mean_forward", pool.windows(), parameters) }
    }

    fn backward(&self, _: [Span<E>; 2], gy: Span<E>, gx: Span<E>) -> Result<(), CudaError> {
        let pool = &self.pool;
        let parameters = (pool.sizes(), self.count_include_pad, gy, gx);
        // SAFETY: the parameters and lengths of `mean_backward`.
        unsafe { pool.kernels.each("mean_backward", pool.pixels(), parameters) }
    }
}

struct Power<E> {
    pool: Pool,
    p: E,
}

impl<E: CudaElement> Unary<E> for Power<E> {
    fn forward(&self, x: Span<E>, y: Span<E>) -> Result<(), CudaError> {
        let pool = &self.pool;
        // SAFETY: the parameters and lengths of `power_forward`.
        unsafe { pool.kernels.each("power_forward", pool.windows(), (pool.sizes(), self.p, x, y)) }
    }

    fn backward(&self, [x, y]: [Span<E>; 2], gy: Span<E>, gx: Span<E>) -> Result<(), CudaError> {
        let pool = &self.pool;
        let parameters = (pool.sizes(), self.p, x, y, gy, gx);
        // SAFETY: the parameters and lengths of `power_backward`.
        unsafe { pool.kernels.each("power_backward", pool.pixels(), parameters) }
    }

    fn keeps(&self) -> [bool; 2] {
        [true, true]
    }
}

/// The `Pool2d` of `pool2d.cu`.
#[repr(C)]
struct Sizes([u32; 15]);

// SAFETY: the numbers that the kernels declare, in their order.
unsafe impl DeviceRepr for Sizes {}
