//! A batch on its way through a network.

use std::fmt;

use dfdx::prelude::*;

use super::erased::{Erased, contiguous};
use super::kept::Kept;
use crate::error::{Dims, Error};

/// A batch of feature maps on its way through a network: `(batch, channels, height, width)`.
///
/// It is what layers take and give. A device keeps it as suits it ([`FlowDevice`]): on `Cpu` it
/// is a plain buffer, and all operations between entering and leaving are *one* operation on
/// dfdx's tape, so that nothing is copied between them and no gradient in between is a tensor.
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops::{self, Flow};
/// use shapewright_shape::{Activation, Pool2d};
///
/// let dev = Cpu::default();
/// let x = ops::erase(dev.tensor([[[[-1.0, 2.0], [3.0, -4.0]]]]))?;
/// let flow = Flow::enter(x.leaky_trace())?;
/// let flow = ops::activation(flow, Activation::ReLU)?;
/// let flow = ops::pool2d(flow, &Pool2d::avg([2, 2]))?;
/// let y = flow.leave()?;
/// assert_eq!(y.as_vec(), [1.25]);
/// assert_eq!(y.sum().backward().get(&x).as_vec(), [0.0, 0.25, 0.25, 0.0]);
/// # Ok::<_, shapewright::Error>(())
/// ```
pub struct Flow<E: Dtype, D: FlowDevice<E>, T: Tape<E, D> = NoneTape>(pub(super) D::Flow<T>);

/// A device that runs networks: how a batch is kept between its operations.
pub trait FlowDevice<E: Dtype>: Device<E> {
    /// The batch, and what its gradient will need.
    type Flow<T: Tape<E, Self>>;

    /// A value on the way, without the history that led to it. Cheap to clone.
    type Kept: Clone;

    /// A contiguous tensor of the same elements, of which there are some.
    fn in_order<S: Shape, T: Tape<E, Self>>(
        x: Tensor<S, E, Self, T>,
    ) -> Result<Tensor<S, E, Self, T>, Error> {
        x.try_contiguous().map_err(Error::device)
    }

    /// From a contiguous tensor.
    fn enter<T: Tape<E, Self>>(x: Erased<E, Self, T>) -> Result<Self::Flow<T>, Error>;

    /// [`enter`](FlowDevice::enter) of a batch whose own gradient nobody asks for, so that it need
    /// not be computed.
    fn enter_data<T: Tape<E, Self>>(x: Erased<E, Self, T>) -> Result<Self::Flow<T>, Error> {
        Self::enter(x)
    }

    /// To a tensor; what happened since [`enter`](FlowDevice::enter) goes on its tape.
    fn leave<T: Tape<E, Self>>(x: Self::Flow<T>) -> Result<Erased<E, Self, T>, Error>;

    /// `(batch, channels, height, width)`.
    fn dims<T: Tape<E, Self>>(x: &Self::Flow<T>) -> Dims;

    /// The same elements in another shape with as many of them.
    fn reshape<T: Tape<E, Self>>(x: Self::Flow<T>, dims: Dims) -> Result<Self::Flow<T>, Error>;

    /// The value as it is now.
    fn keep<T: Tape<E, Self>>(x: &Self::Flow<T>) -> Self::Kept;

    /// The value as it is now, and a flow of the same history that has the value `kept`.
    fn go_on_from<T: Tape<E, Self>>(
        x: Self::Flow<T>,
        kept: Self::Kept,
    ) -> (Self::Kept, Self::Flow<T>);

    /// `(batch, channels, height, width)`.
    fn kept_dims(kept: &Self::Kept) -> Dims;

    /// To a tensor that nothing is recorded for.
    fn kept_into_tensor(kept: Self::Kept) -> Result<Erased<E, Self>, Error>;
}

impl<E: Dtype, D: FlowDevice<E>, T: Tape<E, D>> Flow<E, D, T> {
    /// Takes a tensor into a network.
    ///
    /// # Errors
    ///
    /// Sizes that no memory holds, which a broadcast tensor can have.
    pub fn enter(x: Erased<E, D, T>) -> Result<Self, Error> {
        let (x, _) = contiguous("network", x)?;
        D::enter(x).map(Flow)
    }

    /// Takes a batch of data into a network: a tensor whose own gradient nobody will ask for, so
    /// that it need not be computed. On `Cpu` it is not; there is none of it then.
    ///
    /// # Errors
    ///
    /// As [`Flow::enter`].
    pub fn enter_data(x: Erased<E, D, T>) -> Result<Self, Error> {
        let (x, _) = contiguous("network", x)?;
        D::enter_data(x).map(Flow)
    }

    /// Gives a tensor back.
    ///
    /// # Errors
    ///
    /// If the device is out of memory.
    pub fn leave(self) -> Result<Erased<E, D, T>, Error> {
        D::leave(self.0)
    }

    /// `(batch, channels, height, width)`.
    pub fn dims(&self) -> Dims {
        D::dims(&self.0)
    }

    /// The batch as it is now, to start another branch from or to join with one. It shares the
    /// elements, which stay what they are.
    pub fn keep(&self) -> Kept<E, D> {
        Kept(D::keep(&self.0))
    }

    /// Ends a branch and starts another: what this branch gave, and a flow that goes on from
    /// `kept`, with everything that has happened so far in its history.
    ///
    /// A value that was kept in another flow is a constant here: it gets no gradient.
    pub fn go_on_from(self, kept: Kept<E, D>) -> (Kept<E, D>, Self) {
        let (result, flow) = D::go_on_from(self.0, kept.0);
        (Kept(result), Flow(flow))
    }
}

/// The shape, not the elements.
impl<E: Dtype, D: FlowDevice<E>, T: Tape<E, D>> fmt::Debug for Flow<E, D, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Flow({:?})", self.dims())
    }
}

/// The flow of an operand.
pub type FlowOf<X> = Flow<<X as Operand>::E, <X as Operand>::D, <X as Operand>::T>;

/// What an operation takes and gives back: a [`Flow`], or an [`Erased`] tensor, which enters and
/// leaves with the one operation.
pub trait Operand: Sized {
    /// The number type.
    type E: Dtype;
    /// Where it lives.
    type D: FlowDevice<Self::E>;
    /// What records its gradients.
    type T: Tape<Self::E, Self::D>;

    /// As a flow.
    ///
    /// # Errors
    ///
    /// As [`Flow::enter`].
    fn into_flow(self) -> Result<FlowOf<Self>, Error>;

    /// Back again.
    ///
    /// # Errors
    ///
    /// As [`Flow::leave`].
    fn from_flow(flow: FlowOf<Self>) -> Result<Self, Error>;
}

impl<E: Dtype, D: FlowDevice<E>, T: Tape<E, D>> Operand for Flow<E, D, T> {
    type E = E;
    type D = D;
    type T = T;

    fn into_flow(self) -> Result<Self, Error> {
        Ok(self)
    }

    fn from_flow(flow: Self) -> Result<Self, Error> {
        Ok(flow)
    }
}

impl<E: Dtype, D: FlowDevice<E>, T: Tape<E, D>> Operand for Erased<E, D, T> {
    type E = E;
    type D = D;
    type T = T;

    fn into_flow(self) -> Result<Flow<E, D, T>, Error> {
        Flow::enter(self)
    }

    fn from_flow(flow: Flow<E, D, T>) -> Result<Self, Error> {
        flow.leave()
    }
}
