use std::cell::RefCell;

use dfdx::prelude::*;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use shapewright_shape::{Norm, NormKind};

use super::{Number, Operation, Traced, Values, assert_routes_agree, in_flow};
use crate::error::{Dims, Error};
use crate::kernels::norm::{BatchNormOp, GroupNormOp};
use crate::ops::{Backend, norm};

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

#[derive(Debug)]
struct Evaluation<E> {
    op: BatchNormOp,
    eps: f64,
    running: [Values<E>; 2],
}

impl<E: Number> Operation<E> for Evaluation<E> {
    fn own<D: Backend<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        let (x, parameters) = split(operands);
        let running = self.running.each_ref().map(|values| values.on(x.device()));
        in_flow(x, |x| D::batch_norm(self.op, self.eps, running, x, parameters))
    }

    fn composed<D: Device<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        let (x, parameters) = split(operands);
        let running = self.running.each_ref().map(|values| values.on(x.device()));
        norm::device::batch_norm(self.op, self.eps, running, x, parameters)
    }
}

#[derive(Debug)]
struct Training<E> {
    op: BatchNormOp,
    eps: f64,
    momentum: f64,
    running: [Values<E>; 2],
    /// The running statistics after each run.
    updated: RefCell<Vec<[Values<E>; 2]>>,
}

impl<E: Number> Operation<E> for Training<E> {
    fn own<D: Backend<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        let &Training { op, eps, momentum, .. } = self;
        let (x, parameters) = split(operands);
        let running = self.running.each_ref().map(|values| values.on(x.device()));
        let x = D::enter(x)?;
        let (y, running) = D::batch_norm_train(op, eps, momentum, running, x, parameters)?;
        self.updated.borrow_mut().push(running.map(Values::of));
        D::leave(y)
    }

    fn composed<D: Device<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        let &Training { op, eps, momentum, .. } = self;
        let (x, parameters) = split(operands);
        let running = self.running.each_ref().map(|values| values.on(x.device()));
        let (y, running) =
            norm::device::batch_norm_train(op, eps, momentum, running, x, parameters)?;
        self.updated.borrow_mut().push(running.map(Values::of));
        Ok(y)
    }
}

#[derive(Debug)]
struct Groups {
    op: GroupNormOp,
    eps: f64,
}

impl<E: Number> Operation<E> for Groups {
    fn own<D: Backend<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        let (x, parameters) = split(operands);
        in_flow(x, |x| D::group_norm(self.op, self.eps, x, parameters))
    }

    fn composed<D: Device<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        let (x, parameters) = split(operands);
        norm::device::group_norm(self.op, self.eps, x, parameters)
    }
}

pub fn batch_norm<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    let mut rng = StdRng::seed_from_u64(14);
    let norm = Norm::new(NormKind::Batch2d { momentum: 0.1 });
    for dims in INPUTS {
        let (op, _) = norm::batch_op(dims, &norm).expect("legal");
        let running = running(&mut rng, op.channels);
        let operands = operands::<E>(&mut rng, dims, op.channels);
        assert_routes_agree::<E, D>(&Evaluation { op, eps: norm.eps, running }, &operands);
    }
}

pub fn batch_norm_in_training<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    let mut rng = StdRng::seed_from_u64(15);
    let norm = Norm::new(NormKind::Batch2d { momentum: 0.3 });
    for dims in INPUTS {
        let (op, momentum) = norm::batch_op(dims, &norm).expect("legal");
        let running = running(&mut rng, op.channels);
        let operands = operands::<E>(&mut rng, dims, op.channels);
        let updated = RefCell::default();
        let training = Training { op, eps: norm.eps, momentum, running, updated };
        assert_routes_agree::<E, D>(&training, &operands);
        let updated = training.updated.into_inner();
        for running in &updated[1..] {
            for (running, expected) in running.iter().zip(&updated[0]) {
                running.assert_close(expected, &("running", op));
            }
        }
    }
}

pub fn group_norm<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    let mut rng = StdRng::seed_from_u64(16);
    let kinds = [NormKind::Layer, NormKind::Group { groups: 1 }, NormKind::Group { groups: 2 }];
    for dims in INPUTS {
        for norm in kinds.map(Norm::new) {
            let op = norm::group_op(dims, &norm).expect("legal");
            let operands = operands::<E>(&mut rng, dims, op.channels);
            assert_routes_agree::<E, D>(&Groups { op, eps: norm.eps }, &operands);
        }
    }
}
