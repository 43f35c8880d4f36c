//! Trained networks as inference engines for the CPU.
//!
//! ```
//! use shapewright::prelude::*;
//!
//! net! {
//!     struct Net: [3, 32, 32] -> [10] {
//!         Conv2d(8, kernel = 3, bias = false),
//!         BatchNorm2d,
//!         ReLU,
//!         GlobalAvgPool2d,
//!         Linear(10),
//!     }
//! }
//!
//! let dev = Cpu::default();
//! let net = dev.build_module::<Net, f32>();
//! let engine = net.freeze()?;
//!
//! let images: Tensor<Rank4<16, 3, 32, 32>, f32, _> = dev.sample_normal();
//! let logits: Tensor<Rank2<16, 10>, f32, _> = engine.forward(images.clone());
//! let expected = net.forward(images).as_vec();
//! assert!(logits.as_vec().iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5));
//!
//! // Without tensors, in memory that is kept from run to run:
//! let (image, mut logits) = (vec![0.5; 3 * 32 * 32], [0.0; 10]);
//! engine.run(1, &image, &mut logits)?;
//! # Ok::<_, shapewright::Error>(())
//! ```
//!
//! What is known of a network that no longer changes is used once and for all: batch normalisations
//! go into the weights before them, sums and ReLUs are taken while a layer stores its results,
//! weights are packed for the kernels that multiply with them, and the place of every value in
//! memory is planned. The results are those of `forward` up to rounding.

mod fuse;
mod graph;
mod kernel;
mod plan;
mod program;

use std::any::type_name;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use dfdx::prelude::*;

use crate::Error;
use crate::layers::Layer;
use crate::network::{self, FloatDtype};
use crate::ops::cpu::{elements, trace};
use crate::ops::{Backend, CpuOperations, FlowDevice};

pub(crate) use program::Program;

/// The numbers that networks can be frozen with: `f32` and `f64`.
pub trait Element: FloatDtype + CpuOperations {}
impl Element for f32 {}
impl Element for f64 {}

/// The network `N` for inference on the CPU; [`freeze`](self) makes it.
///
/// It is `Send + Sync`: threads can share one. Clones share their weights and plans. It holds its
/// own copy of the weights, so the network can be trained on or dropped.
///
/// Batches of a size are planned when the first of them comes, or before by [`Frozen::prepare`]. The
/// plans for the last eight sizes are kept, and one memory for all of them, as large as the largest
/// batch needed.
pub struct Frozen<N, E: Element = f32> {
    program: Arc<Program<E>>,
    /// Of one input and of one output, without the batch.
    dims: [Vec<usize>; 2],
    network: PhantomData<fn() -> N>,
}

/// That a frozen network takes a batch, or an input without one, of the shape `I`: what the network
/// itself takes. [`net!`](crate::net!) implements it.
#[diagnostic::on_unimplemented(
    message = "a frozen `{Self}` does not take the shape `{I}`",
    label = "of another shape than the input of this network"
)]
pub trait Accepts<I: Shape, E: Element> {
    /// The shape of what comes out.
    type Output: Shape;
}

impl<N, E: Element> Frozen<N, E>
where
    Cpu: Backend<E>,
{
    /// Freezes a layer for inputs of the shape `input`, without the batch: `[channels, height,
    /// width]`, `[channels, length]` or `[features]`. Networks have the method `freeze`.
    ///
    /// # Errors
    ///
    /// If the layer does not take such an input, or does not consist of operations of
    /// [`ops`](crate::ops) alone: a layer of one's own that leaves the flow for other operations
    /// can't be frozen.
    pub fn new(layer: &N, input: &[usize]) -> Result<Self, Error>
    where
        N: Layer<E, Cpu>,
    {
        let [c, h, w] = match *input {
            [f] => [f, 1, 1],
            [c, l] => [c, 1, l],
            [c, h, w] => [c, h, w],
            _ => return Err(Error::Rank { shape: input.to_vec() }),
        };
        let dims = [1, c, h, w];
        let frozen = trace(dims, |x| layer.try_forward(x))?.and_then(|(trace, value, output)| {
            let [_, c, h, w] = output;
            Some((E::freeze(dims, trace, value)?, [c, h, w]))
        });
        let (program, output) =
            frozen.ok_or_else(|| Error::NotFrozen { layer: type_name::<N>() })?;
        Ok(Frozen {
            program: Arc::new(program),
            dims: [input.to_vec(), output.to_vec()],
            network: PhantomData,
        })
    }
}

impl<N, E: Element> Frozen<N, E>
where
    Cpu: Backend<E>,
{
    /// Evaluates a batch, or one input without a batch.
    ///
    /// # Panics
    ///
    /// If the input has another size than the network was frozen for, where the size is not in the
    /// type.
    #[track_caller]
    pub fn forward<I: Shape>(&self, x: Tensor<I, E, Cpu>) -> Tensor<N::Output, E, Cpu>
    where
        N: Accepts<I, E>,
    {
        network::expect(self.try_forward(x))
    }

    /// Evaluates a batch, or one input without a batch.
    ///
    /// # Errors
    ///
    /// If the input has another size than the network was frozen for, where the size is not in the
    /// type.
    pub fn try_forward<I: Shape>(
        &self,
        x: Tensor<I, E, Cpu>,
    ) -> Result<Tensor<N::Output, E, Cpu>, Error>
    where
        N: Accepts<I, E>,
    {
        let shape: Vec<usize> = x.shape().concrete().into();
        let [input, output] = &self.dims;
        let batch = match shape.strip_suffix(&input[..]) {
            Some([]) => None,
            Some(&[batch]) => Some(batch),
            _ => return Err(Error::FrozenInput { input: shape, expected: input.clone() }),
        };
        let (count, x) = (batch.unwrap_or(1), network::batched(x, batch.is_some())?);
        let x = if count == 0 { x } else { Cpu::in_order(x)? };
        let mut y = vec![E::default(); count * output.iter().product::<usize>()];
        E::run_frozen(&self.program, count, elements(&x), &mut y);
        let [c, h, w] = output[..] else { return Err(Error::Rank { shape: output.clone() }) };
        let y = x.device().try_tensor_from_vec(y, (count, c, h, w))?;
        let rank = <N::Output as Shape>::NUM_DIMS - usize::from(batch.is_some());
        network::restore(y, batch.is_some(), rank)
    }

    /// Evaluates `batch` inputs one after another in `x`, each in the order of a tensor's elements,
    /// to as many outputs in `y`. After the first time with this `batch`, nothing is allocated,
    /// but for tables of transposed convolutions, a few thousand bytes each.
    ///
    /// # Errors
    ///
    /// If `x` or `y` is not as long as that.
    pub fn run(&self, batch: usize, x: &[E], y: &mut [E]) -> Result<(), Error> {
        for (slice, dims, got) in [("x", &self.dims[0], x.len()), ("y", &self.dims[1], y.len())] {
            let one = dims.iter().product();
            if batch.checked_mul(one) != Some(got) {
                return Err(Error::FrozenSlice { slice, batch, one, got });
            }
        }
        E::run_frozen(&self.program, batch, x, y);
        Ok(())
    }

    /// Plans for batches of this size, so that not even the first of them has to wait for it.
    pub fn prepare(&self, batch: usize) {
        E::prepare_frozen(&self.program, batch);
    }
}

impl<N, E: Element> Clone for Frozen<N, E> {
    fn clone(&self) -> Self {
        Frozen { program: self.program.clone(), dims: self.dims.clone(), network: PhantomData }
    }
}

/// The shapes, not the weights.
impl<N, E: Element> fmt::Debug for Frozen<N, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frozen({:?} -> {:?})", self.dims[0], self.dims[1])
    }
}
