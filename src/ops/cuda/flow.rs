//! A batch on its way through a network.

use dfdx::prelude::*;

use super::recorder::Recorder;
use super::tensor::copy_gradient;
use super::{CudaElement, CudaOperations, Span};
use crate::error::{Dims, Error};
use crate::ops::device::{renewed, shape};
use crate::ops::erased::reshape;
use crate::ops::{Erased, FlowDevice};

/// A batch on `Cuda`.
pub struct CudaFlow<E: CudaElement, T> {
    batch: Batch<E>,
    /// The tapes of all that came in.
    tape: T,
}

/// What the operations take and give: compiled for each number type, whatever the tape.
pub enum Batch<E: CudaElement> {
    /// Without gradients.
    Plain(Erased<E, Cuda>),
    /// With what gradients need.
    Recorded(Erased<E, Cuda, Recorder<E>>),
}

/// Runs the same on the tensor of either kind of batch.
macro_rules! each_tape {
    ($batch:expr, $x:ident => $run:expr) => {
        match $batch {
            $crate::ops::cuda::Batch::Plain($x) => $crate::ops::cuda::Batch::Plain($run),
            $crate::ops::cuda::Batch::Recorded($x) => $crate::ops::cuda::Batch::Recorded($run),
        }
    };
}

pub(super) use each_tape;

impl<E: CudaOperations> FlowDevice<E> for Cuda
where
    Cuda: Device<E>,
{
    type Flow<T: Tape<E, Self>> = CudaFlow<E, T>;
    type Kept = Erased<E, Self>;

    fn in_order<S: Shape, T: Tape<E, Self>>(
        x: Tensor<S, E, Self, T>,
    ) -> Result<Tensor<S, E, Self, T>, Error> {
        let (x, tape) = x.split_tape();
        let copy = x.clone().try_contiguous().map_err(Error::device)?;
        if !T::OWNS_TAPE || Span::memory(&copy)?.is(Span::memory(&x)?) {
            return Ok(copy.put_tape(tape));
        }
        // dfdx's copy forgets part of the gradient of what is broadcast, but its sums don't.
        let zeros = x.device().try_zeros_like(x.shape()).map_err(Error::device)?;
        zeros.put_tape(tape).try_add(x).map_err(Error::device)
    }

    fn enter<T: Tape<E, Self>>(x: Erased<E, Self, T>) -> Result<CudaFlow<E, T>, Error> {
        let (x, tape) = x.split_tape();
        let batch = match T::OWNS_TAPE {
            true => Batch::Recorded(x.put_tape(Recorder::default())),
            false => Batch::Plain(x),
        };
        Ok(CudaFlow { batch, tape })
    }

    fn leave<T: Tape<E, Self>>(x: CudaFlow<E, T>) -> Result<Erased<E, Self, T>, Error> {
        let CudaFlow { batch, mut tape } = x;
        let y = match batch {
            Batch::Plain(y) => y,
            Batch::Recorded(y) => {
                let (y, recorder) = y.split_tape();
                let (ghost, device) = (y.ghost(), y.device().clone());
                tape.add_backward_op(move |grads| {
                    // The operations use up the gradients of what they made, but this one is the
                    // caller's.
                    let copy = copy_gradient::<E>(&device, grads.get_or_alloc_mut(&ghost)?)?;
                    recorder.run(grads)?;
                    *grads.get_or_alloc_mut(&ghost)? = copy;
                    Ok(())
                });
                y
            }
        };
        Ok(y.put_tape(tape))
    }

    fn dims<T: Tape<E, Self>>(x: &CudaFlow<E, T>) -> Dims {
        match &x.batch {
            Batch::Plain(x) => x.shape().concrete(),
            Batch::Recorded(x) => x.shape().concrete(),
        }
    }

    fn reshape<T: Tape<E, Self>>(x: CudaFlow<E, T>, dims: Dims) -> Result<CudaFlow<E, T>, Error> {
        x.then(|x| Ok(each_tape!(x, x => reshape(x, shape(dims))?)))
    }

    fn keep<T: Tape<E, Self>>(x: &CudaFlow<E, T>) -> Erased<E, Self> {
        match &x.batch {
            Batch::Plain(x) => x.clone(),
            Batch::Recorded(x) => x.retaped(),
        }
    }

    fn go_on_from<T: Tape<E, Self>>(
        x: CudaFlow<E, T>,
        kept: Erased<E, Self>,
    ) -> (Erased<E, Self>, CudaFlow<E, T>) {
        let CudaFlow { batch, tape } = x;
        let (result, batch) = match batch {
            Batch::Plain(x) => (x, Batch::Plain(kept)),
            Batch::Recorded(x) => {
                let (x, recorder) = x.split_tape();
                (x, Batch::Recorded(kept.put_tape(recorder)))
            }
        };
        (result, CudaFlow { batch, tape })
    }

    fn kept_dims(kept: &Erased<E, Self>) -> Dims {
        kept.shape().concrete()
    }

    fn kept_into_tensor(kept: Erased<E, Self>) -> Result<Erased<E, Self>, Error> {
        // Under an id of its own, so that no gradient of it becomes one of the network's.
        renewed(kept)
    }
}

impl<E: CudaElement, T: Tape<E, Cuda>> CudaFlow<E, T> {
    /// Runs an operation.
    pub fn then(
        self,
        operation: impl FnOnce(Batch<E>) -> Result<Batch<E>, Error>,
    ) -> Result<Self, Error> {
        Ok(CudaFlow { batch: operation(self.batch)?, tape: self.tape })
    }

    /// [`then`](CudaFlow::then), with another result.
    pub fn then_with<R>(
        self,
        operation: impl FnOnce(Batch<E>) -> Result<(Batch<E>, R), Error>,
    ) -> Result<(Self, R), Error> {
        let (batch, rest) = operation(self.batch)?;
        Ok((CudaFlow { batch, tape: self.tape }, rest))
    }

    /// Takes in a parameter, with what is on its tape.
    pub fn parameter(&mut self, t: Erased<E, Cuda, T>) -> Erased<E, Cuda> {
        let (t, tape) = t.split_tape();
        self.tape = std::mem::take(&mut self.tape).merge(tape);
        t
    }
}
