//! What `net!` generates code against: a network's description, and the border between the
//! typed tensors outside and the erased ones inside.

mod activations;
mod dims;
mod takes;

pub use activations::{Rank, Ranked, activation};
pub use dims::{BiasDim, OutputDim, WeightDim};
pub use takes::{TakesChannels, TakesImages, TakesSequences, TakesVectors};

use dfdx::prelude::*;
use rand_distr::uniform::SampleUniform;

use crate::Error;
use crate::number::Number;
use crate::ops::{Erased, Flow, FlowDevice};
use crate::shape;

/// The number types of parameters: `f32` and `f64`.
pub trait FloatDtype: Dtype + num_traits::Float + SampleUniform + Number {}
impl FloatDtype for f32 {}
impl FloatDtype for f64 {}

/// A network that was declared with [`net!`](crate::net!), or a layer of the user's own that works
/// in one by its path.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no network declared with `net!`, and no layer that says by `Declared` \
               what it does to shapes",
    label = "not a network or layer",
    note = "examples/own_layer.rs shows what a layer of one's own needs"
)]
pub trait Declared: 'static {
    /// Its input, steps and declared output.
    const NETWORK: shape::Network<'static>;
}

/// A network whose step `STEP` has a weight and a bias.
pub trait WeightAt<const STEP: usize>: Declared {
    /// The shape of the weight.
    type Weight: ConstShape;
    /// The shape of the bias: the outputs, or that of the weight of a normalisation.
    type Bias: ConstShape;
}

/// Fails to be evaluated, with the mistake in words, if there is one in the network: what a network
/// says in its methods whose const parameters are known only where they are called.
///
/// ```
/// use shapewright::prelude::*;
///
/// net! { struct Filter<const K: usize>: [8, 8, 8] -> [8, _, _] { Conv2d(8, kernel = K) } }
///
/// const _: () = shapewright::network::check::<Filter<3>>();
/// ```
#[track_caller]
pub const fn check<N: Declared>() {
    if let Err(mistake) = N::NETWORK.check() {
        let text = shape::words::explain(&N::NETWORK, &mistake);
        panic!("{}", text.as_str());
    }
}

/// Runs an erased network on a typed tensor: `x`, a batch or one input, is seen as
/// `(batch, channels, height, width)`, and the result, of `rank` dimensions beside the batch, gets
/// the shape `O`. Neither moves an element of a contiguous tensor.
///
/// # Errors
///
/// What `run` returns, and an output of another size than the type says: only a size that is not
/// known to the compiler, or a layer that is not what it says, can give one.
pub fn typed<E, D, T, I, O>(
    x: Tensor<I, E, D, T>,
    batched: bool,
    rank: usize,
    run: impl FnOnce(Flow<E, D, T>) -> Result<Flow<E, D, T>, Error>,
) -> Result<Tensor<O, E, D, T>, Error>
where
    E: Dtype,
    D: FlowDevice<E>,
    T: Tape<E, D>,
    I: Shape,
    O: Shape,
{
    restore(run(Flow::enter(self::batched(x, batched)?)?)?.leave()?, batched, rank)
}

/// `x`, a batch or one input, as `(batch, channels, height, width)`, contiguous unless that moves
/// no element.
pub(crate) fn batched<E: Dtype, D: Device<E>, T: Tape<E, D>, I: Shape>(
    x: Tensor<I, E, D, T>,
    batched: bool,
) -> Result<Erased<E, D, T>, Error> {
    let mut shape: Vec<usize> = x.shape().concrete().into();
    if !batched {
        shape.insert(0, 1);
    }
    let dims = match *shape {
        [b, f] => (b, f, 1, 1),
        [b, c, l] => (b, c, 1, l),
        [b, c, h, w] => (b, c, h, w),
        _ => return Err(Error::Rank { shape }),
    };
    x.try_reshape_like(&dims).map_err(Error::device)
}

/// Gives an erased tensor, which is a batch of one if not `batched`, a shape with a type: `rank`
/// dimensions beside the batch.
pub(crate) fn restore<E: Dtype, D: FlowDevice<E>, T: Tape<E, D>, O: Shape>(
    y: Erased<E, D, T>,
    batched: bool,
    rank: usize,
) -> Result<Tensor<O, E, D, T>, Error> {
    let got = y.shape().concrete();
    let [b, c, h, w] = got;
    let one: &[usize] = match rank {
        1 => &[c],
        2 => &[c, w],
        _ => &[c, h, w],
    };
    let mut concrete = O::Concrete::default();
    for (i, &n) in batched.then_some(&b).into_iter().chain(one).enumerate() {
        concrete[i] = n;
    }
    let shape = O::from_concrete(&concrete).ok_or(Error::Output { got })?;
    crate::ops::restore(y, shape)
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
