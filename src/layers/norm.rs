//! Layers that normalise, with a weight and a bias.

use dfdx::nn::{ModuleVisitor, TensorCollection, TensorOptions};
use dfdx::prelude::*;

use super::{Layer, layer_at};
use crate::network::WeightAt;
use crate::ops::{self, Backend, Flow};
use crate::shape::{self, NormInit};
use crate::{Error, FloatDtype};

/// The batch normalisation at step `STEP` of the network `N`.
///
/// In training it normalises by the batch's own statistics and keeps running ones, by which it
/// normalises in evaluation. It starts as in PyTorch: weight 1 (with
/// `init = zeros` 0), bias 0, mean 0, variance 1.
#[derive(Clone, Debug)]
pub struct BatchNorm<N: WeightAt<STEP>, const STEP: usize, E: Dtype, D: Storage<E>> {
    /// `(channels)`
    pub weight: Tensor<N::Weight, E, D>,
    /// `(channels)`
    pub bias: Tensor<N::Bias, E, D>,
    /// `(channels)`; not trained.
    pub running_mean: Tensor<N::Bias, E, D>,
    /// `(channels)`; not trained.
    pub running_var: Tensor<N::Bias, E, D>,
}

/// The layer or group normalisation at step `STEP` of the network `N`.
///
/// It starts as in PyTorch: weight 1 (with `init = zeros` 0), bias 0.
#[derive(Clone, Debug)]
pub struct GroupNorm<N: WeightAt<STEP>, const STEP: usize, E: Dtype, D: Storage<E>> {
    /// `(channels)`; of a `LayerNorm` the shape of what arrives, such as `(channels, height, width)`.
    pub weight: Tensor<N::Weight, E, D>,
    /// As the weight.
    pub bias: Tensor<N::Bias, E, D>,
}

/// The options of a step.
const fn options<N: WeightAt<STEP>, const STEP: usize>() -> shape::Norm {
    match layer_at::<N, STEP>() {
        shape::Layer::Norm(options) => options,
        _ => panic!("this step is another layer"),
    }
}

/// How the weight of a step starts.
fn weight<N: WeightAt<STEP>, const STEP: usize, E: FloatDtype, D: Device<E>>()
-> TensorOptions<N::Weight, E, D> {
    match options::<N, STEP>().init {
        NormInit::Ones => TensorOptions::reset_to_ones(),
        NormInit::Zeros => TensorOptions::reset_to_zeros(),
    }
}

impl<N: WeightAt<STEP>, const STEP: usize, E: Dtype, D: Storage<E>> BatchNorm<N, STEP, E, D> {
    /// The options of this layer.
    pub const OPTIONS: shape::Norm = options::<N, STEP>();
}

impl<N: WeightAt<STEP>, const STEP: usize, E: Dtype, D: Storage<E>> GroupNorm<N, STEP, E, D> {
    /// The options of this layer.
    pub const OPTIONS: shape::Norm = options::<N, STEP>();
}

impl<N: WeightAt<STEP>, const STEP: usize, E: FloatDtype, D: Device<E>> TensorCollection<E, D>
    for BatchNorm<N, STEP, E, D>
{
    type To<E2: Dtype, D2: Device<E2>> = BatchNorm<N, STEP, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(
        visitor: &mut V,
    ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let start = weight::<N, STEP, E, D>();
        let weight = Self::tensor("weight", |s| &s.weight, |s| &mut s.weight, start);
        let zeros = TensorOptions::reset_to_zeros();
        let bias = Self::tensor("bias", |s| &s.bias, |s| &mut s.bias, zeros);
        let mean = Self::tensor(
            "running_mean",
            |s| &s.running_mean,
            |s| &mut s.running_mean,
            TensorOptions::detached(|t| t.try_fill_with_zeros()),
        );
        let variance = Self::tensor(
            "running_var",
            |s| &s.running_var,
            |s| &mut s.running_var,
            TensorOptions::detached(|t| t.try_fill_with_ones()),
        );
        let fields = (weight, bias, mean, variance);
        visitor.visit_fields(fields, |(weight, bias, running_mean, running_var)| BatchNorm {
            weight,
            bias,
            running_mean,
            running_var,
        })
    }
}

impl<N: WeightAt<STEP>, const STEP: usize, E: FloatDtype, D: Device<E>> TensorCollection<E, D>
    for GroupNorm<N, STEP, E, D>
{
    type To<E2: Dtype, D2: Device<E2>> = GroupNorm<N, STEP, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(
        visitor: &mut V,
    ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let start = weight::<N, STEP, E, D>();
        let weight = Self::tensor("weight", |s| &s.weight, |s| &mut s.weight, start);
        let zeros = TensorOptions::reset_to_zeros();
        let bias = Self::tensor("bias", |s| &s.bias, |s| &mut s.bias, zeros);
        visitor.visit_fields((weight, bias), |(weight, bias)| GroupNorm { weight, bias })
    }
}

impl<N: WeightAt<STEP>, const STEP: usize, E: FloatDtype, D: Backend<E>> Layer<E, D>
    for BatchNorm<N, STEP, E, D>
{
    fn try_forward<T: Tape<E, D>>(&self, x: Flow<E, D, T>) -> Result<Flow<E, D, T>, Error> {
        let running = [&self.running_mean, &self.running_var];
        ops::batch_norm(x, &self.weight, &self.bias, running, &Self::OPTIONS)
    }

    fn try_forward_mut<T: Tape<E, D>>(&mut self, x: Flow<E, D, T>) -> Result<Flow<E, D, T>, Error> {
        let running = [&mut self.running_mean, &mut self.running_var];
        ops::batch_norm_train(x, &self.weight, &self.bias, running, &Self::OPTIONS)
    }
}

impl<N: WeightAt<STEP>, const STEP: usize, E: FloatDtype, D: Backend<E>> Layer<E, D>
    for GroupNorm<N, STEP, E, D>
{
    fn try_forward<T: Tape<E, D>>(&self, x: Flow<E, D, T>) -> Result<Flow<E, D, T>, Error> {
        ops::group_norm(x, &self.weight, &self.bias, &Self::OPTIONS)
    }
}
