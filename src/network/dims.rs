//! Dimensions that depend on a network's const parameters. `Const<{ … }>` of them is not for stable
//! Rust, but dfdx takes any type that knows its size.

use std::marker::PhantomData;

use dfdx::shapes::{ConstDim, Dim};

use super::Declared;

/// Dimension `AXIS` of the weight at step `STEP` of a network whose const parameters decide on it.
pub struct WeightDim<N, const STEP: usize, const AXIS: usize>(PhantomData<fn() -> N>);

/// The length of the bias at step `STEP` of a network whose const parameters decide on it.
pub struct BiasDim<N, const STEP: usize>(PhantomData<fn() -> N>);

/// Dimension `AXIS` of the output of a network whose const parameters decide on it.
pub struct OutputDim<N, const AXIS: usize>(PhantomData<fn() -> N>);

macro_rules! const_dim {
    ($Name:ident<$($param:ident),*>, $size:expr) => {
        impl<N: Declared, $(const $param: usize),*> Dim for $Name<N, $($param),*> {
            fn size(&self) -> usize {
                Self::SIZE
            }

            fn from_size(size: usize) -> Option<Self> {
                (size == Self::SIZE).then_some($Name(PhantomData))
            }
        }

        impl<N: Declared, $(const $param: usize),*> ConstDim for $Name<N, $($param),*> {
            const SIZE: usize = $size;
        }

        // Derived, these would ask the same of the network.
        impl<N, $(const $param: usize),*> Clone for $Name<N, $($param),*> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<N, $(const $param: usize),*> Copy for $Name<N, $($param),*> {}

        impl<N, $(const $param: usize),*> Default for $Name<N, $($param),*> {
            fn default() -> Self {
                $Name(PhantomData)
            }
        }

        impl<N, $(const $param: usize),*> PartialEq for $Name<N, $($param),*> {
            fn eq(&self, _: &Self) -> bool {
                true
            }
        }

        impl<N, $(const $param: usize),*> Eq for $Name<N, $($param),*> {}

        impl<N: Declared, $(const $param: usize),*> std::fmt::Debug for $Name<N, $($param),*> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}", Self::SIZE)
            }
        }
    };
}

const_dim!(WeightDim<STEP, AXIS>, match N::NETWORK.weight_and_bias(STEP) {
    Some(weight) if AXIS < weight.dims().len() => weight.dims()[AXIS],
    _ => 1,
});
const_dim!(
    BiasDim<STEP>,
    match N::NETWORK.weight_and_bias(STEP) {
        Some(weight) => weight.bias_length(),
        None => 1,
    }
);
const_dim!(OutputDim<AXIS>, N::NETWORK.output_or_declared().dim(AXIS));
