//! How gradients come and go on dfdx's tape: of views, of tensors used twice, over several batches.

use crate::finite_differences::{Tracked, assert_gradients, loss};
use dfdx::prelude::*;
use shapewright::ops;
use shapewright_shape::{Activation, Conv2d, Dropout, Linear, Padding, Pool2d};

type Vector = Tensor<(usize,), f64, AutoDevice>;

/// Columns and rows swapped in memory.
#[test]
fn permuted_input() {
    assert_gradients("permuted input", &[40, 24, 3], |dev, data| {
        let base = dev.tensor_from_vec(data[0].clone(), (2, 2, 2, 5));
        let weight = dev.tensor_from_vec(data[1].clone(), (3, 2, 2, 2));
        let bias: Vector = dev.tensor_from_vec(data[2].clone(), (3,));
        let x = || base.retaped::<crate::common::Tape64>().permute::<_, Axes4<0, 1, 3, 2>>();
        let conv = Conv2d::new(3, [2, 2]);
        let loss = loss(|| ops::conv2d(x(), &weight, Some(&bias), &conv).unwrap())
            + loss(|| ops::pool2d(x(), &Pool2d::max([2, 1])).unwrap())
            + loss(|| ops::pool2d(x(), &Pool2d::avg([3, 2])).unwrap())
            + loss(|| ops::activation(x(), Activation::Softmax).unwrap())
            + loss(|| ops::flatten(x()).unwrap())
            + loss(|| ops::dropout(x(), &Dropout { p: 0.5 }).unwrap());
        Tracked::of(loss).and(&base).and(&weight).and(&bias)
    });
}

/// The same image for the whole batch: one copy in memory, and a gradient that sums over it.
#[test]
fn broadcast_input() {
    assert_gradients("broadcast input", &[24, 16], |dev, data| {
        let base = dev.tensor_from_vec(data[0].clone(), (2, 3, 4));
        let weight = dev.tensor_from_vec(data[1].clone(), (2, 2, 2, 2));
        let x =
            || base.retaped::<crate::common::Tape64>().broadcast_like::<_, Axis<0>>(&(3, 2, 3, 4));
        let conv = Conv2d::new(2, [2, 2]);
        let loss = loss(|| ops::conv2d(x(), &weight, None::<&Vector>, &conv).unwrap())
            + loss(|| ops::pool2d(x(), &Pool2d::max([2, 2])).unwrap())
            + loss(|| ops::activation(x(), Activation::Tanh).unwrap())
            + loss(|| ops::dropout(x(), &Dropout { p: 0.5 }).unwrap());
        Tracked::of(loss).and(&base).and(&weight)
    });
}

/// A transposed matrix, a kernel with rows and columns swapped, and a single bias for all
/// features, without a copy of any.
#[test]
fn permuted_and_broadcast_parameters() {
    assert_gradients("parameters", &[12, 36, 8, 1], |dev, data| {
        let x = dev.tensor_from_vec(data[0].clone(), (1, 2, 2, 3));
        let matrix = dev.tensor_from_vec(data[1].clone(), (12, 3));
        let kernel = dev.tensor_from_vec(data[2].clone(), (2, 2, 1, 2));
        let scalar: Tensor<Rank0, f64, AutoDevice> = dev.tensor(data[3][0]);
        let transposed = matrix.clone().permute::<_, Axes2<1, 0>>();
        let swapped = kernel.clone().permute::<_, Axes4<1, 0, 3, 2>>();
        let bias = |n: usize| -> Vector { scalar.clone().broadcast_like(&(n,)) };
        let conv = Conv2d::new(2, [2, 1]);
        let loss = loss(|| ops::conv2d(x.retaped(), &swapped, Some(&bias(2)), &conv).unwrap())
            + loss(|| {
                let x = ops::flatten(x.retaped()).unwrap();
                ops::linear(x, &transposed, Some(&bias(3)), &Linear::new(3)).unwrap()
            });
        Tracked::of(loss).and(&x).and(&matrix).and(&kernel).and(&scalar)
    });
}

/// One tensor as image and kernel: both gradients add up in it.
#[test]
fn input_as_its_own_weight() {
    assert_gradients("self convolution", &[16], |dev, data| {
        let x = dev.tensor_from_vec(data[0].clone(), (2, 2, 2, 2));
        let conv = Conv2d { padding: Padding::Full, ..Conv2d::new(2, [2, 2]) };
        let loss = loss(|| ops::conv2d(x.retaped(), &x, None::<&Vector>, &conv).unwrap());
        Tracked::of(loss).and(&x)
    });
}

/// Gradients that are there already are added to, as in dfdx's gradient accumulation.
#[test]
fn gradients_of_an_earlier_batch_are_kept() {
    let dev = AutoDevice::default();
    let x = dev.tensor_from_vec(crate::common::noise(1, 18), (1, 2, 3, 3));
    let weight = dev.tensor_from_vec(crate::common::noise(2, 16), (2, 2, 2, 2));
    let conv = Conv2d::new(2, [2, 2]);
    let step = |grads| {
        let y = ops::conv2d(x.clone().traced(grads), &weight, None::<&Vector>, &conv).unwrap();
        y.sum().backward()
    };
    let once = step(Gradients::leaky());
    let single = once.get(&weight).as_vec();
    let twice = step(once).get(&weight).as_vec();
    assert_eq!(twice, single.iter().map(|g| 2.0 * g).collect::<Vec<_>>());
}

/// The gradient of a result in between is there afterwards for who asks.
#[test]
fn the_gradient_of_an_intermediate_result_stays() {
    let dev = AutoDevice::default();
    let x = dev.tensor_from_vec(crate::common::noise(1, 9), (1, 1, 3, 3));
    let weight = dev.tensor_from_vec(crate::common::noise(2, 4), (1, 1, 2, 2));
    let y =
        ops::conv2d(x.leaky_trace(), &weight, None::<&Vector>, &Conv2d::new(1, [2, 2])).unwrap();
    let between = y.retaped::<NoneTape>();
    let grads = (y * 3.0).sum::<Rank0, _>().backward();
    assert_eq!(grads.get(&between).as_vec(), [3.0; 4]);
}

/// dfdx's cache hands out used memory.
#[test]
fn memory_from_the_cache_is_cleaned() {
    let dev = AutoDevice::default();
    dev.enable_cache();
    let x = dev.tensor_from_vec(crate::common::noise(1, 50), (2, 1, 5, 5));
    let weight = dev.tensor_from_vec(crate::common::noise(2, 8), (2, 1, 2, 2));
    let matrix = dev.tensor_from_vec(crate::common::noise(3, 24), (3, 8));
    let step = || {
        let y = ops::conv2d(x.leaky_trace(), &weight, None::<&Vector>, &Conv2d::new(2, [2, 2]));
        let y = ops::activation(y.unwrap(), Activation::Tanh).unwrap();
        let y = ops::flatten(ops::pool2d(y, &Pool2d::max([2, 2])).unwrap()).unwrap();
        let y = ops::linear(y, &matrix, None::<&Vector>, &Linear::new(3)).unwrap();
        let out = y.as_vec();
        let grads = y.square().sum::<Rank0, _>().backward();
        [out, grads.get(&x).as_vec(), grads.get(&weight).as_vec(), grads.get(&matrix).as_vec()]
    };
    let first = step();
    for _ in 0..3 {
        assert_eq!(step(), first);
    }
}
