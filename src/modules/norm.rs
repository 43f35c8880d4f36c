//! Batch normalisation.

use dfdx::nn::{BuildOnDevice, ModuleMut, ModuleVisitor, TensorCollection, TensorOptions};
use dfdx::prelude::*;

use super::macros::{functions, module};
use super::shapes::{Channels, Images, Takes, run};
use crate::layers::Layer;
use crate::ops::{self, Backend, Flow};
use crate::shape::{Norm, NormKind};
use crate::{Error, FloatDtype};

/// Batch normalisation, as PyTorch's
/// [`BatchNorm2d`](https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html):
/// `y = (x - mean) / sqrt(variance + 1e-5) · weight + bias` for each channel.
///
/// `forward_mut`, training, takes the batch's own mean and variance, and 0.1 of them into the running
/// ones; `forward`, evaluation, takes the running ones. Initialised as in PyTorch: weight 1, bias 0,
/// mean 0, variance 1.
///
/// # Shapes
///
/// `(B, C, H, W)` to the same, `(C, H, W)` to the same.
///
/// # Errors
///
/// Images of other than `C` channels, and without pixels.
///
/// # Example
///
/// ```
/// use shapewright::modules::BatchNorm2d;
/// use shapewright::prelude::*;
///
/// let dev = Cpu::default();
/// let mut norm = dev.build_module::<BatchNorm2d<1>, f64>();
/// let x: Tensor<Rank4<2, 1, 1, 1>, f64, _> = dev.tensor([[[[0.0]]], [[[2.0]]]]);
/// let y: Tensor<Rank4<2, 1, 1, 1>, f64, _> = norm.forward_mut(x);
/// assert!((y.array()[1][0][0][0] - 1.0).abs() < 1e-5);
/// assert_eq!(norm.running_mean.array(), [0.1]);
/// ```
#[derive(Clone, Debug)]
pub struct BatchNorm2d<const C: usize, E: Dtype = f32, D: Storage<E> = Cpu> {
    /// `(C)`
    pub weight: Tensor<Rank1<C>, E, D>,
    /// `(C)`
    pub bias: Tensor<Rank1<C>, E, D>,
    /// `(C)`; not trained.
    pub running_mean: Tensor<Rank1<C>, E, D>,
    /// `(C)`; not trained.
    pub running_var: Tensor<Rank1<C>, E, D>,
}

impl<const C: usize, E: Dtype, D: Storage<E>> BatchNorm2d<C, E, D> {
    /// The options.
    pub const OPTIONS: Norm = Norm::new(NormKind::Batch2d { momentum: 0.1 });
}

impl<const C: usize, E: Dtype, D: Storage<E>, E2: FloatDtype, D2: Device<E2>> BuildOnDevice<D2, E2>
    for BatchNorm2d<C, E, D>
{
    type Built = BatchNorm2d<C, E2, D2>;
}

impl<const C: usize, E: FloatDtype, D: Device<E>> TensorCollection<E, D> for BatchNorm2d<C, E, D> {
    type To<E2: Dtype, D2: Device<E2>> = BatchNorm2d<C, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(
        visitor: &mut V,
    ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let ones = TensorOptions::reset_to_ones();
        let weight = Self::tensor("weight", |s| &s.weight, |s| &mut s.weight, ones);
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
        visitor.visit_fields(fields, |(weight, bias, running_mean, running_var)| BatchNorm2d {
            weight,
            bias,
            running_mean,
            running_var,
        })
    }
}

impl<const C: usize, E: FloatDtype, D: Backend<E>> Layer<E, D> for BatchNorm2d<C, E, D> {
    fn try_forward<T: Tape<E, D>>(&self, x: Flow<E, D, T>) -> Result<Flow<E, D, T>, Error> {
        let running = [&self.running_mean, &self.running_var];
        ops::batch_norm(x, &self.weight, &self.bias, running, &Self::OPTIONS)
    }

    fn try_forward_mut<T: Tape<E, D>>(&mut self, x: Flow<E, D, T>) -> Result<Flow<E, D, T>, Error> {
        let running = [&mut self.running_mean, &mut self.running_var];
        ops::batch_norm_train(x, &self.weight, &self.bias, running, &Self::OPTIONS)
    }
}

impl<const C: usize, E: Dtype, D: Storage<E>, S: Images> Takes<S> for BatchNorm2d<C, E, D>
where
    S::Channels: Channels<C>,
{
    type Output = S;
}

module!([C] BatchNorm2d<C, E, D>);
functions!([C] [E: FloatDtype, D: Backend<E>] [] BatchNorm2d<C, E, D>);

impl<const C: usize, E: FloatDtype, D: Backend<E>> BatchNorm2d<C, E, D> {
    /// Runs a batch of images or one image as in training.
    ///
    /// # Errors
    ///
    /// As [`BatchNorm2d::try_forward`].
    pub fn try_forward_mut<S: Shape, T: Tape<E, D>>(
        &mut self,
        x: Tensor<S, E, D, T>,
    ) -> Result<Tensor<S, E, D, T>, Error>
    where
        Self: Takes<S, Output = S>,
    {
        run::<Self, _, _, _, _>(x, |x| Layer::try_forward_mut(self, x))
    }
}

impl<const C: usize, S: Shape, E, D, T> ModuleMut<Tensor<S, E, D, T>> for BatchNorm2d<C, E, D>
where
    Self: Takes<S, Output = S>,
    E: FloatDtype,
    D: Backend<E>,
    T: Tape<E, D>,
{
    type Output = Tensor<S, E, D, T>;
    type Error = <D as HasErr>::Err;

    fn try_forward_mut(&mut self, x: Tensor<S, E, D, T>) -> Result<Self::Output, Self::Error> {
        self.try_forward_mut(x).map_err(D::device_error)
    }
}
