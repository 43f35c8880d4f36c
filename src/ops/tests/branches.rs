use dfdx::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;
use shapewright_shape::Activation;

use super::{Number, Traced, Values, assert_routes_agree, only};
use crate::error::{Dims, Error};
use crate::ops::device::flow;
use crate::ops::{self, Flow};
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

pub fn a_value_joined_with_itself<E: Number, D: Device<E>>()
where
    Cpu: Device<E>,
{
    assert_routes_agree::<E, D>(
        "x + x",
        &operand([2, 3, 2, 2]),
        |x| {
            let x = Flow::enter(only(x))?;
            let kept = x.keep();
            ops::add(x, kept)?.leave()
        },
        |x| {
            let x = flow::enter(only(x))?;
            let kept = flow::keep(&x);
            flow::leave(join::device::add(x, kept)?)
        },
    );
    assert_routes_agree::<E, D>(
        "concat(x, x, x)",
        &operand([2, 3, 2, 2]),
        |x| {
            let x = Flow::enter(only(x))?;
            let kept = x.keep();
            ops::concat(vec![kept.clone(), kept], x)?.leave()
        },
        |x| {
            let kept = flow::keep(&x[0]);
            join::device::concat(vec![kept.clone(), kept], only(x), [2, 9, 2, 2])
        },
    );
}

/// `concat(relu(x), tanh(x) + x)`, reshaped, with the first branch once more.
pub fn branches_of_a_flow<E: Number, D: Device<E>>()
where
    Cpu: Device<E>,
{
    assert_routes_agree::<E, D>(
        "branches",
        &operand([2, 3, 2, 2]),
        |x| {
            let x = Flow::enter(only(x))?;
            let kept = x.keep();
            let (relu, x) = ops::activation(x, Activation::ReLU)?.go_on_from(kept.clone());
            let x = ops::add(ops::activation(x, Activation::Tanh)?, kept)?;
            ops::concat(vec![relu.clone(), relu], x)?.leave()
        },
        |x| {
            let x = flow::enter(only(x))?;
            let kept = flow::keep(&x);
            let (relu, x) = flow::go_on_from(activate(x, Activation::ReLU)?, kept.clone());
            let x = join::device::add(activate(x, Activation::Tanh)?, kept)?;
            assert_eq!((flow::dims(&x), flow::kept_dims(&relu)), ([2, 3, 2, 2], [2, 3, 2, 2]));
            let flat = flow::reshape(x, [2, 12, 1, 1])?;
            let x = flow::reshape(flat, [2, 3, 2, 2])?;
            join::device::concat(vec![relu.clone(), relu], x, [2, 9, 2, 2])
        },
    );
}

pub fn joins_of_nothing<E: Number, D: Device<E>>()
where
    Cpu: Device<E>,
{
    assert_routes_agree::<E, D>(
        "an empty batch",
        &operand([0, 3, 2, 2]),
        |x| {
            let x = Flow::enter(only(x))?;
            let kept = x.keep();
            let x = ops::add(x, kept.clone())?;
            ops::concat(vec![kept], x)?.leave()
        },
        |x| {
            let kept = flow::keep(&x[0]);
            let x = join::device::add(only(x), kept.clone())?;
            join::device::concat(vec![kept], x, [0, 6, 2, 2])
        },
    );
}

pub fn joins_without_a_tape<E: Number, D: Device<E>>()
where
    Cpu: Device<E>,
{
    let [x] = operand::<E>([2, 1, 1, 1]);
    let (x, first, second) = (x.on(&D::default()), x.elements[0], x.elements[1]);
    let kept = flow::keep(&x);
    let sum = join::device::add(x.clone(), kept.clone()).expect("memory");
    assert_eq!(sum.as_vec(), [first + first, second + second]);
    let pair = join::device::concat(vec![kept], x, [2, 2, 1, 1]).expect("memory");
    assert_eq!(pair.as_vec(), [first, first, second, second]);
}

/// A kept value that became a tensor is another one: its gradient is not that of the network.
#[test]
fn a_kept_value_becomes_a_tensor_of_its_own() {
    let device = Cpu::default();
    let x = device.tensor_from_vec(vec![-0.0, 2.0], (1, 2, 1, 1));
    let own = flow::kept_into_tensor(flow::keep(&x.leaky_trace())).expect("a tensor");
    assert_eq!(own.as_vec(), [-0.0, 2.0]);
    let gradients = (own.leaky_trace() * 3.0 + x.clone()).sum().backward();
    assert_eq!(gradients.get(&own).as_vec(), [3.0; 2]);
    assert_eq!(gradients.get(&x).as_vec(), [1.0; 2]);
}
