use dfdx::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;
use shapewright_shape::Activation;

use super::{Number, Operation, Traced, Values, assert_routes_agree, in_flow, only, run};
use crate::error::Error;
use crate::ops::Backend;
use crate::ops::{activation, dropout};

impl<E: Number> Operation<E> for Activation {
    fn own<D: Backend<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        in_flow(only(operands), |x| D::activation(*self, x))
    }

    fn composed<D: Device<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        activation::device::activation(*self, only(operands))
    }
}

/// With a probability.
#[derive(Debug)]
enum Dropout {
    Elements(f64),
    Channels(f64),
}

impl<E: Number> Operation<E> for Dropout {
    fn own<D: Backend<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        in_flow(only(operands), |x| match *self {
            Dropout::Elements(p) => D::dropout(p, x),
            Dropout::Channels(p) => D::dropout2d(p, x),
        })
    }

    fn composed<D: Device<E>>(&self, operands: Vec<Traced<E, D>>) -> Result<Traced<E, D>, Error> {
        match *self {
            Dropout::Elements(p) => dropout::device::dropout(p, only(operands)),
            Dropout::Channels(p) => dropout::device::dropout2d(p, only(operands)),
        }
    }
}

pub fn elementwise<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    let kinds = [
        Activation::ReLU,
        Activation::LeakyReLU { slope: 0.1 },
        Activation::ELU { alpha: 1.5 },
        Activation::GELU,
        Activation::SiLU,
        Activation::Sigmoid,
        Activation::Tanh,
        Activation::Softplus,
    ];
    let ends = [0.0, -0.0, 19.9, 20.0, 20.1, 100.0, -100.0, 1000.0, -1000.0];
    for kind in kinds {
        let mut next = (-40..40).map(|i| f64::from(i) / 8.0).chain(ends);
        let len = next.size_hint().0;
        let x = Values::new([1, 1, 1, len], || next.next().expect("as many"));
        assert_routes_agree::<E, D>(&kind, &[x]);
        assert_routes_agree::<E, D>(&kind, &[Values::new([1, 2, 1, 1], || f64::NAN)]);
        assert_routes_agree::<E, D>(&kind, &[Values::new([0, 2, 1, 3], || 0.0)]);
    }
    // Infinities, where the kernels make numbers of them.
    for kind in [Activation::ReLU, Activation::Sigmoid, Activation::Tanh] {
        let mut signs = [f64::INFINITY, f64::NEG_INFINITY].into_iter();
        let x = Values::new([1, 2, 1, 1], || signs.next().expect("as many"));
        assert_routes_agree::<E, D>(&kind, &[x]);
    }
}

pub fn softmaxes<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    let mut rng = StdRng::seed_from_u64(12);
    for kind in [Activation::Softmax, Activation::LogSoftmax] {
        for dims in [[3, 5, 1, 1], [2, 3, 2, 4], [2, 1, 3, 1], [2, 300, 1, 2], [0, 4, 1, 1]] {
            let mut x = Values::random(&mut rng, dims);
            assert_routes_agree::<E, D>(&kind, &[x.clone()]);
            x.elements.iter_mut().for_each(|x| *x *= E::cast(300.0));
            assert_routes_agree::<E, D>(&kind, &[x.clone()]);
            if let Some(first) = x.elements.first_mut() {
                *first = E::nan();
                assert_routes_agree::<E, D>(&kind, &[x]);
            }
        }
    }
}

pub fn dropouts<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    let mut rng = StdRng::seed_from_u64(13);
    for dims in [[3, 4, 2, 5], [0, 4, 1, 1]] {
        for p in [0.0, 0.3, 0.9] {
            let x = [Values::<E>::random(&mut rng, dims)];
            assert_routes_agree::<E, D>(&Dropout::Elements(p), &x);
            assert_routes_agree::<E, D>(&Dropout::Channels(p), &x);
        }
    }
}

/// What is dropped becomes 0, whatever it was. (By the composed route it is multiplied by 0.)
pub fn dropout_of_infinities<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    let x = [Values::<E>::new([2, 5, 2, 2], || f64::INFINITY)];
    for dropout in [Dropout::Elements(0.5), Dropout::Channels(0.5)] {
        let (expected, _) = run(&Cpu::default(), &x, |operands| dropout.own(operands));
        let (result, _) = run(&D::default(), &x, |operands| dropout.own(operands));
        result.assert_close(&expected, &dropout);
        assert!(result.elements.iter().any(|y| y.is_zero()));
    }
}

/// With a tape it is composed of more.
pub fn gelu_without_a_tape<E: Number, D: Backend<E>>()
where
    Cpu: Device<E>,
{
    let x = Values::<E>::random(&mut StdRng::seed_from_u64(18), [2, 3, 2, 2]);
    let x = x.on(&D::default());
    let traced = activation::device::activation(Activation::GELU, x.leaky_trace()).expect("memory");
    let plain = activation::device::activation(Activation::GELU, x).expect("memory");
    assert_eq!(plain.as_vec(), traced.as_vec());
}
