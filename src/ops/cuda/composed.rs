//! The operations that are composed of dfdx's, whose parameters come without tapes here.

use dfdx::prelude::*;

use super::CudaElement;
use crate::error::Error;
use crate::ops::{self, Erased};

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
