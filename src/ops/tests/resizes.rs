use dfdx::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;
use shapewright_shape::{Upsample, UpsampleMode, ZeroPad2d};

use super::{Number, Values, assert_routes_agree, in_flow, only};
use crate::ops::{UpsampleDevice, ZeroPad2dDevice};
use crate::ops::{upsample as resized, zero_pad2d as padded};

pub fn upsample<E: Number, D: Device<E>>()
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
        for size in [Upsample::scale(2, 3), Upsample::size(4, 5), Upsample::size(3, 1)] {
            for mode in modes {
                let x = Values::<E>::random(&mut rng, input);
                let op = resized::describe(input, &Upsample { mode, ..size }).expect("legal");
                assert_routes_agree::<E, D>(
                    (mode, op),
                    &[x],
                    |x| in_flow(only(x), |x| Cpu::upsample(mode, op, x)),
                    |x| resized::device::upsample(mode, op, only(x)),
                );
            }
        }
    }
}

pub fn zero_pad2d<E: Number, D: Device<E>>()
where
    Cpu: Device<E>,
{
    let mut rng = StdRng::seed_from_u64(11);
    for input in [[2, 3, 4, 5], [1, 2, 1, 1], [0, 1, 3, 3]] {
        for padding in [[[0, 0], [0, 0]], [[1, 2], [0, 3]], [[0, 0], [2, 0]]] {
            let x = Values::<E>::random(&mut rng, input);
            let op = padded::describe(input, &ZeroPad2d { padding }).expect("legal");
            assert_routes_agree::<E, D>(
                op,
                &[x],
                |x| in_flow(only(x), |x| Cpu::zero_pad2d(op, x)),
                |x| padded::device::zero_pad2d(op, only(x)),
            );
        }
    }
}
