//! Compares entries with a network and, when they agree, copies the values.
use std::collections::HashSet;
use std::convert::Infallible;
use std::path::Path;

use ::safetensors::Dtype;
use dfdx::nn::tensor_collection::*;
use dfdx::shapes::{HasShape, Shape};
use dfdx::tensor::Tensor;
use dfdx::tensor_ops::Device;
use indexmap::IndexMap;
use num_traits::NumCast;

use super::array::floats;
use super::{Array, Error, LoadOptions, LoadReport, Mismatch, StateDict};
use crate::FloatDtype;

/// Loads what came from `path`, if it came from a file.
pub(super) fn load<E, D, T>(
    network: &mut T,
    dict: &StateDict,
    options: &LoadOptions,
    path: Option<&Path>,
) -> Result<LoadReport, Error>
where
    E: FloatDtype,
    D: Device<E>,
    T: TensorCollection<E, D>,
{
    let given = options.select(dict)?;
    let mut comparer = Comparer::new(&given);
    let mut walker = RecursiveWalker { m: (&*network, String::new()), f: &mut comparer };
    let Ok(_) = T::iter_tensors(&mut walker);
    let (tensors, mismatches) = comparer.finish();

    let (skipped, mismatches): (Vec<_>, Vec<_>) =
        mismatches.into_iter().partition(|mismatch| options.tolerates(mismatch));
    if !mismatches.is_empty() {
        let help = options.help(&tensors, &given);
        return Err(Error::Mismatch { path: path.map(Path::to_owned), mismatches, help });
    }

    // Only now is the network touched, and from here on nothing can fail.
    let mut setter = Setter { given: &given, loaded: 0 };
    let Ok(_) =
        T::iter_tensors(&mut RecursiveWalker { m: (network, String::new()), f: &mut setter });
    Ok(LoadReport { loaded: setter.loaded, skipped })
}

/// The type of a network's numbers, as files call it.
pub(super) fn dtype<E: FloatDtype>() -> Dtype {
    if size_of::<E>() == 4 { Dtype::F32 } else { Dtype::F64 }
}

/// PyTorch's batch norms count their batches, to no effect on what they compute.
pub(super) fn is_counter(name: &str) -> bool {
    name.rsplit('.').next() == Some("num_batches_tracked")
}

/// Notes every difference between what is given and the network.
struct Comparer<'a> {
    given: &'a IndexMap<String, &'a Array>,
    tensors: Vec<String>,
    scalars: HashSet<String>,
    mismatches: Vec<Mismatch>,
}

impl<'a> Comparer<'a> {
    fn new(given: &'a IndexMap<String, &'a Array>) -> Self {
        Self { given, tensors: Vec::new(), scalars: HashSet::new(), mismatches: Vec::new() }
    }

    fn compare(&mut self, name: String, network: Vec<usize>, dtype: Dtype) {
        match self.given.get(&name) {
            None => self.mismatches.push(Mismatch::Missing { name: name.clone(), network }),
            Some(array) => {
                if array.shape() != network {
                    let (name, file) = (name.clone(), array.shape().to_vec());
                    self.mismatches.push(Mismatch::Shape { name, file, network });
                }
                if !matches!(array.dtype(), Dtype::F16 | Dtype::BF16 | Dtype::F32 | Dtype::F64) {
                    let (name, file) = (name.clone(), array.dtype());
                    self.mismatches.push(Mismatch::Dtype { name, file, network: dtype });
                }
            }
        }
        self.tensors.push(name);
    }

    /// The names of the network's tensors, and all differences.
    fn finish(self) -> (Vec<String>, Vec<Mismatch>) {
        let Self { given, tensors, mut scalars, mut mismatches } = self;
        scalars.extend(tensors.iter().cloned());
        let unexpected =
            given.iter().filter(|(name, _)| !is_counter(name) && !scalars.contains(name.as_str()));
        mismatches.extend(unexpected.map(|(name, array)| Mismatch::Unexpected {
            name: name.clone(),
            file: array.shape().to_vec(),
        }));
        (tensors, mismatches)
    }
}

impl<E: FloatDtype, D: Device<E>> TensorVisitor<E, D> for Comparer<'_> {
    type Viewer = (ViewTensorRef, ViewTensorName);
    type Err = Infallible;
    type E2 = E;
    type D2 = D;

    fn visit<S: Shape>(
        &mut self,
        _: TensorOptions<S, E, D>,
        (tensor, name): (&Tensor<S, E, D>, String),
    ) -> Result<Option<Tensor<S, E, D>>, Infallible> {
        self.compare(name, tensor.shape().concrete().into(), dtype::<E>());
        Ok(None)
    }

    fn visit_scalar<N: NumCast>(
        &mut self,
        _: ScalarOptions<N>,
        (_, name): (&N, String),
    ) -> Result<Option<N>, Infallible> {
        self.scalars.insert(name);
        Ok(None)
    }
}

/// Copies values into the network, of entries that [`Comparer`] found to fit or that are to be
/// passed over.
struct Setter<'a> {
    given: &'a IndexMap<String, &'a Array>,
    loaded: usize,
}

impl<E: FloatDtype, D: Device<E>> TensorVisitor<E, D> for Setter<'_> {
    type Viewer = (ViewTensorMut, ViewTensorName);
    type Err = Infallible;
    type E2 = E;
    type D2 = D;

    fn visit<S: Shape>(
        &mut self,
        _: TensorOptions<S, E, D>,
        (tensor, name): (&mut Tensor<S, E, D>, String),
    ) -> Result<Option<Tensor<S, E, D>>, Infallible> {
        let shape: Vec<usize> = tensor.shape().concrete().into();
        let fits = |array: &&&Array| array.shape() == shape;
        let Some(array) = self.given.get(&name).filter(fits) else { return Ok(None) };
        let Some(values) = floats::<E>(array.dtype(), array.bytes()) else { return Ok(None) };
        self.loaded += 1;
        // dfdx can't copy a tensor without elements.
        if values.is_empty() {
            return Ok(None);
        }
        // Keeps the tensor's identity, by which gradients and optimisers know it.
        tensor.copy_from(&values);
        // `copy_from` writes in the order of memory; a permuted tensor reads in another.
        let same = |(a, b): (&E, &E)| a.bits() == b.bits();
        if !tensor.as_vec().iter().zip(&values).all(same) {
            *tensor = tensor.device().tensor_from_vec(values, *tensor.shape());
        }
        Ok(None)
    }
}
