//! Networks that branch: values that are used more than once, sums, and channels side by side.

use crate::common::{Tape64, noise};
use crate::finite_differences::{Tracked, assert_gradients, loss};
use dfdx::prelude::*;
use shapewright::Error;
use shapewright::ops::{self, Backend, CpuElement, Erased, Flow, Kept};
use shapewright_shape::{Activation, Claim, Conv2d, Dropout, Padding, Pool2d, PoolKind, Reshape};

type Batch = Flow<f64, AutoDevice, Tape64>;
type Image = Erased<f64, AutoDevice>;
type Vector = Tensor<(usize,), f64, AutoDevice>;

const SHAPE: (usize, usize, usize, usize) = (2, 3, 2, 4);

fn image() -> Image {
    AutoDevice::default().tensor_from_vec(noise(1, 48), SHAPE)
}

fn act<T: Tape<f64, AutoDevice>>(
    x: Flow<f64, AutoDevice, T>,
    kind: Activation,
) -> Flow<f64, AutoDevice, T> {
    ops::activation(x, kind).unwrap()
}

/// Checks the gradient of the input of a network without parameters.
fn check(name: &str, network: impl Fn(Batch) -> Batch) {
    assert_gradients(name, &[48], |dev, data| {
        let x = dev.tensor_from_vec(data[0].clone(), SHAPE);
        let run = || network(Flow::enter(x.retaped()).unwrap()).leave().unwrap();
        Tracked::of(loss(run)).and(&x)
    });
}

/// The output, and the gradient of the input for a loss that looks random.
fn run<E: CpuElement>(
    op: impl Fn(
        Erased<E, AutoDevice, OwnedTape<E, AutoDevice>>,
    ) -> Erased<E, AutoDevice, OwnedTape<E, AutoDevice>>,
) -> [Vec<E>; 2]
where
    AutoDevice: Backend<E>,
{
    let dev = AutoDevice::default();
    let of = |seed, n| noise(seed, n).into_iter().map(E::cast).collect::<Vec<_>>();
    let x = dev.tensor_from_vec(of(1, 48), SHAPE);
    let y = op(x.leaky_trace());
    let out = y.as_vec();
    let gy = dev.tensor_from_vec(of(2, out.len()), *y.shape());
    [out, (y * gy).sum::<Rank0, _>().backward().get(&x).as_vec()]
}

fn sum_as_in_dfdx<E: CpuElement>()
where
    AutoDevice: Backend<E>,
{
    let ours = run::<E>(|x| {
        let x = Flow::enter(x).unwrap();
        let kept = x.keep();
        let x = ops::activation(x, Activation::ReLU).unwrap();
        let (relu, x) = x.go_on_from(kept.clone());
        let x = ops::add(ops::activation(x, Activation::Sigmoid).unwrap(), relu).unwrap();
        ops::add(x, kept).unwrap().leave().unwrap()
    });
    let theirs = run::<E>(|x| {
        let kept = x.retaped::<NoneTape>();
        let relu = x.relu();
        let sigmoid = kept.retaped::<OwnedTape<E, AutoDevice>>().sigmoid();
        sigmoid + relu + kept
    });
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(ours.len(), theirs.len());
        for (&a, &b) in ours.iter().zip(theirs) {
            assert!((a - b).abs() <= E::cast(4.0) * E::epsilon() * b.abs().max(E::one()));
        }
    }
}

#[test]
fn sum_as_in_dfdx_in_both_number_types() {
    sum_as_in_dfdx::<f32>();
    sum_as_in_dfdx::<f64>();
}

fn concat_by_hand<E: CpuElement>()
where
    AutoDevice: Backend<E>,
{
    let dev = AutoDevice::default();
    let numbers = |of: &[i32]| of.iter().map(|&v| E::cast(v.into())).collect::<Vec<_>>();
    let x = dev.tensor_from_vec(numbers(&[1, 2, 3, 4, 5, 6, 7, 8]), (2, 1, 1, 4));
    let flow = ops::flatten(Flow::enter(x.leaky_trace()).unwrap()).unwrap();
    let whole = flow.keep();
    let row = Reshape { to: Claim::image(Some(1), Some(1), Some(4)) };
    let pairs = ops::pool2d(ops::reshape(flow, &row).unwrap(), &Pool2d::max([1, 2])).unwrap();
    let pairs = ops::flatten(pairs).unwrap();
    let y = ops::concat(vec![whole.clone(), whole], pairs).unwrap().leave().unwrap();
    assert_eq!(y.shape(), &(2, 10, 1, 1));
    let expected = [1, 2, 3, 4, 1, 2, 3, 4, 2, 4, 5, 6, 7, 8, 5, 6, 7, 8, 6, 8];
    assert_eq!(y.as_vec(), numbers(&expected));
    let weights: Vec<i32> = (1..=20).collect();
    let gy = dev.tensor_from_vec(numbers(&weights), *y.shape());
    let grads = (y * gy).sum::<Rank0, _>().backward();
    let expected =
        [1 + 5, 2 + 6 + 9, 3 + 7, 4 + 8 + 10, 11 + 15, 12 + 16 + 19, 13 + 17, 14 + 18 + 20];
    assert_eq!(grads.get(&x).as_vec(), numbers(&expected));
}

#[test]
fn concat_by_hand_in_both_number_types() {
    concat_by_hand::<f32>();
    concat_by_hand::<f64>();
}

#[test]
fn gradients_of_sums() {
    check("the input is one branch", |x| {
        let kept = x.keep();
        ops::add(act(x, Activation::Tanh), kept).unwrap()
    });
    check("both branches are the input", |x| {
        let kept = x.keep();
        ops::add(x, kept).unwrap()
    });
    check("a branch is the identity, inside the network", |x| {
        let x = act(x, Activation::Tanh);
        let kept = x.keep();
        ops::add(x, kept).unwrap()
    });
    check("three branches", |x| {
        let x = act(x, Activation::SiLU);
        let kept = x.keep();
        let (first, x) = act(x, Activation::Sigmoid).go_on_from(kept.clone());
        let (second, x) = act(x, Activation::GELU).go_on_from(kept);
        ops::add(ops::add(x, first).unwrap(), second).unwrap()
    });
    check("the same value kept twice", |x| {
        let x = act(x, Activation::Tanh);
        let (first, second) = (x.keep(), x.keep());
        let x = ops::add(act(x, Activation::Softplus), second).unwrap();
        ops::add(x, first).unwrap()
    });
    check("a branch inside a branch", |x| {
        let outer = x.keep();
        let x = act(x, Activation::Tanh);
        let inner = x.keep();
        let x = ops::add(act(x, Activation::ReLU), inner).unwrap();
        act(ops::add(x, outer).unwrap(), Activation::Sigmoid)
    });
    check("a branch that nobody takes", |x| {
        let kept = x.keep();
        let (_, x) = act(x, Activation::Tanh).go_on_from(kept);
        act(x, Activation::Sigmoid)
    });
}

#[test]
fn gradients_of_channels_side_by_side() {
    let same = Pool2d { padding: Padding::Same, stride: [1, 1], ..Pool2d::avg([3, 3]) };
    let pool = |x: Batch, kind| ops::pool2d(x, &Pool2d { kind, ..same }).unwrap();
    check("three branches of the input", |x| {
        let kept = x.keep();
        let (first, x) = pool(x, PoolKind::Max).go_on_from(kept.clone());
        let (second, x) = act(x, Activation::Tanh).go_on_from(kept);
        let x = pool(x, same.kind);
        ops::concat(vec![first, second], x).unwrap()
    });
    check("the input itself, twice", |x| {
        let kept = x.keep();
        ops::concat(vec![kept.clone(), kept], act(x, Activation::SiLU)).unwrap()
    });
    // As a DenseNet: each step takes all that came before.
    check("of what is already side by side", |x| {
        let x = act(x, Activation::SiLU);
        let first = x.keep();
        let x = ops::concat(vec![first.clone()], act(x, Activation::Sigmoid)).unwrap();
        let second = x.keep();
        let x = ops::concat(vec![first, second], act(x, Activation::Softmax)).unwrap();
        pool(x, PoolKind::Max)
    });
    check("one branch alone", |x| ops::concat(vec![], act(x, Activation::Tanh)).unwrap());
    check("a concat inside a sum", |x| {
        let kept = x.keep();
        let x = act(ops::concat(vec![kept], x).unwrap(), Activation::Tanh);
        let kept = x.keep();
        ops::add(act(x, Activation::GELU), kept).unwrap()
    });
}

/// A residual block with its own parameters, used again on its result.
#[test]
fn gradients_of_parameters_in_branches() {
    assert_gradients("residual", &[36, 54, 3], |dev, data| {
        let x = dev.tensor_from_vec(data[0].clone(), (2, 2, 3, 3));
        let weight = dev.tensor_from_vec(data[1].clone(), (3, 2, 3, 3));
        let bias: Vector = dev.tensor_from_vec(data[2].clone(), (3,));
        let conv = Conv2d { padding: Padding::Same, ..Conv2d::new(3, [3, 3]) };
        let run = || {
            let x = Flow::enter(x.retaped::<Tape64>()).unwrap();
            let kept = x.keep();
            let x = ops::conv2d(x, &weight, Some(&bias), &conv).unwrap();
            let (first, x) = act(x, Activation::ReLU).go_on_from(kept);
            let x = ops::conv2d(act(x, Activation::ReLU), &weight, Some(&bias), &conv).unwrap();
            ops::add(x, first).unwrap().leave().unwrap()
        };
        Tracked::of(loss(run)).and(&x).and(&weight).and(&bias)
    });
}

/// Those that work in place must not touch what was kept.
#[test]
fn a_kept_value_stays_as_it_is() {
    let x = image();
    // The input's own buffer, and that of a value in between.
    for between in [false, true] {
        let mut flow = Flow::enter(x.clone()).unwrap();
        if between {
            flow = act(flow, Activation::Tanh);
        }
        let kept = flow.keep();
        let expected = kept.clone().into_tensor().unwrap().as_vec();
        let flow = act(flow, Activation::ReLU);
        let (relu, flow) = flow.go_on_from(kept.clone());
        let flow = ops::dropout(flow, &Dropout { p: 0.5 }).unwrap();
        let (_, flow) = flow.go_on_from(kept.clone());
        let flow = ops::add(flow, relu.clone()).unwrap();
        let flow = act(flow, Activation::ReLU);
        assert_eq!(kept.clone().into_tensor().unwrap().as_vec(), expected);
        let relu_of: Vec<f64> = expected.iter().map(|v| v.max(0.0)).collect();
        assert_eq!(relu.into_tensor().unwrap().as_vec(), relu_of);
        drop(flow);
        assert_eq!(kept.into_tensor().unwrap().as_vec(), expected);
    }
}

#[test]
fn a_kept_value_becomes_a_tensor() {
    let x = image();
    let flow = act(Flow::enter(x.leaky_trace()).unwrap(), Activation::Tanh);
    let kept = flow.keep();
    assert_eq!((kept.dims(), flow.dims()), ([2, 3, 2, 4], [2, 3, 2, 4]));
    let y = act(flow, Activation::ReLU).leave().unwrap();
    let tensor: Image = kept.into_tensor().unwrap();
    assert_eq!(tensor.shape(), &SHAPE);
    assert_eq!(tensor.as_vec(), x.tanh().as_vec());
    assert_eq!(y.as_vec(), tensor.relu().as_vec());
}

/// What was kept in another flow is a constant: no gradient goes astray into this one's values.
#[test]
fn a_value_of_another_flow_gets_no_gradient() {
    let x = image();
    let other = act(Flow::enter(x.leaky_trace()).unwrap(), Activation::Tanh);
    let other = act(other, Activation::ReLU).keep();
    let constant = other.clone().into_tensor().unwrap();
    let gradient = |y: Batch| {
        let y = y.leave().unwrap();
        let (out, gradient) = (y.as_vec(), y.sum::<Rank0, _>().backward().get(&x).as_vec());
        (out, gradient)
    };
    let start = || act(Flow::enter(x.leaky_trace()).unwrap(), Activation::Sigmoid);
    let s = x.clone().sigmoid();
    let slope = (s.clone() * (-s.clone() + 1.0)).as_vec();
    let close = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-15);

    let (out, g) = gradient(ops::add(start(), other.clone()).unwrap());
    assert!(close(&out, &(s.clone() + constant.clone()).as_vec()) && close(&g, &slope));
    let (out, g) = gradient(ops::concat(vec![other.clone()], start()).unwrap());
    assert!(out.len() == 96 && close(&g, &slope));
    let (first, x2) = start().go_on_from(other);
    let (out, g) = gradient(ops::add(act(x2, Activation::Tanh), first).unwrap());
    assert!(close(&out, &(s + constant.tanh()).as_vec()) && close(&g, &slope));
}

#[test]
fn without_a_tape_nothing_changes() {
    fn network<T: Tape<f64, AutoDevice>>(
        x: Erased<f64, AutoDevice, T>,
    ) -> Erased<f64, AutoDevice, T> {
        let x = act(Flow::enter(x).unwrap(), Activation::Tanh);
        let kept = x.keep();
        let (first, x) = act(x, Activation::ReLU).go_on_from(kept.clone());
        let x = ops::add(act(x, Activation::SiLU), first).unwrap();
        ops::concat(vec![kept], x).unwrap().leave().unwrap()
    }
    let x = image();
    assert_eq!(network(x.clone()).as_vec(), network(x.leaky_trace()).as_vec());
}

#[test]
fn a_batch_of_0() {
    let dev = AutoDevice::default();
    let x: Image = dev.zeros_like(&(0, 3, 2, 2));
    let flow = Flow::enter(x.leaky_trace()).unwrap();
    let kept = flow.keep();
    let flow = ops::add(act(flow, Activation::ReLU), kept.clone()).unwrap();
    let y = ops::concat(vec![kept], flow).unwrap().leave().unwrap();
    assert_eq!(y.shape(), &(0, 6, 2, 2));
    let (y, tape) = y.split_tape();
    let grads = y.device().zeros::<Rank0>().put_tape(tape).backward();
    assert_eq!(grads.get(&x).shape(), x.shape());
}

fn flow(b: usize, c: usize, h: usize, w: usize) -> Flow<f32, AutoDevice> {
    Flow::enter(AutoDevice::default().zeros_like(&(b, c, h, w))).unwrap()
}

#[test]
fn branches_that_do_not_fit() {
    let message = |result: Result<Flow<f32, AutoDevice>, Error>| result.err().unwrap().to_string();
    let kept: Kept<f32, AutoDevice> = flow(8, 64, 56, 56).keep();
    assert_eq!(
        message(ops::add(flow(8, 64, 28, 28), kept.clone())),
        "add: the first branch gives (8, 64, 56, 56) and another (8, 64, 28, 28), but the shapes \
         of what is added must be the same"
    );
    assert_eq!(
        message(ops::concat(vec![kept.clone(), kept.clone()], flow(8, 32, 28, 56))),
        "concat: the first branch gives (8, 64, 56, 56) and another (8, 32, 28, 56), but all but \
         the channels must be the same"
    );
    // As many elements don't make the same shape, and nothing is broadcast.
    for other in [(8, 56, 64, 56), (1, 64, 56, 56), (8, 1, 1, 1)] {
        let (b, c, h, w) = other;
        message(ops::add(flow(b, c, h, w), kept.clone()));
    }
    for other in [(4, 64, 56, 56), (8, 64, 56, 1)] {
        let (b, c, h, w) = other;
        message(ops::concat(vec![kept.clone()], flow(b, c, h, w)));
    }
    assert_eq!(ops::concat(vec![kept], flow(8, 1, 56, 56)).unwrap().dims(), [8, 65, 56, 56]);
}

#[test]
fn channels_that_overflow() {
    let kept = flow(0, isize::MAX as usize / 8, 1, 1).keep();
    let result = ops::concat(vec![kept; 3], flow(0, 1, 1, 1));
    assert!(result.err().unwrap().to_string().contains("larger than any memory"));
}
