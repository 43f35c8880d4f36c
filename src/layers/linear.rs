//! Fully connected layer with its weight and bias.

use dfdx::nn::{ModuleVisitor, TensorCollection, TensorOptions};
use dfdx::prelude::*;

use super::{Layer, fan_in, reset};
use crate::network::LinearAt;
use crate::ops::{self, Backend, Flow};
use crate::shape::{self, StepKind};
use crate::{Error, FloatDtype};

/// The linear layer at step `STEP` of the network `N`.
///
/// Initialised as in PyTorch: uniform within `1 / sqrt(in_features)`.
#[derive(Clone, Debug)]
pub struct Linear<N: LinearAt<STEP>, const STEP: usize, E: Dtype, D: Storage<E>> {
    /// `(out_features, in_features)`
    pub weight: Tensor<N::Weight, E, D>,
    bias: Option<Tensor<N::Bias, E, D>>,
}

impl<N: LinearAt<STEP>, const STEP: usize, E: Dtype, D: Storage<E>> Linear<N, STEP, E, D> {
    /// The options of this layer.
    pub const OPTIONS: shape::Linear = match N::NETWORK.steps[STEP].kind {
        StepKind::Layer(shape::Layer::Linear(linear)) => linear,
        _ => panic!("this step is not a `Linear`"),
    };

    /// `(out_features)`, unless `bias = false`.
    pub fn bias(&self) -> Option<&Tensor<N::Bias, E, D>> {
        self.bias.as_ref()
    }

    /// `(out_features)`, unless `bias = false`.
    pub fn bias_mut(&mut self) -> Option<&mut Tensor<N::Bias, E, D>> {
        self.bias.as_mut()
    }
}

impl<N: LinearAt<STEP>, const STEP: usize, E: FloatDtype, D: Device<E>> TensorCollection<E, D>
    for Linear<N, STEP, E, D>
{
    type To<E2: Dtype, D2: Device<E2>> = Linear<N, STEP, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(
        visitor: &mut V,
    ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let weight = Self::tensor(
            "weight",
            |s| &s.weight,
            |s| &mut s.weight,
            TensorOptions::reset_with(|t| reset(t, fan_in::<N::Weight>())),
        );
        if !Self::OPTIONS.bias {
            return visitor.visit_fields((weight,), |(weight,)| Linear { weight, bias: None });
        }
        let bias = Self::tensor(
            "bias",
            // Present exactly if the options say so, which no one else can change.
            |s| s.bias.as_ref().unwrap(),
            |s| s.bias.as_mut().unwrap(),
            TensorOptions::reset_with(|t| reset(t, fan_in::<N::Weight>())),
        );
        let built = |(weight, bias)| Linear { weight, bias: Some(bias) };
        visitor.visit_fields((weight, bias), built)
    }
}

impl<N: LinearAt<STEP>, const STEP: usize, E: FloatDtype, D: Backend<E>> Layer<E, D>
    for Linear<N, STEP, E, D>
{
    fn try_forward<T: Tape<E, D>>(&self, x: Flow<E, D, T>) -> Result<Flow<E, D, T>, Error> {
        ops::linear(x, &self.weight, self.bias.as_ref(), &Self::OPTIONS)
    }
}
