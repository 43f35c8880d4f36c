use dfdx::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;
use shapewright_shape::{Conv2d, ConvTranspose2d, Linear, Padding};

use super::{Number, Operation, Traced, Values, assert_routes_agree, in_flow, run, weighted};
use crate::error::{Dims, Error};
use crate::kernels::conv2d::Conv2dOp;
use crate::ops::{Backend, LinearOp};
use crate::ops::{conv_transpose2d as transposed, conv2d as plain, linear as dense};

/// Options, and images for them.
fn convolutions() -> Vec<(Dims, Conv2d)> {
    let conv = Conv2d::new;
    vec![
        ([2, 3, 5, 6], conv(4, [3, 3])),
        ([2, 3, 5, 6], conv(4, [1, 1])),
        ([3, 2, 4, 4], Conv2d { stride: [2, 2], ..conv(3, [1, 1]) }),
        (
            [2, 2, 7, 8],
            Conv2d { stride: [2, 3], padding: Padding::symmetric(1, 1), ..conv(3, [3, 2]) },
        ),
        ([2, 2, 6, 5], Conv2d { padding: Padding::Explicit([[2, 0], [1, 3]]), ..conv(3, [3, 3]) }),
        ([1, 2, 9, 8], Conv2d { dilation: [2, 3], padding: Padding::Same, ..conv(2, [3, 2]) }),
        ([2, 4, 5, 5], Conv2d { groups: 2, padding: Padding::symmetric(1, 1), ..conv(6, [3, 3]) }),
        ([2, 4, 5, 5], Conv2d { groups: 4, padding: Padding::symmetric(1, 1), ..conv(4, [3, 3]) }),
        ([2, 3, 5, 5], Conv2d { groups: 3, stride: [2, 2], ..conv(6, [2, 2]) }),
        ([1, 1, 1, 1], Conv2d { padding: Padding::symmetric(1, 1), ..conv(1, [3, 3]) }),
        ([3, 2, 1, 9], Conv2d { stride: [1, 4], ..conv(3, [1, 3]) }),
        ([0, 3, 5, 6], conv(4, [3, 3])),
    ]
}

fn op(input: Dims, conv: &Conv2d) -> Conv2dOp {
    let weight = conv.weight(input[1]).to_vec();
    plain::describe("conv2d", input, weight, None, conv, |dims| dims.to_vec()).expect("legal")
}

#[derive(Debug)]
struct Convolution(Conv2dOp);

impl<E: Number> Operation<E> for Convolution {
    fn own<D: Backend<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        let (x, weight, bias) = weighted(operands);
        in_flow(x, |x| D::conv2d(self.0, x, weight, bias))
    }

    fn composed<D: Device<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        let (x, weight, bias) = weighted(operands);
        plain::device::conv2d(self.0, x, weight, bias)
    }
}

#[derive(Debug)]
struct Transposed(Conv2dOp);

impl<E: Number> Operation<E> for Transposed {
    fn own<D: Backend<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        let (x, weight, bias) = weighted(operands);
        in_flow(x, |x| D::conv_transpose2d(self.0, x, weight, bias))
    }

    fn composed<D: Device<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        let (x, weight, bias) = weighted(operands);
        transposed::device::conv_transpose2d(self.0, x, weight, bias)
    }
}

#[derive(Debug)]
struct Dense(LinearOp);

impl<E: Number> Operation<E> for Dense {
    fn own<D: Backend<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        let (x, weight, bias) = weighted(operands);
        in_flow(x, |x| D::linear(self.0, x, weight, bias))
    }

    fn composed<D: Device<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        let (x, weight, bias) = weighted(operands);
        dense::device::linear(self.0, x, weight, bias)
    }
}

pub fn conv2d<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    let mut rng = StdRng::seed_from_u64(2);
    for (input, conv) in convolutions() {
        let bias = [1, conv.out_channels, 1, 1];
        let operands = [input, conv.weight(input[1]), bias];
        let operands = operands.map(|dims| Values::random(&mut rng, dims));
        let op = op(input, &conv);
        for operands in [&operands[..], &operands[..2]] {
            assert_routes_agree::<E, D>(&Convolution(op), operands);
        }
    }
}

/// Zeros in the padding take part. (In the gradient of the input they need not.)
pub fn conv2d_of_infinite_weights<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    let conv = Conv2d { padding: Padding::symmetric(1, 1), ..Conv2d::new(1, [3, 3]) };
    let op = Convolution(op([1, 1, 3, 3], &conv));
    let mut weight = Values::<E>::new([1, 1, 3, 3], || 1.0);
    weight.elements[0] = E::infinity();
    let operands = [Values::new([1, 1, 3, 3], || 1.0), weight];
    let (expected, _) = run(&Cpu::default(), &operands, |operands| op.own(operands));
    let (result, _) = run(&D::default(), &operands, |operands| op.composed(operands));
    result.assert_close(&expected, &op);
    assert!(result.elements.iter().any(|y| y.is_nan()));
}

pub fn conv_transpose2d<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    let conv = ConvTranspose2d::new;
    let options = [
        ([2, 3, 4, 5], conv(2, [3, 3])),
        ([2, 3, 4, 5], conv(2, [1, 1])),
        ([2, 3, 4, 5], ConvTranspose2d { stride: [2, 2], ..conv(2, [2, 2]) }),
        (
            [2, 2, 4, 3],
            ConvTranspose2d {
                stride: [2, 3],
                padding: Padding::symmetric(1, 1),
                output_padding: [1, 2],
                ..conv(3, [3, 4])
            },
        ),
        (
            [1, 2, 4, 4],
            ConvTranspose2d { padding: Padding::Explicit([[2, 0], [1, 3]]), ..conv(2, [3, 5]) },
        ),
        ([2, 2, 3, 4], ConvTranspose2d { dilation: [2, 3], stride: [2, 1], ..conv(2, [2, 3]) }),
        ([2, 4, 3, 4], ConvTranspose2d { groups: 2, stride: [2, 2], ..conv(6, [3, 3]) }),
        ([2, 4, 3, 4], ConvTranspose2d { groups: 4, ..conv(4, [2, 2]) }),
        // Kernels that don't touch each other, and then such that nothing of them is left.
        ([1, 2, 3, 3], ConvTranspose2d { stride: [3, 4], ..conv(2, [2, 2]) }),
        (
            [1, 1, 1, 1],
            ConvTranspose2d {
                dilation: [5, 5],
                padding: Padding::symmetric(1, 1),
                ..conv(1, [2, 2])
            },
        ),
        ([0, 3, 4, 5], conv(2, [3, 3])),
    ];
    let mut rng = StdRng::seed_from_u64(3);
    for (input, conv) in options {
        let weight = conv.weight(input[1]);
        let op = transposed::describe(input, weight.to_vec(), None, &conv).expect("legal");
        let operands = [input, weight, [1, conv.out_channels, 1, 1]];
        let operands = operands.map(|dims| Values::<E>::random(&mut rng, dims));
        for operands in [&operands[..], &operands[..2]] {
            assert_routes_agree::<E, D>(&Transposed(op), operands);
        }
    }
}

pub fn linear<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    let mut rng = StdRng::seed_from_u64(4);
    for [batch, inputs, outputs] in [[5, 7, 3], [1, 4, 6], [3, 1, 2], [2, 5, 1], [0, 3, 2]] {
        let (input, weight) = ([batch, inputs, 1, 1], vec![outputs, inputs]);
        let op = dense::describe(input, weight, None, &Linear::new(outputs)).expect("legal");
        let operands = [input, [outputs, inputs, 1, 1], [1, outputs, 1, 1]];
        let operands = operands.map(|dims| Values::<E>::random(&mut rng, dims));
        for operands in [&operands[..], &operands[..2]] {
            assert_routes_agree::<E, D>(&Dense(op), operands);
        }
    }
}
