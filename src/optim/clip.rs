//! Gradients that are too long.

use dfdx::nn::tensor_collection::*;
use dfdx::prelude::*;

use crate::Error;
use crate::ops::GradientDevice;

/// The length of the gradients of all parameters, taken as one vector.
///
/// # Errors
///
/// If the device is out of memory.
pub fn norm<M, E, D>(module: &M, gradients: &mut Gradients<E, D>) -> Result<f64, Error>
where
    M: TensorCollection<E, D>,
    E: Dtype,
    D: GradientDevice<E>,
{
    let mut measure = Clip { gradients, factor: None, squares: 0.0 };
    measure.visit_all(module)?;
    Ok(measure.squares.sqrt())
}

/// Shortens the gradients to the length `max`, if they are longer, and gives the length that they
/// had: PyTorch's
/// [`clip_grad_norm_`](https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html).
///
/// # Errors
///
/// If the device is out of memory.
pub fn clip_norm<M, E, D>(
    module: &M,
    gradients: &mut Gradients<E, D>,
    max: f64,
) -> Result<f64, Error>
where
    M: TensorCollection<E, D>,
    E: Dtype,
    D: GradientDevice<E>,
{
    let norm = norm(module, gradients)?;
    // The summand is PyTorch's.
    let factor = max / (norm + 1e-6);
    if factor < 1.0 {
        Clip { gradients, factor: Some(factor), squares: 0.0 }.visit_all(module)?;
    }
    Ok(norm)
}

/// Scales the gradients, or measures them.
struct Clip<'a, E: Dtype, D: Storage<E>> {
    gradients: &'a mut Gradients<E, D>,
    factor: Option<f64>,
    squares: f64,
}

impl<E: Dtype, D: GradientDevice<E>> Clip<'_, E, D> {
    fn visit_all<M: TensorCollection<E, D>>(&mut self, module: &M) -> Result<(), Error> {
        M::iter_tensors(&mut RecursiveWalker { m: module, f: self })?;
        Ok(())
    }
}

impl<E: Dtype, D: GradientDevice<E>> TensorVisitor<E, D> for Clip<'_, E, D> {
    type Viewer = ViewTensorRef;
    type Err = Error;
    type E2 = E;
    type D2 = D;

    fn visit<S: Shape>(
        &mut self,
        options: TensorOptions<S, E, D>,
        parameter: &Tensor<S, E, D>,
    ) -> Result<Option<Tensor<S, E, D>>, Error> {
        if options.do_gradient_update {
            match self.factor {
                Some(factor) => D::scale(self.gradients, parameter, factor)?,
                None => self.squares += D::sum_of_squares(self.gradients, parameter)?,
            }
        }
        Ok(None)
    }
}
