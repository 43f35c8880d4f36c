//! A value on the way through a network that is used more than once.

use std::fmt;

use dfdx::prelude::*;

use super::erased::Erased;
use super::flow::FlowDevice;
use crate::error::{Dims, Error};

/// A batch as it was somewhere in a network, kept by [`Flow::keep`](super::Flow::keep): branches
/// start from it, and [`add`](super::add()) and [`concat`](super::concat()) join it.
///
/// It has no tape. Its gradient is that of the flow that it was kept in, and the gradients of all
/// its uses there add up.
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops::{self, Flow};
/// use shapewright_shape::Activation;
///
/// let dev = Cpu::default();
/// let x = ops::erase(dev.tensor([[-1.0, 2.0]]))?;
/// let flow = Flow::enter(x.leaky_trace())?;
///
/// // relu(x) + tanh(x) + x
/// let kept = flow.keep();
/// let flow = ops::activation(flow, Activation::ReLU)?;
/// let (relu, flow) = flow.go_on_from(kept.clone());
/// let flow = ops::activation(flow, Activation::Tanh)?;
/// let y = ops::add(ops::add(flow, relu)?, kept)?.leave()?;
///
/// assert_eq!(y.as_vec(), [f64::tanh(-1.0) - 1.0, f64::tanh(2.0) + 4.0]);
/// let slope = |x: f64| 1.0 - x.tanh() * x.tanh();
/// assert_eq!(y.sum().backward().get(&x).as_vec(), [slope(-1.0) + 1.0, slope(2.0) + 2.0]);
/// # Ok::<_, shapewright::Error>(())
/// ```
pub struct Kept<E: Dtype, D: FlowDevice<E>>(pub(super) D::Kept);

impl<E: Dtype, D: FlowDevice<E>> Kept<E, D> {
    /// `(batch, channels, height, width)`.
    pub fn dims(&self) -> Dims {
        D::kept_dims(&self.0)
    }

    /// The batch as a tensor of its own, through which no gradient reaches the network.
    ///
    /// # Errors
    ///
    /// If the device is out of memory.
    pub fn into_tensor(self) -> Result<Erased<E, D>, Error> {
        D::kept_into_tensor(self.0)
    }
}

impl<E: Dtype, D: FlowDevice<E>> Clone for Kept<E, D> {
    fn clone(&self) -> Self {
        Kept(self.0.clone())
    }
}

/// The shape, not the elements.
impl<E: Dtype, D: FlowDevice<E>> fmt::Debug for Kept<E, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kept({:?})", self.dims())
    }
}
