//! Networks on dfdx's `Cpu`: buffers between the operations, and one operation on the tape.

mod backward;
mod buffer;
mod compiled;
mod kept;
mod parameter;
mod trace;
mod weighted;

use std::rc::Rc;

use dfdx::prelude::*;

pub use backward::Backward;
pub use buffer::{Buffer, CpuElement};
pub use compiled::CpuOperations;
pub use kept::CpuKept;
pub use parameter::{Parameter, elements, elements_mut, is_contiguous};
pub use trace::{Trace, TracedOp, Weights, trace};
pub use weighted::{Kernels, weighted};

use backward::Step;

use super::{Erased, FlowDevice};
use crate::error::{Dims, Error};

/// A batch on `Cpu`.
pub struct CpuFlow<E: CpuElement, T> {
    batch: Batch<E>,
    /// The tapes of all that came in.
    tape: T,
}

/// What the operations take and give: compiled for each number type, whatever the tape.
pub struct Batch<E: CpuElement> {
    /// Its elements and their shape.
    value: Value<E>,
    /// What has happened to it since it entered.
    history: History<E>,
}

/// The elements of a batch. Operations that need them again for the gradient share them, and so
/// do the branches of a network.
#[derive(Clone)]
pub struct Value<E: CpuElement> {
    pub dims: Dims,
    pub data: Rc<Buffer<E>>,
    /// Which of the network's values it is, counted from its input.
    node: usize,
}

/// What has been recorded, to be put on the tape at the end.
pub struct History<E: CpuElement> {
    entry: Rc<Entry<E>>,
    /// Whether there is a tape.
    records: bool,
    /// The operations in order; none without a tape.
    steps: Vec<Step<E>>,
    nodes: usize,
    /// The operations as descriptions, where those are what the batch is for.
    trace: Option<Trace<E>>,
}

/// Where a batch entered. Each has one of its own, so it tells the values of one history from
/// those of another.
struct Entry<E: CpuElement> {
    device: Cpu,
    /// Of the tensor that entered; none of data.
    input: Option<Gradient<E>>,
}

/// Finds the gradient of a tensor, whose type dfdx keeps to itself.
pub type Gradient<E> =
    Box<dyn for<'a> Fn(&'a mut Gradients<E, Cpu>) -> Result<&'a mut [E], CpuError>>;

impl<E: CpuOperations> FlowDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    type Flow<T: Tape<E, Self>> = CpuFlow<E, T>;
    type Kept = CpuKept<E>;

    fn enter<T: Tape<E, Self>>(x: Erased<E, Self, T>) -> Result<CpuFlow<E, T>, Error> {
        let input = gradient(&x);
        Ok(enter(x, Some(input)))
    }

    fn enter_data<T: Tape<E, Self>>(x: Erased<E, Self, T>) -> Result<CpuFlow<E, T>, Error> {
        Ok(enter(x, None))
    }

    fn leave<T: Tape<E, Self>>(x: CpuFlow<E, T>) -> Result<Erased<E, Self, T>, Error> {
        leave(x)
    }

    fn dims<T: Tape<E, Self>>(x: &CpuFlow<E, T>) -> Dims {
        x.batch.value.dims
    }

    fn reshape<T: Tape<E, Self>>(mut x: CpuFlow<E, T>, dims: Dims) -> Result<CpuFlow<E, T>, Error> {
        // In memory, and so in the gradient, nothing changes.
        x.batch.value.dims = dims;
        Ok(x)
    }

    fn keep<T: Tape<E, Self>>(x: &CpuFlow<E, T>) -> CpuKept<E> {
        x.keep()
    }

    fn go_on_from<T: Tape<E, Self>>(
        x: CpuFlow<E, T>,
        kept: CpuKept<E>,
    ) -> (CpuKept<E>, CpuFlow<E, T>) {
        x.go_on_from(kept)
    }

    fn kept_dims(kept: &CpuKept<E>) -> Dims {
        kept.dims()
    }

    fn kept_into_tensor(kept: CpuKept<E>) -> Result<Erased<E, Self>, Error> {
        kept.into_tensor()
    }
}

// Outside of the implementation, whose bound on `Cpu` would hide what its gradients are made of.
fn enter<E: CpuElement, T: Tape<E, Cpu>>(
    x: Erased<E, Cpu, T>,
    input: Option<Gradient<E>>,
) -> CpuFlow<E, T> {
    let (x, tape) = x.split_tape();
    let entry = Rc::new(Entry { device: x.device().clone(), input });
    let value = Value { dims: x.shape().concrete(), data: Rc::new(Buffer::lent(x)), node: 0 };
    let history =
        History { entry, records: T::OWNS_TAPE, steps: Vec::new(), nodes: 1, trace: None };
    CpuFlow { batch: Batch { value, history }, tape }
}

fn leave<E: CpuOperations, T: Tape<E, Cpu>>(x: CpuFlow<E, T>) -> Result<Erased<E, Cpu, T>, Error> {
    let CpuFlow { batch: Batch { value, history }, mut tape } = x;
    let node = value.node;
    let y = value.into_tensor(history.device())?;
    let ghost = y.ghost();
    tape.add_backward_op(move |grads| {
        let gy = grads.get_or_alloc_mut(&ghost)?;
        let mut copy = Buffer::stale(gy.len());
        copy.copy_from_slice(gy);
        E::backward(history, node, copy, grads)
    });
    Ok(y.put_tape(tape))
}

impl<E: CpuElement, T: Tape<E, Cpu>> CpuFlow<E, T> {
    /// Runs an operation.
    pub fn then(self, operation: impl FnOnce(Batch<E>) -> Batch<E>) -> Self {
        CpuFlow { batch: operation(self.batch), tape: self.tape }
    }

    /// Takes in a parameter, with what is on its tape.
    pub fn parameter(&mut self, t: Erased<E, Cpu, T>) -> Parameter<E> {
        let (t, tape) = t.split_tape();
        self.tape = std::mem::take(&mut self.tape).merge(tape);
        Parameter::new(t)
    }
}

impl<E: CpuElement> Batch<E> {
    /// Its shape.
    pub fn dims(&self) -> Dims {
        self.value.dims
    }

    /// The batch itself, and the rest to go on with.
    pub fn split(self) -> (Value<E>, History<E>) {
        (self.value, self.history)
    }
}

impl<E: CpuElement> History<E> {
    /// Goes on with what an operation made of the value `x`. `backward` is given the gradient of
    /// the result, to use or to change, and everything it may add to.
    pub fn record(
        mut self,
        x: usize,
        dims: Dims,
        y: Rc<Buffer<E>>,
        backward: impl FnOnce(Buffer<E>, &mut Backward<E>) -> Result<(), CpuError> + 'static,
    ) -> Batch<E> {
        debug_assert!(x < self.nodes);
        let node = self.nodes;
        self.nodes += 1;
        if self.records {
            self.steps.push(Step { node, backward: Box::new(backward) });
        }
        Batch { value: Value { dims, data: y, node }, history: self }
    }

    /// Whether anything is kept for the gradient.
    pub fn records(&self) -> bool {
        self.records
    }

    /// The device, for its random numbers.
    pub fn device(&self) -> &Cpu {
        &self.entry.device
    }
}

impl<E: CpuElement> Value<E> {
    /// For [`History::record`] and [`Backward`].
    pub fn node(&self) -> usize {
        self.node
    }

    fn into_tensor(self, device: &Cpu) -> Result<Erased<E, Cpu>, Error> {
        let [b, c, h, w] = self.dims;
        let data = match Rc::try_unwrap(self.data) {
            Ok(buffer) => buffer.into_vec(),
            Err(shared) => shared.to_vec(),
        };
        Ok(device.try_tensor_from_vec(data, (b, c, h, w))?)
    }
}

fn gradient<E: CpuElement, T>(t: &Erased<E, Cpu, T>) -> Gradient<E> {
    let ghost = t.ghost();
    Box::new(move |grads| Ok(grads.get_or_alloc_mut(&ghost)?))
}
