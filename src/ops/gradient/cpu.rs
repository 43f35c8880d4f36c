//! On `Cpu`, where gradients are slices.

use dfdx::prelude::*;

use super::GradientDevice;
use crate::error::Error;
use crate::ops::cpu::CpuElement;

impl<E: CpuElement> GradientDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn sum_of_squares<S: Shape>(
        gradients: &mut Gradients<E, Cpu>,
        of: &Tensor<S, E, Cpu>,
    ) -> Result<f64, Error> {
        let squares = slice(gradients, of)?.iter().map(|g| g.to_f64().map_or(f64::NAN, |g| g * g));
        Ok(squares.sum())
    }

    fn scale<S: Shape>(
        gradients: &mut Gradients<E, Cpu>,
        of: &Tensor<S, E, Cpu>,
        factor: f64,
    ) -> Result<(), Error> {
        let factor = E::cast(factor);
        slice(gradients, of)?.iter_mut().for_each(|g| *g *= factor);
        Ok(())
    }

    fn elements<S: Shape>(
        gradients: &mut Gradients<E, Cpu>,
        of: &Tensor<S, E, Cpu>,
    ) -> Result<Vec<E>, Error> {
        Ok(slice(gradients, of)?.to_vec())
    }

    fn set_elements<S: Shape>(
        gradients: &mut Gradients<E, Cpu>,
        of: &Tensor<S, E, Cpu>,
        elements: Vec<E>,
    ) -> Result<(), Error> {
        slice(gradients, of)?.copy_from_slice(&elements);
        Ok(())
    }
}

// Outside of the implementation, whose bound on `Cpu` would hide what its gradients are made of.
fn slice<'a, S: Shape, E: CpuElement>(
    gradients: &'a mut Gradients<E, Cpu>,
    of: &Tensor<S, E, Cpu>,
) -> Result<&'a mut [E], Error> {
    Ok(gradients.get_or_alloc_mut(of)?)
}
