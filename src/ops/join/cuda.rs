//! Branches on `Cuda`, composed of dfdx's operations.

use dfdx::prelude::*;

use super::{JoinDevice, device};
use crate::error::{Dims, Error};
use crate::ops::Erased;
use crate::ops::cuda::CudaElement;

impl<E: CudaElement> JoinDevice<E> for Cuda
where
    Cuda: Device<E>,
{
    fn add<T: Tape<E, Self>>(
        x: Erased<E, Self, T>,
        other: Erased<E, Self>,
    ) -> Result<Erased<E, Self, T>, Error> {
        device::add(x, other)
    }

    fn concat<T: Tape<E, Self>>(
        before: Vec<Erased<E, Self>>,
        x: Erased<E, Self, T>,
        dims: Dims,
    ) -> Result<Erased<E, Self, T>, Error> {
        device::concat(before, x, dims)
    }
}
