//! What can't be frozen, and slices that don't fit.

use shapewright::dims::{Maps, Spatial};
use shapewright::frozen::Frozen;
use shapewright::layers::Layer;
use shapewright::network::Declared;
use shapewright::ops::{Backend, Flow};
use shapewright::prelude::*;
use shapewright::shape::Network;
use shapewright::{Error, FloatDtype};

net! {
    struct Fc: [4] -> [2] { Linear(2) }

    struct Doubled: [4] -> [2] { Residual { twice: Twice }, Linear(2) }
}

/// A layer that leaves the flow for an operation of dfdx.
#[derive(Clone, Debug, Default)]
struct Twice<E: Dtype = f32, D: Storage<E> = Cpu>(std::marker::PhantomData<(E, D)>);

impl Declared for Twice {
    const NETWORK: Network<'static> = Network::layer("Twice", &[]);
}

impl<S: Spatial> Maps<S> for Twice {
    type Output = S;
}

impl<E: FloatDtype, D: Device<E>> TensorCollection<E, D> for Twice<E, D> {
    type To<E2: Dtype, D2: Device<E2>> = Twice<E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(
        visitor: &mut V,
    ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        visitor.visit_fields((), |()| Twice(std::marker::PhantomData))
    }
}

impl<E: FloatDtype, D: Backend<E>> Layer<E, D> for Twice<E, D> {
    fn try_forward<T: Tape<E, D>>(&self, x: Flow<E, D, T>) -> Result<Flow<E, D, T>, Error> {
        let x = x.leave()?;
        Flow::enter(x.try_mul(E::from_f64(2.0).unwrap()).map_err(Error::device)?)
    }
}

use shapewright::dfdx::nn::{ModuleVisitor, TensorCollection};

#[test]
fn a_layer_that_leaves_the_flow() {
    let net = Cpu::default().build_module::<Doubled, f32>();
    let message = net.freeze().unwrap_err().to_string();
    assert!(message.contains("Doubled` can't be frozen"), "{message}");
}

#[test]
fn an_input_of_too_many_dimensions() {
    let net = Cpu::default().build_module::<Fc, f32>();
    let error = Frozen::new(&net, &[1, 2, 3, 4]).unwrap_err();
    assert_eq!(error, Error::Rank { shape: vec![1, 2, 3, 4] });
}

#[test]
fn slices_of_another_length() {
    let engine = Cpu::default().build_module::<Fc, f32>().freeze().unwrap();
    let says = |batch, x: usize, y: usize| {
        engine.run(batch, &vec![0.0; x], &mut vec![0.0; y]).unwrap_err().to_string()
    };
    assert_eq!(says(3, 13, 6), "`x` should hold 3 times 4 numbers, but it holds 13");
    assert_eq!(says(3, 12, 5), "`y` should hold 3 times 2 numbers, but it holds 5");
    assert!(says(usize::MAX, 12, 5).contains("`x` should hold"));
    engine.run(0, &[], &mut []).unwrap();
}
