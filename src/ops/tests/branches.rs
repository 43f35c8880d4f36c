use dfdx::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;
use shapewright_shape::Activation;

use super::{Number, Operation, Traced, Values, assert_routes_agree, only};
use crate::error::{Dims, Error};
use crate::ops::device::renewed;
use crate::ops::{self, Backend, Flow};
use crate::ops::{activation, join};

/// One operand at random.
fn operand<E: Number>(dims: Dims) -> [Values<E>; 1] {
    [Values::random(&mut StdRng::seed_from_u64(17), dims)]
}

fn activate<E: Number, D: Device<E>>(
    x: Traced<E, D>,
    kind: Activation,
) -> Result<Traced<E, D>, Error> {
    activation::device::activation(kind, x)
}

/// `concat(x, x, x + x)`.
#[derive(Debug)]
struct WithItself;

impl<E: Number> Operation<E> for WithItself {
    fn own<D: Backend<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        let x = Flow::enter(only(operands))?;
        let kept = x.keep();
        let x = ops::add(x, kept.clone())?;
        ops::concat(vec![kept.clone(), kept], x)?.leave()
    }

    fn composed<D: Device<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        let x = only(operands);
        let kept = x.retaped();
        let [batch, channels, height, width] = x.shape().concrete();
        let x = join::device::add(x, kept.clone())?;
        let dims = [batch, 3 * channels, height, width];
        join::device::concat(vec![kept.clone(), kept], x, dims)
    }
}

/// `concat(relu(x), relu(x), tanh(x) + x)`.
#[derive(Debug)]
struct Branches;

impl<E: Number> Operation<E> for Branches {
    fn own<D: Backend<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        let x = Flow::enter(only(operands))?;
        let kept = x.keep();
        let (relu, x) = ops::activation(x, Activation::ReLU)?.go_on_from(kept.clone());
        let x = ops::add(ops::activation(x, Activation::Tanh)?, kept)?;
        ops::concat(vec![relu.clone(), relu], x)?.leave()
    }

    fn composed<D: Device<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        let x = only(operands);
        let kept = x.retaped();
        let (relu, tape) = activate(x, Activation::ReLU)?.split_tape();
        let x = kept.clone().put_tape(tape);
        let x = join::device::add(activate(x, Activation::Tanh)?, kept)?;
        let [batch, channels, height, width] = relu.shape().concrete();
        let dims = [batch, 3 * channels, height, width];
        join::device::concat(vec![relu.clone(), relu], x, dims)
    }
}

pub fn a_value_joined_with_itself<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    assert_routes_agree::<E, D>(&WithItself, &operand([2, 3, 2, 2]));
    assert_routes_agree::<E, D>(&WithItself, &operand([0, 3, 2, 2]));
}

pub fn branches_of_a_flow<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    assert_routes_agree::<E, D>(&Branches, &operand([2, 3, 2, 2]));
    assert_routes_agree::<E, D>(&Branches, &operand([0, 3, 2, 2]));
}

pub fn joins_without_a_tape<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    let [x] = operand::<E>([2, 1, 1, 1]);
    let (x, first, second) = (x.on(&D::default()), x.elements[0], x.elements[1]);
    let kept = x.clone();
    let sum = join::device::add(x.clone(), kept.clone()).expect("memory");
    assert_eq!(sum.as_vec(), [first + first, second + second]);
    let pair = join::device::concat(vec![kept], x, [2, 2, 1, 1]).expect("memory");
    assert_eq!(pair.as_vec(), [first, first, second, second]);
}

#[test]
fn a_renewed_value_has_a_gradient_of_its_own() {
    let device = Cpu::default();
    let x = device.tensor_from_vec(vec![-0.0, 2.0], (1, 2, 1, 1));
    let own = renewed(x.clone()).expect("a tensor");
    assert_eq!(own.as_vec(), [-0.0, 2.0]);
    let gradients = (own.leaky_trace() * 3.0 + x.clone()).sum().backward();
    assert_eq!(gradients.get(&own).as_vec(), [3.0; 2]);
    assert_eq!(gradients.get(&x).as_vec(), [1.0; 2]);
}
