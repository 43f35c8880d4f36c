//! On `Cuda`.

use cudarc::driver::DeviceSlice;
use dfdx::prelude::*;

use super::GradientDevice;
use crate::error::Error;
use crate::ops::cuda::{CudaElement, Module, Span, device_of};
use crate::ops::device::number;

const MODULE: Module = Module {
    name: "gradient",
    source: include_str!("../cuda/kernels/gradient.cu"),
    kernels: &["scale"],
};

impl<E: CudaElement> GradientDevice<E> for Cuda
where
    Cuda: Device<E>,
{
    fn sum_of_squares<S: Shape>(
        gradients: &mut Gradients<E, Cuda>,
        of: &Tensor<S, E, Cuda>,
    ) -> Result<f64, Error> {
        gradients.try_alloc_for(of).map_err(Error::device)?;
        let squares = gradients.get(of).try_square().map_err(Error::device)?;
        let sum: Tensor<Rank0, E, Cuda> = squares.try_sum().map_err(Error::device)?;
        Ok(sum.as_vec()[0].to_f64().unwrap_or(f64::NAN))
    }

    fn scale<S: Shape>(
        gradients: &mut Gradients<E, Cuda>,
        of: &Tensor<S, E, Cuda>,
        factor: f64,
    ) -> Result<(), Error> {
        let kernels = MODULE.load::<E>(of.device())?;
        let (len, span) = span(gradients, of)?;
        let parameters = (len as u32, number::<E>(factor), span);
        // SAFETY: the parameters of `scale`, and a span of so many elements.
        unsafe { kernels.each("scale", len, parameters) }.map_err(Error::device)
    }

    fn elements<S: Shape>(
        gradients: &mut Gradients<E, Cuda>,
        of: &Tensor<S, E, Cuda>,
    ) -> Result<Vec<E>, Error> {
        let device = device_of(of.device())?;
        let (len, span) = span(gradients, of)?;
        let mut elements = vec![E::default(); len];
        let copied = device.dtoh_sync_copy_into(&span, &mut elements);
        copied.map_err(|e| Error::device(CudaError::from(e)))?;
        Ok(elements)
    }

    fn set_elements<S: Shape>(
        gradients: &mut Gradients<E, Cuda>,
        of: &Tensor<S, E, Cuda>,
        elements: Vec<E>,
    ) -> Result<(), Error> {
        let device = device_of(of.device())?;
        let (len, mut span) = span(gradients, of)?;
        assert_eq!(elements.len(), len);
        let copied = device.htod_sync_copy_into(&elements, &mut span);
        copied.map_err(|e| Error::device(CudaError::from(e)))
    }
}

// Outside of the implementation, whose bound on `Cuda` would hide what its gradients are made of.
fn span<S: Shape, E: CudaElement>(
    gradients: &mut Gradients<E, Cuda>,
    of: &Tensor<S, E, Cuda>,
) -> Result<(usize, Span<E>), Error> {
    let span = Span::of(gradients.get_or_alloc_mut(of).map_err(Error::device)?);
    Ok((span.len(), span))
}
