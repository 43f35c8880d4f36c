//! Outputs and gradients against dfdx's own operations, where it has them on stable Rust.

use crate::common::{Tape64, noise};
use dfdx::prelude::*;
use shapewright::ops::{self, Erased};
use shapewright_shape::{Activation, Dropout, Linear};

type Image<T = NoneTape> = Erased<f64, AutoDevice, T>;

/// The output, and the gradient of `x` for a loss that looks random.
fn run(x: &Image, op: impl Fn(Image<Tape64>) -> Image<Tape64>) -> [Vec<f64>; 2] {
    let y = op(x.leaky_trace());
    let out = y.as_vec();
    let gy = x.device().tensor_from_vec(noise(9, out.len()), *y.shape());
    [out, (y * gy).sum().backward().get(x).as_vec()]
}

fn assert_close(name: &str, ours: [Vec<f64>; 2], theirs: [Vec<f64>; 2]) {
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(ours.len(), theirs.len(), "{name}");
        for (a, b) in ours.iter().zip(theirs) {
            assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{name}: {a} here, {b} in dfdx");
        }
    }
}

#[test]
fn activations() {
    let dev = AutoDevice::default();
    let x: Image = dev.tensor_from_vec(noise(3, 60), (2, 5, 2, 3)) * 4.0;
    type Op = fn(Image<Tape64>) -> Image<Tape64>;
    let cases: [(Activation, Op); 7] = [
        (Activation::ReLU, |x| x.relu()),
        (Activation::LeakyReLU { slope: 0.1 }, |x| leakyrelu(x, 0.1)),
        (Activation::Sigmoid, |x| x.sigmoid()),
        (Activation::SiLU, |x| x.with_empty_tape() * x.sigmoid()),
        (Activation::Tanh, |x| x.tanh()),
        (Activation::Softmax, |x| x.softmax::<Axis<1>>()),
        (Activation::LogSoftmax, |x| x.log_softmax::<Axis<1>>()),
    ];
    for (kind, op) in cases {
        let ours = run(&x, |x| ops::activation(x, kind).unwrap());
        assert_close(kind.name(), ours, run(&x, op));
    }
    // The gradient of dfdx's GELU lacks a factor of 1/√2, as finite differences tell.
    let [gelu, _] = run(&x, |x| ops::activation(x, Activation::GELU).unwrap());
    let [theirs, _] = run(&x, |x| x.accurate_gelu());
    assert_close("GELU", [gelu, vec![]], [theirs, vec![]]);
}

#[test]
fn linear() {
    let dev = AutoDevice::default();
    let x: Image = dev.tensor_from_vec(noise(1, 35), (7, 5, 1, 1));
    let weight: Tensor<Rank2<3, 5>, f64, _> = dev.tensor(noise(2, 15));
    let bias: Tensor<Rank1<3>, f64, _> = dev.tensor(noise(3, 3));
    let ours = run(&x, |x| ops::linear(x, &weight, Some(&bias), &Linear::new(3)).unwrap());
    let theirs = run(&x, |x| {
        let x: Tensor<(usize, Const<5>), f64, _, _> = ops::restore(x, (7, Const)).unwrap();
        let y = x.matmul(weight.clone().permute());
        let bias: Tensor<(usize, Const<3>), f64, _> = bias.clone().broadcast_like(y.shape());
        ops::erase(y + bias).unwrap()
    });
    assert_close("linear", ours, theirs);
}

#[test]
fn dropout_follows_the_seed_of_the_device() {
    let run = |seed| {
        let dev = AutoDevice::seed_from_u64(seed);
        let x: Image = dev.ones_like(&(10, 100, 1, 1));
        [(); 2].map(|_| ops::dropout(x.clone(), &Dropout { p: 0.3 }).unwrap().as_vec())
    };
    let [first, second] = run(1);
    assert_eq!([first.clone(), second.clone()], run(1));
    assert_ne!(first, second);
    assert_ne!(first, run(2)[0]);
    let dropped = first.iter().filter(|&&v| v == 0.0).count();
    assert!((250..350).contains(&dropped), "{dropped} of 1000 dropped with p = 0.3");
    assert!(first.iter().all(|&v| v == 0.0 || (v - 1.0 / 0.7).abs() < 1e-12));
}

#[test]
fn dropout_of_none_is_the_identity() {
    let x: Image = AutoDevice::default().tensor_from_vec(noise(1, 6), (2, 3, 1, 1));
    assert_eq!(ops::dropout(x.clone(), &Dropout { p: 0.0 }).unwrap().as_vec(), x.as_vec());
}
