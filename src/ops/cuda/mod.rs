//! Networks on dfdx's `Cuda`.
//!
//! A batch is a tensor, and each operation is one on dfdx's tape. Where the operations that dfdx
//! has would move far more than is needed, own kernels take their place, compiled by NVRTC when
//! they are first used ([`Module`]). The others are composed of dfdx's, the traits' default.

mod convolution;
mod element;
mod gemm;
mod module;
mod span;
mod tensor;
mod weighted;

use dfdx::prelude::*;

pub use convolution::Convolution;
pub use element::CudaElement;
pub use module::{Kernels, Module};
pub use span::Span;
pub use tensor::{gradient, new_tensor};
pub use weighted::{Weighted, weighted};

use super::device::flow;
use super::{
    ActivationDevice, AdaptivePool2dDevice, DropoutDevice, Erased, FlowDevice, LinearDevice,
    UpsampleDevice, ZeroPad2dDevice,
};
use crate::error::{Dims, Error};

impl<E: CudaElement> FlowDevice<E> for Cuda
where
    Cuda: Device<E>,
{
    type Flow<T: Tape<E, Self>> = Erased<E, Self, T>;
    type Kept = Erased<E, Self>;

    fn enter<T: Tape<E, Self>>(x: Erased<E, Self, T>) -> Result<Erased<E, Self, T>, Error> {
        flow::enter(x)
    }

    fn leave<T: Tape<E, Self>>(x: Erased<E, Self, T>) -> Result<Erased<E, Self, T>, Error> {
        flow::leave(x)
    }

    fn dims<T: Tape<E, Self>>(x: &Erased<E, Self, T>) -> Dims {
        flow::dims(x)
    }

    fn reshape<T: Tape<E, Self>>(
        x: Erased<E, Self, T>,
        dims: Dims,
    ) -> Result<Erased<E, Self, T>, Error> {
        flow::reshape(x, dims)
    }

    fn keep<T: Tape<E, Self>>(x: &Erased<E, Self, T>) -> Erased<E, Self> {
        flow::keep(x)
    }

    fn go_on_from<T: Tape<E, Self>>(
        x: Erased<E, Self, T>,
        kept: Erased<E, Self>,
    ) -> (Erased<E, Self>, Erased<E, Self, T>) {
        flow::go_on_from(x, kept)
    }

    fn kept_dims(kept: &Erased<E, Self>) -> Dims {
        flow::kept_dims(kept)
    }

    fn kept_into_tensor(kept: Erased<E, Self>) -> Result<Erased<E, Self>, Error> {
        flow::kept_into_tensor(kept)
    }
}

/// The operations that are composed.
macro_rules! composed {
    ($($Operation:ident)*) => {$(
        impl<E: CudaElement> $Operation<E> for Cuda where Cuda: Device<E> {}
    )*};
}

composed! {
    ActivationDevice
    AdaptivePool2dDevice
    DropoutDevice
    LinearDevice
    UpsampleDevice
    ZeroPad2dDevice
}
