//! Pooling on `Cuda` by own kernels; power averages are composed of dfdx's operations.

use cudarc::driver::DeviceRepr;
use dfdx::prelude::*;
use shapewright_shape::PoolKind;

use super::{device, name};
use crate::error::Error;
use crate::kernels::pool2d::Pool2dOp;
use crate::ops::Erased;
use crate::ops::cuda::{CudaElement, Module, Span, gradient, new_tensor};

const MODULE: Module = Module {
    name: "pool2d",
    source: include_str!("../cuda/kernels/pool2d.cu"),
    kernels: &["extremum_forward", "extremum_backward", "mean_forward", "mean_backward"],
};

pub fn pool2d<E: CudaElement, T: Tape<E, Cuda>>(
    x: Erased<E, Cuda, T>,
    kind: PoolKind,
    op: Pool2dOp,
) -> Result<Erased<E, Cuda, T>, Error>
where
    Cuda: Device<E>,
{
    match kind {
        PoolKind::Max => extremum(name(kind), true, op, x),
        PoolKind::Min => extremum(name(kind), false, op, x),
        PoolKind::Avg { count_include_pad } => mean(name(kind), count_include_pad, op, x),
        PoolKind::Lp { .. } => device::pool2d(kind, op, x),
    }
}

fn extremum<E: CudaElement, T: Tape<E, Cuda>>(
    name: &'static str,
    largest: bool,
    op: Pool2dOp,
    x: Erased<E, Cuda, T>,
) -> Result<Erased<E, Cuda, T>, Error> {
    let kernels = MODULE.load::<E>(x.device())?;
    let (x, mut tape) = x.split_tape();
    let (y, ys) = new_tensor(name, &x, output(&op))?;
    let windows = y.shape().num_elements();
    // Only the gradient needs to know where the winners are.
    let winners = match T::OWNS_TAPE {
        true => Some(kernels.buffer::<u32>(windows).map_err(Error::device)?),
        false => None,
    };
    let places = winners.as_ref().map_or(Span::NONE, Span::of);
    let infinity = if largest { f64::NEG_INFINITY } else { f64::INFINITY };
    let empty = E::from_f64(infinity).unwrap_or_default();
    // SAFETY: the parameters and lengths of `extremum_forward`.
    unsafe {
        let parameters = (Sizes::new(&op), largest, empty, Span::tensor(&x)?, ys, places);
        kernels.each("extremum_forward", windows, parameters).map_err(Error::device)?;
    }
    let (gx, gy) = (gradient(&x), gradient(&y));
    tape.add_backward_op(move |grads| {
        let (_winners, gy, gx) = (winners, gy(grads)?, gx(grads)?);
        let pixels = op.batch * op.channels * op.input[0] * op.input[1];
        // SAFETY: the parameters and lengths of `extremum_backward`.
        unsafe { kernels.each("extremum_backward", pixels, (Sizes::new(&op), places, gy, gx)) }
    });
    Ok(y.put_tape(tape))
}

fn mean<E: CudaElement, T: Tape<E, Cuda>>(
    name: &'static str,
    count_include_pad: bool,
    op: Pool2dOp,
    x: Erased<E, Cuda, T>,
) -> Result<Erased<E, Cuda, T>, Error> {
    let kernels = MODULE.load::<E>(x.device())?;
    let (x, mut tape) = x.split_tape();
    let (y, ys) = new_tensor(name, &x, output(&op))?;
    // SAFETY: the parameters and lengths of `mean_forward`.
    unsafe {
        let parameters = (Sizes::new(&op), count_include_pad, Span::tensor(&x)?, ys);
        let windows = y.shape().num_elements();
        kernels.each("mean_forward", windows, parameters).map_err(Error::device)?;
    }
    let (gx, gy) = (gradient(&x), gradient(&y));
    tape.add_backward_op(move |grads| {
        let (gy, gx) = (gy(grads)?, gx(grads)?);
        let pixels = op.batch * op.channels * op.input[0] * op.input[1];
        // SAFETY: the parameters and lengths of `mean_backward`.
        unsafe {
            kernels.each("mean_backward", pixels, (Sizes::new(&op), count_include_pad, gy, gx))
        }
    });
    Ok(y.put_tape(tape))
}

fn output(op: &Pool2dOp) -> [usize; 4] {
    [op.batch, op.channels, op.output[0], op.output[1]]
}

/// The `Pool2d` of `pool2d.cu`.
#[repr(C)]
struct Sizes([u32; 15]);

// SAFETY: the numbers that the kernels declare, in their order.
unsafe impl DeviceRepr for Sizes {}

impl Sizes {
    fn new(op: &Pool2dOp) -> Self {
        let pairs = [op.input, op.output, op.kernel, op.stride, op.dilation];
        let [[h, w], [oh, ow], [kh, kw], [sh, sw], [dh, dw]] = pairs;
        let [[top, bottom], [left, right]] = op.padding;
        let planes = op.batch * op.channels;
        let sizes = [planes, h, w, oh, ow, kh, kw, sh, sw, dh, dw, top, bottom, left, right];
        Sizes(sizes.map(|n| n as u32))
    }
}
