//! The operations that are composed of dfdx's, whose parameters come without tapes here.

use dfdx::prelude::*;

use super::CudaElement;
use crate::error::Error;
use crate::ops::{self, Erased, LinearOp};

macro_rules! composed {
    ($(fn $name:ident($($arg:ident: $ty:ty),*) = $function:path;)*) => {$(
        pub fn $name<E: CudaElement, T: Tape<E, Cuda>>(
            x: Erased<E, Cuda, T>,
            $($arg: $ty),*
        ) -> Result<Erased<E, Cuda, T>, Error>
        where
            Cuda: Device<E>,
        {
            $function($($arg,)* x)
        }
    )*};
}

composed! {
    fn dropout(p: f64) = ops::dropout::device::dropout;
    fn dropout2d(p: f64) = ops::dropout::device::dropout2d;
}

pub fn linear<E: CudaElement, T: Tape<E, Cuda>>(
    x: Erased<E, Cuda, T>,
    op: LinearOp,
    weight: Erased<E, Cuda>,
    bias: Option<Erased<E, Cuda>>,
) -> Result<Erased<E, Cuda, T>, Error>
where
    Cuda: Device<E>,
{
    ops::linear::device::linear(op, x, taped(weight), bias.map(taped))
}

/// With an empty tape.
fn taped<E: CudaElement, T: Tape<E, Cuda>>(t: Erased<E, Cuda>) -> Erased<E, Cuda, T> {
    t.put_tape(T::default())
}
