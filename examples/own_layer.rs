//! A layer of one's own, used in `net!` by its path.
//!
//! ```text
//! cargo run --release --example own_layer
//! ```
//!
//! `LayerScale` (Touvron et al., 2021, <https://arxiv.org/abs/2103.17239>) multiplies each channel
//! by a learned number, which starts small, so that a deep residual network starts near the
//! identity. A layer is its parameters, what it does to shapes, and its forward pass, for which all
//! of dfdx's operations are there.

use shapewright::dfdx::nn::{ModuleVisitor, TensorCollection, TensorOptions};
use shapewright::dims::{Maps, Spatial};
use shapewright::layers::Layer;
use shapewright::network::Declared;
use shapewright::ops::{self, Backend, Flow};
use shapewright::prelude::*;
use shapewright::shape::Network;
use shapewright::{Error, FloatDtype};

#[derive(Clone, Debug)]
struct LayerScale<const CHANNELS: usize, E: Dtype = f32, D: Storage<E> = Cpu> {
    gamma: Tensor<Rank1<CHANNELS>, E, D>,
}

/// To the shape it does nothing, and has a parameter for each channel.
impl<const C: usize> Declared for LayerScale<C> {
    const NETWORK: Network<'static> = Network::layer("LayerScale", &[]).with_parameters(C);
}

/// The same in types, for networks that leave the image's size open.
impl<const C: usize, S: Spatial> Maps<S> for LayerScale<C> {
    type Output = S;
}

/// What dfdx builds, initialises, optimises and saves.
impl<const C: usize, E: FloatDtype, D: Device<E>> TensorCollection<E, D> for LayerScale<C, E, D> {
    type To<E2: Dtype, D2: Device<E2>> = LayerScale<C, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(
        visitor: &mut V,
    ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let small = TensorOptions::reset_with(|t: &mut Tensor<Rank1<C>, E, D>| {
            t.try_fill_with_zeros()?;
            *t = t.clone().try_add(E::from_f64(0.1).unwrap_or(E::ONE))?;
            Ok(())
        });
        let gamma = Self::tensor("gamma", |s| &s.gamma, |s| &mut s.gamma, small);
        visitor.visit_fields(gamma, |gamma| LayerScale { gamma })
    }
}

impl<const C: usize, E: FloatDtype, D: Backend<E>> Layer<E, D> for LayerScale<C, E, D> {
    fn try_forward<T: Tape<E, D>>(&self, x: Flow<E, D, T>) -> Result<Flow<E, D, T>, Error> {
        // A tensor of (batch, channels, height, width), with what has happened on its tape.
        let x = x.leave()?;
        let x = x
            .try_realize::<(usize, Const<C>, usize, usize)>()
            .map_err(|x| Error::Rank { shape: x.shape().concrete().into() })?;
        let gamma = self.gamma.retaped::<T>();
        let gamma = gamma.try_broadcast_like(x.shape()).map_err(Error::device)?;
        Flow::enter(ops::erase(x.try_mul(gamma).map_err(Error::device)?)?)
    }
}

net! {
    /// A small ConvNeXt-like network.
    struct Net: [1, 28, 28] -> [10] {
        stem: Conv2d(16, kernel = 4, stride = 4),
        body: Repeat<3> {
            Residual {
                Conv2d(16, kernel = 7, padding = 3, groups = 16),
                GroupNorm(1),
                Conv2d(64, kernel = 1),
                GELU,
                Conv2d(16, kernel = 1),
                scale: LayerScale<16>,
            },
        },
        GlobalAvgPool2d,
        head: Linear(10),
    }
}

fn main() {
    let dev = Cpu::seed_from_u64(0);
    let mut net = dev.build_module::<Net, f32>();
    println!("{}\n", Net::summary());

    let images: Tensor<Rank4<32, 1, 28, 28>, f32, _> = dev.sample_normal();
    let mut labels = [[0.0; 10]; 32];
    labels.iter_mut().enumerate().for_each(|(i, row)| row[i % 10] = 1.0);
    let labels = dev.tensor(labels);
    let mut adam = Adam::new(&net, AdamConfig { lr: 3e-3, ..Default::default() });
    for step in 0..=30 {
        let logits = net.forward_mut(images.clone().traced(net.alloc_grads()));
        let loss = cross_entropy_with_logits_loss(logits, labels.clone());
        if step % 10 == 0 {
            let gamma = net.body[0].scale.gamma.clone().mean().array();
            println!("step {step:2}  loss {:.3}  mean of the first scale {gamma:.3}", loss.array());
        }
        adam.update(&mut net, &loss.backward()).expect("every parameter has a gradient");
    }
}
