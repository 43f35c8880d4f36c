use dfdx::prelude::*;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use shapewright_shape::{AdaptiveKind, AdaptivePool2d, Padding, Pool2d, PoolKind};

use super::{Number, Operation, Traced, Values, assert_routes_agree, in_flow, only};
use crate::error::{Dims, Error};
use crate::kernels::adaptive_pool2d::AdaptivePool2dOp;
use crate::kernels::pool2d::Pool2dOp;
use crate::ops::Backend;
use crate::ops::{adaptive_pool2d as adaptive, pool2d as windowed};

/// Windows without dilation or padding, and images for them.
fn plain() -> Vec<(Dims, Pool2d)> {
    let pool = Pool2d::max;
    vec![
        ([2, 3, 6, 8], pool([2, 2])),
        ([2, 3, 7, 5], pool([2, 2])),
        ([2, 2, 7, 7], Pool2d { stride: [2, 1], ..pool([3, 3]) }),
        ([1, 2, 7, 8], Pool2d { stride: [2, 3], ceil_mode: true, ..pool([3, 2]) }),
        ([2, 3, 4, 4], pool([1, 1])),
        ([2, 3, 5, 4], Pool2d { stride: [2, 3], ..pool([1, 1]) }),
        ([1, 1, 1, 1], pool([1, 1])),
        ([3, 2, 1, 9], Pool2d { stride: [1, 4], ..pool([1, 3]) }),
        ([2, 3, 4, 5], pool([4, 5])),
        ([0, 3, 6, 8], pool([2, 2])),
    ]
}

fn padded() -> Vec<(Dims, Pool2d)> {
    let pool = Pool2d::max;
    let asymmetric = Padding::Explicit([[1, 0], [0, 1]]);
    vec![
        (
            [2, 2, 5, 6],
            Pool2d { padding: Padding::symmetric(1, 1), stride: [2, 2], ..pool([3, 3]) },
        ),
        ([2, 2, 5, 6], Pool2d { padding: asymmetric, ceil_mode: true, ..pool([2, 3]) }),
        (
            [1, 2, 1, 1],
            Pool2d { padding: Padding::symmetric(1, 1), stride: [1, 1], ..pool([3, 3]) },
        ),
        (
            [1, 2, 1, 1],
            Pool2d { padding: Padding::symmetric(1, 1), stride: [2, 2], ..pool([2, 2]) },
        ),
    ]
}

fn dilated() -> Vec<(Dims, Pool2d)> {
    let pool = |kernel, dilation| Pool2d { dilation, stride: [1, 1], ..Pool2d::max(kernel) };
    vec![
        ([2, 2, 7, 8], pool([3, 2], [2, 3])),
        (
            [1, 2, 6, 6],
            Pool2d { padding: Padding::symmetric(1, 1), stride: [2, 2], ..pool([3, 3], [2, 2]) },
        ),
        // Windows whose taps are all in the padding.
        ([2, 2, 1, 2], Pool2d { padding: Padding::symmetric(1, 1), ..pool([2, 2], [2, 3]) }),
    ]
}

#[derive(Debug)]
struct Windowed(PoolKind, Pool2dOp);

impl<E: Number> Operation<E> for Windowed {
    fn own<D: Backend<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        in_flow(only(operands), |x| D::pool2d(self.0, self.1, x))
    }

    fn composed<D: Device<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        windowed::device::pool2d(self.0, self.1, only(operands))
    }
}

#[derive(Debug)]
struct Adaptive(AdaptiveKind, AdaptivePool2dOp);

impl<E: Number> Operation<E> for Adaptive {
    fn own<D: Backend<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        in_flow(only(operands), |x| D::adaptive_pool2d(self.0, self.1, x))
    }

    fn composed<D: Device<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        adaptive::device::adaptive_pool2d(self.0, self.1, only(operands))
    }
}

fn assert_pools_agree<E: Number, D: Backend<E>>(pool: &Pool2d, x: Values<E>)
where
    Cpu: Device<E>,
{
    let op = windowed::describe("pool2d", x.dims, pool).expect("legal");
    assert_routes_agree::<E, D>(&Windowed(pool.kind, op), &[x]);
}

pub fn max_and_min_pools<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    let mut rng = StdRng::seed_from_u64(5);
    for (input, pool) in [plain(), padded(), dilated()].concat() {
        for kind in [PoolKind::Max, PoolKind::Min] {
            let x = Values::random(&mut rng, input);
            assert_pools_agree::<E, D>(&Pool2d { kind, ..pool }, x);
        }
    }
}

/// Few different values, so that there are ties, and some special ones.
fn special<E: Number>(rng: &mut StdRng, dims: Dims) -> Values<E> {
    Values::new(dims, || match rng.gen_range(0..10) {
        0 => f64::NAN,
        1 => f64::INFINITY,
        2 | 3 => f64::NEG_INFINITY,
        _ => f64::from(rng.gen_range(-1..2)),
    })
}

pub fn largest_of_equal_and_special_pixels<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    let mut rng = StdRng::seed_from_u64(6);
    for (input, pool) in [plain(), padded(), dilated()].concat() {
        for kind in [PoolKind::Max, PoolKind::Min] {
            for _ in 0..5 {
                let x = special(&mut rng, input);
                assert_pools_agree::<E, D>(&Pool2d { kind, ..pool }, x);
            }
        }
    }
    let pool = AdaptivePool2d { kind: AdaptiveKind::Max, output: Some([2, 3]) };
    for _ in 0..5 {
        let x = special(&mut rng, [2, 2, 5, 4]);
        assert_adaptive_pools_agree::<E, D>(&pool, x);
    }
}

pub fn average_pools<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    let mut rng = StdRng::seed_from_u64(7);
    for (input, pool) in [plain(), padded()].concat() {
        for count_include_pad in [true, false] {
            let pool = Pool2d { kind: PoolKind::Avg { count_include_pad }, ..pool };
            assert_pools_agree::<E, D>(&pool, Values::random(&mut rng, input));
        }
    }
}

pub fn power_averages<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    let mut rng = StdRng::seed_from_u64(8);
    for (input, pool) in plain() {
        for p in [1.0, 2.0, 3.0, 1.5, 0.5] {
            let pool = Pool2d { kind: PoolKind::Lp { p }, ..pool };
            // Roots and fractions of negative numbers are no numbers.
            let positive = Values::new(input, || rng.gen_range(0.1..1.0));
            assert_pools_agree::<E, D>(&pool, positive);
            if p == 1.0 || p == 2.0 {
                assert_pools_agree::<E, D>(&pool, Values::random(&mut rng, input));
            }
            // Where a whole window is 0, so is the gradient.
            let zeros = Values::new(input, || f64::from(rng.gen_range(0..2)));
            assert_pools_agree::<E, D>(&pool, zeros);
            assert_pools_agree::<E, D>(&pool, Values::new(input, || 0.0));
        }
    }
}

fn assert_adaptive_pools_agree<E: Number, D: Backend<E>>(pool: &AdaptivePool2d, x: Values<E>)
where
    Cpu: Device<E>,
{
    let op = adaptive::describe(x.dims, pool).expect("legal");
    assert_routes_agree::<E, D>(&Adaptive(pool.kind, op), &[x]);
}

pub fn adaptive_pools<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    let mut rng = StdRng::seed_from_u64(9);
    for input in [[2, 3, 7, 5], [1, 2, 1, 1], [3, 1, 4, 6], [0, 2, 4, 4]] {
        for output in [None, Some([1, 1]), Some([3, 2]), Some([4, 6]), Some([9, 7])] {
            for kind in [AdaptiveKind::Avg, AdaptiveKind::Max] {
                let x = Values::random(&mut rng, input);
                assert_adaptive_pools_agree::<E, D>(&AdaptivePool2d { kind, output }, x);
            }
        }
    }
}
