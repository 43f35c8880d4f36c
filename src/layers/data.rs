//! Training on data, whose own gradient is of no use.

use dfdx::nn::ModuleMut;
use dfdx::prelude::*;

use super::Layer;
use crate::ops::{Backend, Flow};
use crate::{Error, FloatDtype, network};

/// Runs networks as in training on batches of data.
///
/// ```
/// use shapewright::prelude::*;
///
/// net! {
///     struct Net: [1, 8, 8] -> [2] { Conv2d(4, kernel = 3), ReLU, Flatten, Linear(2) }
/// }
///
/// let dev = Cpu::default();
/// let mut net = dev.build_module::<Net, f32>();
/// let images: Tensor<Rank4<16, 1, 8, 8>, f32, _> = dev.sample_normal();
/// let labels = [0, 1].repeat(8);
/// let gradients = net.alloc_grads();
///
/// let logits = net.forward_data(images, gradients);
/// let gradients = cross_entropy(logits, &labels)?.backward();
/// # Ok::<_, shapewright::Error>(())
/// ```
pub trait ForwardData<E: FloatDtype, D: Backend<E>>: Layer<E, D> {
    /// `forward_mut(x.traced(gradients))` without the gradient of `x` itself, which takes a part of
    /// the time of a training step that no other layer's gradient needs. On `Cpu` there is none of
    /// it after the backward pass.
    ///
    /// # Panics
    ///
    /// If the device is out of memory.
    #[track_caller]
    fn forward_data<I: Shape, O: Shape>(
        &mut self,
        x: Tensor<I, E, D>,
        gradients: Gradients<E, D>,
    ) -> Tensor<O, E, D, OwnedTape<E, D>>
    where
        Self:
            ModuleMut<Tensor<I, E, D, OwnedTape<E, D>>, Output = Tensor<O, E, D, OwnedTape<E, D>>>,
    {
        network::expect(self.try_forward_data(x, gradients))
    }

    /// [`ForwardData::forward_data`].
    ///
    /// # Errors
    ///
    /// If the device is out of memory.
    fn try_forward_data<I: Shape, O: Shape>(
        &mut self,
        x: Tensor<I, E, D>,
        gradients: Gradients<E, D>,
    ) -> Result<Tensor<O, E, D, OwnedTape<E, D>>, Error>
    where
        Self:
            ModuleMut<Tensor<I, E, D, OwnedTape<E, D>>, Output = Tensor<O, E, D, OwnedTape<E, D>>>,
    {
        let x = network::batched(x.traced(gradients), true)?;
        let y = Layer::try_forward_mut(self, Flow::enter_data(x)?)?.leave()?;
        network::restore(y, true, O::NUM_DIMS - 1)
    }
}

impl<E: FloatDtype, D: Backend<E>, L: Layer<E, D> + ?Sized> ForwardData<E, D> for L {}
