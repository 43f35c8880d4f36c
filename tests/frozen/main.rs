//! Frozen networks against the networks that they were.

mod any_size;
mod errors;
mod networks;
mod random;

use shapewright::dfdx::nn::Module;
use shapewright::frozen::{Accepts, Frozen};
use shapewright::prelude::*;

/// The largest difference, in parts of the largest number.
fn difference(expected: &[f32], got: &[f32]) -> f32 {
    assert_eq!(expected.len(), got.len());
    let largest = expected.iter().fold(1.0, |max: f32, x| max.max(x.abs()));
    let apart = expected.iter().zip(got).map(|(a, b)| (a - b).abs());
    apart.fold(0.0, f32::max) / largest
}

/// Asserts that both give the same for `x`.
fn assert_agree<N, I: Shape>(net: &N, engine: &Frozen<N>, x: Tensor<I, f32, Cpu>)
where
    N: Accepts<I, f32>
        + Module<Tensor<I, f32, Cpu>, Output = Tensor<<N as Accepts<I, f32>>::Output, f32, Cpu>>,
{
    let (expected, got) = (net.forward(x.clone()), engine.forward(x));
    assert_eq!(expected.shape(), got.shape());
    let apart = difference(&expected.as_vec(), &got.as_vec());
    assert!(apart < 1e-5, "{apart}");
}
