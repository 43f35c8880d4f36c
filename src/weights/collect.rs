//! Copies a network's tensors out.
use dfdx::nn::tensor_collection::*;
use dfdx::shapes::{HasShape, Shape};
use dfdx::tensor::Tensor;
use dfdx::tensor_ops::Device;

use super::load::dtype;
use super::{Array, Error, StateDict};
use crate::FloatDtype;

pub(super) fn collect<E, D, T>(network: &T) -> Result<StateDict, Error>
where
    E: FloatDtype,
    D: Device<E>,
    T: TensorCollection<E, D>,
{
    let mut collector = Collector { dict: StateDict::new() };
    let mut walker = RecursiveWalker { m: (network, String::new()), f: &mut collector };
    T::iter_tensors(&mut walker)?;
    Ok(collector.dict)
}

struct Collector {
    dict: StateDict,
}

impl<E: FloatDtype, D: Device<E>> TensorVisitor<E, D> for Collector {
    type Viewer = (ViewTensorRef, ViewTensorName);
    type Err = Error;
    type E2 = E;
    type D2 = D;

    fn visit<S: Shape>(
        &mut self,
        _: TensorOptions<S, E, D>,
        (tensor, name): (&Tensor<S, E, D>, String),
    ) -> Result<Option<Tensor<S, E, D>>, Error> {
        let shape = tensor.shape().concrete().into();
        let elements = tensor.shape().num_elements();
        let mut bytes = Vec::with_capacity(elements * size_of::<E>());
        // dfdx can't copy a tensor without elements.
        if elements > 0 {
            tensor.as_vec().into_iter().for_each(|value| value.write_le(&mut bytes));
        }
        match self.dict.insert(name.as_str(), Array::new(dtype::<E>(), shape, bytes)?) {
            None => Ok(None),
            Some(_) => Err(Error::Duplicate { name }),
        }
    }
}
