use dfdx::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;
use shapewright_shape::{Upsample, UpsampleMode, ZeroPad2d};

use super::{Number, Operation, Traced, Values, assert_routes_agree, in_flow, only};
use crate::error::Error;
use crate::kernels::upsample2d::Upsample2dOp;
use crate::kernels::zero_pad2d::ZeroPad2dOp;
use crate::ops::Backend;
use crate::ops::{upsample as resized, zero_pad2d as padded};

#[derive(Debug)]
struct Resized(UpsampleMode, Upsample2dOp);

impl<E: Number> Operation<E> for Resized {
    fn own<D: Backend<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        in_flow(only(operands), |x| D::upsample(self.0, self.1, x))
    }

    fn composed<D: Device<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        resized::device::upsample(self.0, self.1, only(operands))
    }
}

#[derive(Debug)]
struct Padded(ZeroPad2dOp);

impl<E: Number> Operation<E> for Padded {
    fn own<D: Backend<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        in_flow(only(operands), |x| D::zero_pad2d(self.0, x))
    }

    fn composed<D: Device<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        padded::device::zero_pad2d(self.0, only(operands))
    }
}

pub fn upsample<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    let modes = [
        UpsampleMode::Nearest,
        UpsampleMode::Bilinear { align_corners: false },
        UpsampleMode::Bilinear { align_corners: true },
    ];
    let mut rng = StdRng::seed_from_u64(10);
    for input in [[2, 3, 4, 5], [1, 2, 1, 1], [0, 1, 3, 3]] {
        for size in [
            Upsample::scale(2, 3),
            Upsample::size(4, 5),
            Upsample::size(3, 1),
            Upsample::size(9, 7),
        ] {
            for mode in modes {
                let x = Values::<E>::random(&mut rng, input);
                let op = resized::describe(input, &Upsample { mode, ..size }).expect("legal");
                assert_routes_agree::<E, D>(&Resized(mode, op), &[x]);
            }
        }
    }
}

pub fn zero_pad2d<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    let mut rng = StdRng::seed_from_u64(11);
    for input in [[2, 3, 4, 5], [1, 2, 1, 1], [0, 1, 3, 3]] {
        for padding in [[[0, 0], [0, 0]], [[1, 2], [0, 3]], [[0, 0], [2, 0]]] {
            let x = Values::<E>::random(&mut rng, input);
            let op = padded::describe(input, &ZeroPad2d { padding }).expect("legal");
            assert_routes_agree::<E, D>(&Padded(op), &[x]);
        }
    }
}
