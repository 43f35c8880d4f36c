//! Collects a network's tensors and writes them.
use std::collections::{HashMap, HashSet};
use std::path::Path;

use dfdx::nn::tensor_collection::*;
use dfdx::shapes::{HasShape, Shape};
use dfdx::tensor::Tensor;
use dfdx::tensor_ops::Device;
use num_traits::NumCast;
use safetensors::tensor::TensorView;

use super::{Error, file};
use crate::FloatDtype;

pub(super) fn save<E, D, T>(network: &T, path: &Path) -> Result<(), Error>
where
    E: FloatDtype,
    D: Device<E>,
    T: TensorCollection<E, D>,
{
    let mut collector = Collector { entries: Vec::new() };
    let mut walker = RecursiveWalker { m: (network, String::new()), f: &mut collector };
    match T::iter_tensors(&mut walker) {
        Ok(_) => {}
        Err(never) => match never {},
    }
    let bytes = serialize::<E>(&collector.entries, path)?;
    file::write_atomically(path, &bytes)
        .map_err(|source| Error::Io { path: path.to_owned(), source })
}

fn serialize<E: FloatDtype>(entries: &[Entry], path: &Path) -> Result<Vec<u8>, Error> {
    let mut names = HashSet::new();
    if let Some(entry) = entries.iter().find(|entry| !names.insert(&entry.name)) {
        return Err(Error::Duplicate { path: path.to_owned(), name: entry.name.clone() });
    }
    let format = |e: safetensors::SafeTensorError| Error::Format {
        path: path.to_owned(),
        reason: e.to_string(),
    };
    let views = entries
        .iter()
        .map(|entry| {
            Ok((&entry.name, TensorView::new(E::DTYPE, entry.shape.clone(), &entry.bytes)?))
        })
        .collect::<Result<Vec<_>, _>>()
        .map_err(format)?;
    // Hugging Face's loaders ask for this mark.
    let metadata = HashMap::from([("format".to_owned(), "pt".to_owned())]);
    safetensors::serialize(views, Some(metadata)).map_err(format)
}

struct Entry {
    name: String,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

/// Copies every tensor's values out.
struct Collector {
    entries: Vec<Entry>,
}

impl<E: FloatDtype, D: Device<E>> TensorVisitor<E, D> for Collector {
    type Viewer = (ViewTensorRef, ViewTensorName);
    type Err = std::convert::Infallible;
    type E2 = E;
    type D2 = D;

    fn visit<S: Shape>(
        &mut self,
        _: TensorOptions<S, E, D>,
        (tensor, name): (&Tensor<S, E, D>, String),
    ) -> Result<Option<Tensor<S, E, D>>, Self::Err> {
        let values = tensor.as_vec();
        let mut bytes = Vec::with_capacity(std::mem::size_of_val(&values[..]));
        values.into_iter().for_each(|value| value.write(&mut bytes));
        let shape = tensor.shape().concrete().into_iter().collect();
        self.entries.push(Entry { name, shape, bytes });
        Ok(None)
    }

    fn visit_scalar<N: NumCast>(
        &mut self,
        _: ScalarOptions<N>,
        _: (&N, String),
    ) -> Result<Option<N>, Self::Err> {
        Ok(None)
    }
}
