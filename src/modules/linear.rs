//! Fully connected layers.

use dfdx::nn::{BuildOnDevice, ModuleVisitor, NonMutableModule, TensorCollection, TensorOptions};
use dfdx::prelude::*;

use super::macros::{functions, module};
use super::options::legal;
use super::shapes::{FeatureVectors, Takes, TakesFeatures};
use super::weighted::weighted;
use crate::init::{Init, draw, fans};
use crate::layers::Layer;
use crate::ops::{self, Backend, Flow};
use crate::shape;
use crate::{Error, FloatDtype};

weighted! {
    /// `y = weight · x + bias`, as PyTorch's
    /// [`Linear`](https://pytorch.org/docs/stable/generated/torch.nn.Linear.html).
    /// [`UnbiasedLinear`] has no bias.
    ///
    /// dfdx's `Linear` fits in its place. This one says in words what it takes and what arrives, takes
    /// the features of [`Flatten`](super::Flatten) however many they are, and a `usize` of them.
    ///
    /// # Shapes
    ///
    /// `(B, IN)` to `(B, OUT)`, `(IN,)` to `(OUT,)`.
    ///
    /// # Errors
    ///
    /// Other than `IN` features.
    ///
    /// # Example
    ///
    /// ```
    /// use shapewright::modules::Linear;
    /// use shapewright::prelude::*;
    ///
    /// let dev = Cpu::default();
    /// let linear = dev.build_module::<Linear<400, 120>, f32>();
    /// let x: Tensor<Rank2<8, 400>, f32, _> = dev.sample_normal();
    /// let y: Tensor<Rank2<8, 120>, f32, _> = linear.forward(x);
    ///
    /// let x = dev.zeros_like(&(3, 399));
    /// let error = linear.try_forward(x).unwrap_err().to_string();
    /// assert!(error.contains("399 features") && error.contains("takes 400"));
    /// ```
    Linear[IN, OUT], ops::linear,
    weight: "`(OUT, IN)`" Rank2<OUT, IN>,
    bias: bias,
    options: Linear shape::Linear { in_features: Some(IN), ..shape::Linear::new(OUT) }
}

weighted! {
    /// A [`Linear`] without bias.
    ///
    /// # Example
    ///
    /// ```
    /// use shapewright::modules::UnbiasedLinear;
    /// use shapewright::prelude::*;
    ///
    /// let dev = Cpu::default();
    /// let linear = dev.build_module::<UnbiasedLinear<4, 2>, f64>();
    /// let y: Tensor<Rank1<2>, f64, _> = linear.forward(dev.zeros::<Rank1<4>>());
    /// assert_eq!(y.array(), [0.0, 0.0]);
    /// ```
    UnbiasedLinear[IN, OUT], ops::linear,
    weight: "`(OUT, IN)`" Rank2<OUT, IN>,
    options: Linear shape::Linear { in_features: Some(IN), bias: false, ..shape::Linear::new(OUT) }
}

macro_rules! takes {
    ($Name:ident) => {
        impl<const IN: usize, const OUT: usize, E: Dtype, D: Storage<E>, S: FeatureVectors> Takes<S>
            for $Name<IN, OUT, E, D>
        where
            S::Features: TakesFeatures<IN>,
        {
            type Output = S::With<Const<OUT>>;
            const BATCHED: bool = S::NUM_DIMS == 2;
            const FITS: () = <S::Features as TakesFeatures<IN>>::FITS;
        }
    };
}

takes!(Linear);
takes!(UnbiasedLinear);
