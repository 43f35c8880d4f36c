//! The layers that multiply with a weight and add a bias.

use dfdx::nn::{ModuleVisitor, TensorCollection, TensorOptions};
use dfdx::prelude::*;

use super::{Layer, layer_at};
use crate::init;
use crate::network::WeightAt;
use crate::ops::{self, Backend, Flow};
use crate::shape::{self, Init};
use crate::{Error, FloatDtype};

/// A layer with the fields `weight` and, if its options say so, `bias`, run by the operation of
/// the same form. The bias starts as PyTorch's, whatever the weight is drawn from.
macro_rules! weighted {
    ($(#[$doc:meta])* $Name:ident, $op:path, weight: $weight:literal, bias: $bias:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $Name<N: WeightAt<STEP>, const STEP: usize, E: Dtype, D: Storage<E>> {
            #[doc = $weight]
            pub weight: Tensor<N::Weight, E, D>,
            // Private, so that it is there if and only if the options say so.
            bias: Option<Tensor<N::Bias, E, D>>,
        }

        impl<N: WeightAt<STEP>, const STEP: usize, E: Dtype, D: Storage<E>> $Name<N, STEP, E, D> {
            /// The options of this layer.
            pub const OPTIONS: shape::$Name = match layer_at::<N, STEP>() {
                shape::Layer::$Name(options) => options,
                _ => panic!("this step is another layer"),
            };

            #[doc = concat!($bias, ", unless `bias = false`.")]
            pub fn bias(&self) -> Option<&Tensor<N::Bias, E, D>> {
                self.bias.as_ref()
            }

            #[doc = concat!($bias, ", unless `bias = false`.")]
            pub fn bias_mut(&mut self) -> Option<&mut Tensor<N::Bias, E, D>> {
                self.bias.as_mut()
            }
        }

        impl<N: WeightAt<STEP>, const STEP: usize, E: FloatDtype, D: Device<E>>
            TensorCollection<E, D> for $Name<N, STEP, E, D>
        {
            type To<E2: Dtype, D2: Device<E2>> = $Name<N, STEP, E2, D2>;

            fn iter_tensors<V: ModuleVisitor<Self, E, D>>(
                visitor: &mut V,
            ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
                let weight = Self::tensor(
                    "weight",
                    |s| &s.weight,
                    |s| &mut s.weight,
                    TensorOptions::reset_with(|t| {
                        init::draw(t, Self::OPTIONS.init, init::fans::<N::Weight>())
                    }),
                );
                // Of a network with const parameters this may not have been checked yet.
                const { assert!(Self::OPTIONS.init.is_legal(), "the `init` is no distribution") };
                if !Self::OPTIONS.bias {
                    let built = |(weight,)| $Name { weight, bias: None };
                    return visitor.visit_fields((weight,), built);
                }
                let bias = Self::tensor(
                    "bias",
                    |s| s.bias.as_ref().unwrap(),
                    |s| s.bias.as_mut().unwrap(),
                    TensorOptions::reset_with(|t| {
                        init::draw(t, Init::PyTorch, init::fans::<N::Weight>())
                    }),
                );
                let built = |(weight, bias)| $Name { weight, bias: Some(bias) };
                visitor.visit_fields((weight, bias), built)
            }
        }

        impl<N: WeightAt<STEP>, const STEP: usize, E: FloatDtype, D: Backend<E>> Layer<E, D>
            for $Name<N, STEP, E, D>
        {
            fn try_forward<T: Tape<E, D>>(
                &self,
                x: Flow<E, D, T>,
            ) -> Result<Flow<E, D, T>, Error> {
                $op(x, &self.weight, self.bias.as_ref(), &Self::OPTIONS)
            }
        }
    };
}

weighted! {
    /// The convolution at step `STEP` of the network `N`.
    ///
    /// Drawn by the option `init`; by default as in PyTorch: uniform within `1 / sqrt(in_channels / groups · kh · kw)`.
    Conv2d, ops::conv2d,
    weight: "`(out_channels, in_channels / groups, kernel h, kernel w)`",
    bias: "`(out_channels)`"
}

weighted! {
    /// The convolution of sequences at step `STEP` of the network `N`.
    ///
    /// Drawn by the option `init`; by default as in PyTorch: uniform within `1 / sqrt(in_channels / groups · kernel)`.
    Conv1d, ops::conv1d,
    weight: "`(out_channels, in_channels / groups, kernel)`",
    bias: "`(out_channels)`"
}

weighted! {
    /// The linear layer at step `STEP` of the network `N`.
    ///
    /// Drawn by the option `init`; by default as in PyTorch: uniform within `1 / sqrt(in_features)`.
    Linear, ops::linear,
    weight: "`(out_features, in_features)`",
    bias: "`(out_features)`"
}

weighted! {
    /// The transposed convolution at step `STEP` of the network `N`.
    ///
    /// Drawn by the option `init`; by default as in PyTorch: uniform within `1 / sqrt(out_channels / groups · kh · kw)`.
    ConvTranspose2d, ops::conv_transpose2d,
    weight: "`(in_channels, out_channels / groups, kernel h, kernel w)`",
    bias: "`(out_channels)`"
}
