//! Compares a file with a network and, when they agree, copies the values.
use std::collections::HashSet;
use std::convert::Infallible;
use std::fs;
use std::path::Path;

use dfdx::nn::tensor_collection::*;
use dfdx::shapes::{HasShape, Shape};
use dfdx::tensor::Tensor;
use dfdx::tensor_ops::Device;
use num_traits::NumCast;
use safetensors::Dtype;
use safetensors::tensor::TensorInfo;

use super::file::Parsed;
use super::{Error, Mismatch};
use crate::FloatDtype;

pub(super) fn load<E, D, T>(network: &mut T, path: &Path) -> Result<(), Error>
where
    E: FloatDtype,
    D: Device<E>,
    T: TensorCollection<E, D>,
{
    let bytes = fs::read(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
    let file =
        Parsed::new(&bytes).map_err(|reason| Error::Format { path: path.to_owned(), reason })?;

    let mut comparer = Comparer { file: &file, known: HashSet::new(), mismatches: Vec::new() };
    let mut walker = RecursiveWalker { m: (&*network, String::new()), f: &mut comparer };
    match T::iter_tensors(&mut walker) {
        Ok(_) => {}
        Err(never) => match never {},
    }
    let mismatches = comparer.finish();
    if !mismatches.is_empty() {
        return Err(Error::Mismatch { path: path.to_owned(), mismatches });
    }

    // Only now is the network touched, and from here on nothing can fail.
    let mut setter = Setter { file: &file };
    match T::iter_tensors(&mut RecursiveWalker { m: (network, String::new()), f: &mut setter }) {
        Ok(_) => Ok(()),
        Err(never) => match never {},
    }
}

/// Notes every difference between the file and the network.
struct Comparer<'a> {
    file: &'a Parsed<'a>,
    known: HashSet<String>,
    mismatches: Vec<Mismatch>,
}

impl Comparer<'_> {
    fn compare(&mut self, name: String, network: Vec<usize>, dtype: Dtype) {
        match self.file.get(&name) {
            None => self.mismatches.push(Mismatch::Missing { name: name.clone(), network }),
            Some(info) => {
                if info.shape != network {
                    let (name, file) = (name.clone(), info.shape.clone());
                    self.mismatches.push(Mismatch::Shape { name, file, network });
                }
                if !matches!(info.dtype, Dtype::F32 | Dtype::F64) {
                    let (name, file) = (name.clone(), info.dtype);
                    self.mismatches.push(Mismatch::Dtype { name, file, network: dtype });
                }
            }
        }
        self.known.insert(name);
    }

    fn finish(mut self) -> Vec<Mismatch> {
        for (name, info) in self.file.entries() {
            let counter = name.rsplit('.').next() == Some("num_batches_tracked");
            if !counter && !self.known.contains(&name) {
                self.mismatches.push(Mismatch::Extra { name, file: info.shape.clone() });
            }
        }
        self.mismatches
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
        self.compare(name, tensor.shape().concrete().into_iter().collect(), E::DTYPE);
        Ok(None)
    }

    fn visit_scalar<N: NumCast>(
        &mut self,
        _: ScalarOptions<N>,
        (_, name): (&N, String),
    ) -> Result<Option<N>, Infallible> {
        self.known.insert(name);
        Ok(None)
    }
}

/// Copies values into the network; for files that [`Comparer`] found to fit.
struct Setter<'a> {
    file: &'a Parsed<'a>,
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
        if let Some(info) = self.file.get(&name) {
            let values = decode::<E>(info, self.file.bytes(info));
            // Keeps the tensor's identity, by which gradients and optimisers know it.
            tensor.copy_from(&values);
            // `copy_from` writes in the order of memory; a permuted tensor reads in another.
            let same = |(a, b): (&E, &E)| a.bits() == b.bits();
            if !tensor.as_vec().iter().zip(&values).all(same) {
                *tensor = tensor.device().tensor_from_vec(values, *tensor.shape());
            }
        }
        Ok(None)
    }

    fn visit_scalar<N: NumCast>(
        &mut self,
        _: ScalarOptions<N>,
        _: (&mut N, String),
    ) -> Result<Option<N>, Infallible> {
        Ok(None)
    }
}

/// Little-endian bytes to values.
fn decode<E: FloatDtype>(info: &TensorInfo, bytes: &[u8]) -> Vec<E> {
    if info.dtype == Dtype::F64 {
        let (values, _) = bytes.as_chunks();
        values.iter().map(|&value| E::of_f64(f64::from_le_bytes(value))).collect()
    } else {
        let (values, _) = bytes.as_chunks();
        values.iter().map(|&value| E::of_f32(f32::from_le_bytes(value))).collect()
    }
}
