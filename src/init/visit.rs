//! All parameters of a network, by their names.

use dfdx::nn::{
    RecursiveWalker, TensorCollection, TensorOptions, TensorVisitor, ViewTensorMut, ViewTensorName,
};
use dfdx::prelude::*;

use super::{Init, fill};
use crate::{Error, FloatDtype};

/// Draws parameters of a network anew: those for which `choose`, given the name and the shape, says
/// how. The names are PyTorch's, `layer1.0.conv1.weight`. Buffers, such as the running statistics of
/// batch norms, are not asked about. dfdx's `reset_params` brings back what is declared.
///
/// # Errors
///
/// As [`fill`], with the name. Parameters before it have been drawn.
///
/// # Example
///
/// ```
/// use shapewright::init;
/// use shapewright::prelude::*;
///
/// net! {
///     struct Net: [1, 8, 8] -> [10] { conv: Conv2d(4, kernel = 3), ReLU, Flatten, fc: Linear(10) }
/// }
///
/// let dev = Cpu::default();
/// let mut net = dev.build_module::<Net, f32>();
/// init::each(&mut net, |name, _| match name {
///     "fc.weight" => Some(Init::XAVIER_NORMAL),
///     name if name.ends_with(".bias") => Some(Init::ZEROS),
///     _ => None,
/// })?;
/// assert_eq!(net.fc.bias().map(|bias| bias.array()), Some([0.0; 10]));
///
/// let error = init::each(&mut net, |_, _| Some(Init::XAVIER_NORMAL)).unwrap_err().to_string();
/// assert!(error.starts_with("`conv.bias`: "));
/// # Ok::<(), shapewright::Error>(())
/// ```
pub fn each<M, E, D>(
    network: &mut M,
    choose: impl FnMut(&str, &[usize]) -> Option<Init>,
) -> Result<(), Error>
where
    M: TensorCollection<E, D>,
    E: FloatDtype,
    D: Device<E>,
{
    let mut visitor = Each { choose };
    let mut walker = RecursiveWalker { m: (network, String::new()), f: &mut visitor };
    M::iter_tensors(&mut walker).map(|_| ())
}

struct Each<F> {
    choose: F,
}

impl<E, D, F> TensorVisitor<E, D> for Each<F>
where
    E: FloatDtype,
    D: Device<E>,
    F: FnMut(&str, &[usize]) -> Option<Init>,
{
    type Viewer = (ViewTensorMut, ViewTensorName);
    type Err = Error;
    type E2 = E;
    type D2 = D;

    fn visit<S: Shape>(
        &mut self,
        options: TensorOptions<S, E, D>,
        (tensor, name): (&mut Tensor<S, E, D>, String),
    ) -> Result<Option<Tensor<S, E, D>>, Error> {
        let shape: Vec<usize> = tensor.shape().concrete().into();
        if options.do_gradient_update
            && let Some(init) = (self.choose)(&name, &shape)
        {
            fill(tensor, init).map_err(|error| error.at(&name))?;
        }
        Ok(None)
    }
}
