//! A tensor whose elements lie in another order in memory is the same tensor to every operation.

use crate::common::noise;
use dfdx::prelude::*;
use shapewright::ops::{self, Erased};
use shapewright_shape::{Activation, Conv2d, Dropout, Linear, Pool2d};

type Image = Erased<f64, AutoDevice>;
type Vector = Tensor<(usize,), f64, AutoDevice>;

/// A permuted and a broadcast image, each with a copy of it that is contiguous.
fn images() -> [(Image, Image); 2] {
    let dev = AutoDevice::default();
    let permuted =
        dev.tensor_from_vec(noise(1, 120), (2, 3, 5, 4)).permute::<_, Axes4<0, 1, 3, 2>>();
    let row = dev.tensor_from_vec(noise(2, 5), (5,));
    let broadcast = row.broadcast_like::<_, Axes3<0, 1, 2>>(&(2, 3, 4, 5));
    [permuted, broadcast].map(|x| (x.clone(), dev.tensor_from_vec(x.as_vec(), *x.shape())))
}

fn assert_same(name: &str, op: impl Fn(Image) -> Image) {
    for (x, copy) in images() {
        assert_eq!(op(x).as_vec(), op(copy).as_vec(), "{name}");
    }
}

#[test]
fn of_the_input() {
    let weight = AutoDevice::default().tensor_from_vec(noise(3, 24), (2, 3, 2, 2));
    let conv = Conv2d::new(2, [2, 2]);
    assert_same("conv2d", |x| ops::conv2d(x, &weight, None::<&Vector>, &conv).unwrap());
    assert_same("max", |x| ops::pool2d(x, &Pool2d::max([2, 2])).unwrap());
    assert_same("avg", |x| ops::pool2d(x, &Pool2d::avg([2, 2])).unwrap());
    assert_same("tanh", |x| ops::activation(x, Activation::Tanh).unwrap());
    assert_same("softmax", |x| ops::activation(x, Activation::Softmax).unwrap());
    assert_same("flatten", |x| ops::flatten(x).unwrap());
    assert_same("erase", |x| ops::erase(x).unwrap());
    assert_same("restore", |x| ops::restore(x, (4usize, 3usize, 2usize, 5usize)).unwrap());
    let matrix = AutoDevice::default().tensor_from_vec(noise(4, 120), (2, 60));
    assert_same("linear", |x| {
        let x = ops::flatten(x).unwrap();
        ops::linear(x, &matrix, None::<&Vector>, &Linear::new(2)).unwrap()
    });
}

#[test]
fn of_the_parameters() {
    let (_, x) = &images()[0];
    let conv = |weight: &Image| {
        let y = ops::conv2d(x.clone(), weight, None::<&Vector>, &Conv2d::new(3, [4, 5]));
        y.unwrap().as_vec()
    };
    let weight = AutoDevice::default().tensor_from_vec(noise(3, 180), (3, 3, 4, 5));
    let swapped = weight.clone().permute::<_, Axes4<1, 0, 2, 3>>();
    let copy = AutoDevice::default().tensor_from_vec(swapped.as_vec(), (3, 3, 4, 5));
    assert_eq!(conv(&swapped), conv(&copy));
    assert_ne!(conv(&swapped), conv(&weight));
}

#[test]
fn broadcast_elements_are_dropped_one_by_one() {
    let dot: Tensor<Rank0, f64, AutoDevice> = AutoDevice::default().ones();
    let x: Image = dot.broadcast_like(&(1, 1000, 1, 1));
    let y = ops::dropout(x, &Dropout { p: 0.5 }).unwrap().as_vec();
    let dropped = y.iter().filter(|&&v| v == 0.0).count();
    assert!((400..600).contains(&dropped), "{dropped} of 1000 dropped");
}
