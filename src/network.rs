//! What `net!` generates code against: a network's description, and the border between the
//! typed tensors outside and the erased ones inside.

use std::marker::PhantomData;

use dfdx::prelude::*;
use dfdx::shapes::ConstDim;
use rand_distr::uniform::SampleUniform;

use crate::Error;
use crate::ops::{Flow, FlowDevice};
use crate::shape;
use crate::weights::Stored;

/// The number types of parameters: `f32` and `f64`.
pub trait FloatDtype: Dtype + num_traits::Float + SampleUniform + Stored {}
impl FloatDtype for f32 {}
impl FloatDtype for f64 {}

/// A network that was declared with [`net!`](crate::net), or a layer of the user's own that works
/// in one by its path.
pub trait Declared: Copy + Clone + std::fmt::Debug + PartialEq + Eq + Send + Sync + 'static {
    /// Its input, steps and declared output.
    const NETWORK: shape::Network<'static>;
}

/// A network whose step `STEP` has a weight and a bias.
pub trait WeightAt<const STEP: usize>: Declared {
    /// The shape of the weight.
    type Weight: ConstShape;
    /// The shape of the bias: the outputs.
    type Bias: ConstShape;
}

/// Dimension `AXIS` of the weight at step `STEP` of a network whose const parameters decide on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WeightDim<N, const STEP: usize, const AXIS: usize>(PhantomData<fn() -> N>);

/// The length of the bias at step `STEP` of a network whose const parameters decide on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BiasDim<N, const STEP: usize>(PhantomData<fn() -> N>);

/// Dimension `AXIS` of the output of a network whose const parameters decide on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutputDim<N, const AXIS: usize>(PhantomData<fn() -> N>);

macro_rules! const_dim {
    ($Name:ident<$($param:ident),*>, $size:expr) => {
        impl<N: Declared, $(const $param: usize),*> Dim for $Name<N, $($param),*> {
            fn size(&self) -> usize {
                Self::SIZE
            }

            fn from_size(size: usize) -> Option<Self> {
                (size == Self::SIZE).then_some($Name(PhantomData))
            }
        }

        impl<N: Declared, $(const $param: usize),*> ConstDim for $Name<N, $($param),*> {
            const SIZE: usize = $size;
        }
    };
}

const_dim!(WeightDim<STEP, AXIS>, match N::NETWORK.weight_and_bias(STEP) {
    Some(weight) if AXIS < weight.dims().len() => weight.dims()[AXIS],
    _ => 1,
});
const_dim!(BiasDim<STEP>, match N::NETWORK.weight_and_bias(STEP) {
    Some(weight) => weight.bias,
    None => 1,
});
const_dim!(OutputDim<AXIS>, N::NETWORK.output_or_declared().dim(AXIS));

/// Runs an erased network on a typed tensor: `x` is seen as `(batch, dims)`, and the result gets
/// the shape `output`. Neither moves an element of a contiguous tensor.
///
/// # Errors
///
/// What `run` returns, and an output of another size than declared, which only a layer that is
/// not what it says can give.
pub fn typed<E, D, T, I, O>(
    x: Tensor<I, E, D, T>,
    batch: usize,
    (c, h, w): (usize, usize, usize),
    output: O,
    run: impl FnOnce(Flow<E, D, T>) -> Result<Flow<E, D, T>, Error>,
) -> Result<Tensor<O, E, D, T>, Error>
where
    E: Dtype,
    D: FlowDevice<E>,
    T: Tape<E, D>,
    I: Shape,
    O: Shape,
{
    let x = x.try_reshape_like(&(batch, c, h, w)).map_err(Error::device)?;
    crate::ops::restore(run(Flow::enter(x)?)?.leave()?, output)
}

/// The result of a `forward` that has no `Err` to return.
///
/// # Panics
///
/// With the error's sentence, if there is one.
#[track_caller]
pub fn expect<T>(result: Result<T, Error>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}
