//! A network's parameters by their names: set to PyTorch's, or compared with them.

use std::collections::BTreeMap;

use dfdx::nn::{
    RecursiveWalker, TensorCollection, TensorOptions, TensorVisitor, ViewTensorMut, ViewTensorName,
};
use dfdx::prelude::*;

use super::{Reference, relative_error};

/// Sets all parameters to those of the reference under `prefix`.
pub fn load<M: TensorCollection<f32, AutoDevice>>(
    net: &mut M,
    reference: &Reference,
    prefix: String,
) {
    visit(net, reference, prefix, true);
}

/// The relative error of each parameter.
pub fn compare<M: TensorCollection<f32, AutoDevice>>(
    net: &mut M,
    reference: &Reference,
    prefix: String,
) -> BTreeMap<String, f64> {
    visit(net, reference, prefix, false)
}

/// Visits each parameter by its name: sets it, or compares it.
struct Parameters<'a> {
    reference: &'a Reference,
    prefix: String,
    set: bool,
    errors: BTreeMap<String, f64>,
}

impl TensorVisitor<f32, AutoDevice> for Parameters<'_> {
    type Viewer = (ViewTensorMut, ViewTensorName);
    type Err = std::convert::Infallible;
    type E2 = f32;
    type D2 = AutoDevice;

    fn visit<S: Shape>(
        &mut self,
        _: TensorOptions<S, f32, AutoDevice>,
        (tensor, name): (&mut Tensor<S, f32, AutoDevice>, String),
    ) -> Result<Option<Tensor<S, f32, AutoDevice>>, Self::Err> {
        let (shape, values) = self.reference.tensor(&format!("{}.{name}", self.prefix));
        let own: Vec<usize> = HasShape::shape(tensor).concrete().into();
        assert_eq!(own, shape, "{name}");
        if self.set {
            tensor.copy_from(&values);
        } else {
            self.errors.insert(name, relative_error(&tensor.as_vec(), &values));
        }
        Ok(None)
    }
}

fn visit<M: TensorCollection<f32, AutoDevice>>(
    net: &mut M,
    reference: &Reference,
    prefix: String,
    set: bool,
) -> BTreeMap<String, f64> {
    let mut visitor = Parameters { reference, prefix, set, errors: BTreeMap::new() };
    let mut walker = RecursiveWalker { m: (net, String::new()), f: &mut visitor };
    let Ok(_) = M::iter_tensors(&mut walker);
    visitor.errors
}
