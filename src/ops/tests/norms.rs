use dfdx::prelude::*;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use shapewright_shape::{Norm, NormKind};

use super::{Number, Values, assert_routes_agree, in_flow};
use crate::error::Dims;
use crate::ops::{FlowDevice, NormDevice, norm};

const INPUTS: [Dims; 5] = [[3, 4, 2, 5], [5, 2, 1, 1], [1, 4, 3, 3], [1, 2, 1, 1], [0, 2, 3, 1]];

/// An input with a mean, its weight and bias.
fn operands<E: Number>(rng: &mut StdRng, dims: Dims, n: usize) -> [Values<E>; 3] {
    let x = Values::new(dims, || rng.gen_range(0.0..2.0));
    [x, Values::random(rng, [1, n, 1, 1]), Values::random(rng, [1, n, 1, 1])]
}

fn running<E: Number>(rng: &mut StdRng, channels: usize) -> [Values<E>; 2] {
    let dims = [1, channels, 1, 1];
    [Values::random(rng, dims), Values::new(dims, || rng.gen_range(0.5..2.0))]
}

/// Input, and weight with bias.
fn split<X>(operands: Vec<X>) -> (X, [X; 2]) {
    let mut operands = operands.into_iter();
    let mut next = || operands.next().expect("an operand");
    (next(), [next(), next()])
}

pub fn batch_norm<E: Number, D: Device<E>>()
where
    Cpu: Device<E>,
{
    let mut rng = StdRng::seed_from_u64(14);
    let norm = Norm::new(NormKind::Batch2d { momentum: 0.1 });
    for dims in INPUTS {
        let (op, _) = norm::batch_op(dims, &norm).expect("legal");
        let running = running::<E>(&mut rng, op.channels);
        assert_routes_agree::<E, D>(
            op,
            &operands(&mut rng, dims, op.channels),
            |operands| {
                let (x, parameters) = split(operands);
                let running = running.each_ref().map(|values| values.on(x.device()));
                in_flow(x, |x| Cpu::batch_norm(op, norm.eps, running, x, parameters))
            },
            |operands| {
                let (x, parameters) = split(operands);
                let running = running.each_ref().map(|values| values.on(x.device()));
                norm::device::batch_norm(op, norm.eps, running, x, parameters)
            },
        );
    }
}

pub fn batch_norm_in_training<E: Number, D: Device<E>>()
where
    Cpu: Device<E>,
{
    let mut rng = StdRng::seed_from_u64(15);
    let norm = Norm::new(NormKind::Batch2d { momentum: 0.3 });
    for dims in INPUTS {
        let (op, momentum) = norm::batch_op(dims, &norm).expect("legal");
        let old = running::<E>(&mut rng, op.channels);
        let (mut own, mut composed) = (None, None);
        assert_routes_agree::<E, D>(
            op,
            &operands(&mut rng, dims, op.channels),
            |operands| {
                let (x, parameters) = split(operands);
                let old = old.each_ref().map(|values| values.on(x.device()));
                let x = Cpu::enter(x)?;
                let (y, new) = Cpu::batch_norm_train(op, norm.eps, momentum, old, x, parameters)?;
                own = Some(new.map(Values::of));
                Cpu::leave(y)
            },
            |operands| {
                let (x, parameters) = split(operands);
                let old = old.each_ref().map(|values| values.on(x.device()));
                let (y, new) =
                    norm::device::batch_norm_train(op, norm.eps, momentum, old, x, parameters)?;
                composed = Some(new.map(Values::of));
                Ok(y)
            },
        );
        for (composed, own) in composed.iter().flatten().zip(own.iter().flatten()) {
            composed.assert_close(own, &("running", op));
        }
    }
}

pub fn group_norm<E: Number, D: Device<E>>()
where
    Cpu: Device<E>,
{
    let mut rng = StdRng::seed_from_u64(16);
    let kinds = [NormKind::Layer, NormKind::Group { groups: 1 }, NormKind::Group { groups: 2 }];
    for dims in INPUTS {
        for norm in kinds.map(Norm::new) {
            let op = norm::group_op(dims, &norm).expect("legal");
            assert_routes_agree::<E, D>(
                op,
                &operands(&mut rng, dims, op.channels),
                |operands| {
                    let (x, parameters) = split(operands);
                    in_flow(x, |x| Cpu::group_norm(op, norm.eps, x, parameters))
                },
                |operands| {
                    let (x, parameters) = split(operands);
                    norm::device::group_norm(op, norm.eps, x, parameters)
                },
            );
        }
    }
}
