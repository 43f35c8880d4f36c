//! The composed route, which any device has, and the one that a device takes by itself, against
//! `Cpu`'s own kernels.

mod activations;
mod branches;
mod convolutions;
mod norms;
mod pools;
mod resizes;

use std::fmt::Debug;

use dfdx::prelude::*;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::cpu::CpuOperations;
use super::{Backend, Erased};
use crate::error::{Dims, Error};

/// Runs each test for both number types on each device.
macro_rules! on_each_device {
    ($($module:ident::$test:ident)*) => {$(
        #[test]
        fn $test() {
            $module::$test::<f32, Cpu>();
            $module::$test::<f64, Cpu>();
            #[cfg(feature = "cuda")]
            {
                $module::$test::<f32, Cuda>();
                $module::$test::<f64, Cuda>();
            }
        }
    )*};
}

on_each_device! {
    activations::elementwise
    activations::gelu_without_a_tape
    activations::softmaxes
    activations::dropouts
    activations::dropout_of_infinities
    branches::a_value_joined_with_itself
    branches::branches_of_a_flow
    branches::joins_without_a_tape
    convolutions::conv2d
    convolutions::conv2d_of_infinite_weights
    convolutions::conv_transpose2d
    convolutions::linear
    norms::batch_norm
    norms::batch_norm_in_training
    norms::group_norm
    pools::adaptive_pools
    pools::average_pools
    pools::largest_of_equal_and_special_pixels
    pools::max_and_min_pools
    pools::power_averages
    resizes::upsample
    resizes::zero_pad2d
}

trait Number: CpuOperations {
    /// The most that results may differ, in relation to their norm.
    const TOLERANCE: f64;
}

impl Number for f32 {
    const TOLERANCE: f64 = 1e-5;
}

impl Number for f64 {
    const TOLERANCE: f64 = 1e-12;
}

/// A tensor with a tape of its own.
type Traced<E, D> = Erased<E, D, OwnedTape<E, D>>;

/// A tensor of any device.
#[derive(Clone, Debug)]
struct Values<E> {
    dims: Dims,
    elements: Vec<E>,
}

impl<E: Number> Values<E> {
    fn new(dims: Dims, mut element: impl FnMut() -> f64) -> Self {
        let elements = (0..dims.iter().product()).map(|_| E::cast(element())).collect();
        Values { dims, elements }
    }

    /// Numbers in (-1, 1).
    fn random(rng: &mut StdRng, dims: Dims) -> Self {
        Values::new(dims, || rng.gen_range(-1.0..1.0))
    }

    fn on<D: Device<E>>(&self, device: &D) -> Erased<E, D> {
        let [batch, channels, height, width] = self.dims;
        device.tensor_from_vec(self.elements.clone(), (batch, channels, height, width))
    }

    fn of<D: Device<E>>(t: Erased<E, D>) -> Self {
        let dims = t.shape().concrete();
        // dfdx can't read an empty tensor.
        let elements = if dims.contains(&0) { Vec::new() } else { t.as_vec() };
        Values { dims, elements }
    }

    /// Asserts that these are `expected` but for rounding, and NaN or infinite at the same places.
    #[track_caller]
    fn assert_close(&self, expected: &Self, what: &dyn Debug) {
        assert_eq!(self.dims, expected.dims, "{what:?}");
        let (mut error, mut norm) = (0.0, 0.0);
        for (i, (got, expected)) in self.elements.iter().zip(&expected.elements).enumerate() {
            let [got, expected] = [got, expected].map(|v| v.to_f64().expect("a number"));
            if !expected.is_finite() {
                let same = got == expected || got.is_nan() && expected.is_nan();
                assert!(same, "at {i}: {got} is not {expected}: {what:?}");
                continue;
            }
            error += (got - expected) * (got - expected);
            norm += expected * expected;
        }
        let (error, norm): (f64, f64) = (error.sqrt(), norm.sqrt());
        assert!(error <= E::TOLERANCE * norm.max(1.0), "{error} of {norm}: {what:?}");
    }
}

/// What an operation gives and the gradients of its operands, for output gradients at random.
fn run<E: Number, D: Device<E>>(
    device: &D,
    operands: &[Values<E>],
    operation: impl FnOnce(Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error>,
) -> (Values<E>, Vec<Values<E>>) {
    let leaves: Vec<_> = operands.iter().map(|values| values.on(device)).collect();
    let traced = leaves.iter().map(|leaf| leaf.leaky_trace()).collect();
    let y = operation(traced).expect("a result");
    let (y, tape) = y.split_tape();
    let result = Values::of(y.clone());
    let loss = match result.elements.is_empty() {
        true => device.zeros_like(&()).put_tape(tape),
        false => {
            let gradient = Values::random(&mut StdRng::seed_from_u64(1), result.dims).on(device);
            (y.put_tape(tape) * gradient).sum()
        }
    };
    let gradients = loss.backward();
    (result, leaves.into_iter().map(|leaf| Values::of(gradients.get(&leaf))).collect())
}

/// An operation by both routes.
trait Operation<E: Number>: Debug {
    /// As the device does it by itself.
    fn own<D: Backend<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error>;

    /// Composed of dfdx's tensor operations.
    fn composed<D: Device<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error>;
}

/// Asserts that both routes give on a device what `Cpu`'s own kernels give.
#[track_caller]
fn assert_routes_agree<E: Number, D: Backend<E>>(
    operation: &impl Operation<E>,
    operands: &[Values<E>],
) where
    Cpu: Device<E>,
{
    let (expected, expected_gradients) =
        run(&Cpu::default(), operands, |operands| operation.own(operands));
    let own = run(&D::default(), operands, |operands| operation.own(operands));
    let composed = run(&D::default(), operands, |operands| operation.composed(operands));
    for (route, (result, gradients)) in [("own", own), ("composed", composed)] {
        result.assert_close(&expected, &(route, operation));
        for (i, (gradient, expected)) in gradients.iter().zip(&expected_gradients).enumerate() {
            gradient.assert_close(expected, &(route, "gradient", i, operation));
        }
    }
}

/// Runs an operation of a flow.
fn in_flow<E: Number, D: Backend<E>>(
    x: Traced<E, D>,
    operation: impl FnOnce(D::Flow<OwnedTape<E, D>>) -> Result<D::Flow<OwnedTape<E, D>>, Error>,
) -> Result<Traced<E, D>, Error> {
    D::leave(operation(D::enter(x)?)?)
}

/// The operand of an operation without parameters.
fn only<X>(operands: Vec<X>) -> X {
    operands.into_iter().next().expect("an operand")
}

/// Input, weight, and the bias if there is one.
fn weighted<X>(operands: Vec<X>) -> (X, X, Option<X>) {
    let mut operands = operands.into_iter();
    let mut next = || operands.next().expect("an operand");
    let (x, weight) = (next(), next());
    (x, weight, operands.next())
}
