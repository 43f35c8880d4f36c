//! Every kernel against plain `f64` loops, over many random sizes and options.

mod activation;
mod adaptive_pool2d;
mod conv2d;
mod conv_many_channels;
mod conv_transpose2d;
mod cross_entropy;
mod few_channels;
mod join;
mod linear;
mod norm;
mod panels;
mod pool2d;
mod upsample2d;
mod zero_pad2d;

use super::Element;
use num_traits::NumCast;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// Numbers in (-1, 1).
fn random<E: Element>(rng: &mut StdRng, len: usize) -> Vec<E> {
    (0..len).map(|_| E::cast(rng.gen_range(-1.0..1.0))).collect()
}

fn wide<E: Element>(x: &[E]) -> Vec<f64> {
    x.iter().map(|&x| NumCast::from(x).unwrap()).collect()
}

fn one_of<T: Copy>(rng: &mut StdRng, choices: &[T]) -> T {
    choices[rng.gen_range(0..choices.len())]
}

/// Asserts that `got` is `expected` but for rounding, and NaN or infinite at the same places.
#[track_caller]
fn assert_close<E: Element>(got: &[E], expected: &[f64], what: &dyn std::fmt::Debug) {
    assert_eq!(got.len(), expected.len());
    // Cancellation leaves an error of the size of the terms, so the largest result is the scale.
    let finite = expected.iter().filter(|v| v.is_finite());
    let scale = finite.fold(1.0f64, |scale, v| scale.max(v.abs()));
    let epsilon: f64 = NumCast::from(E::epsilon()).unwrap();
    for (i, (got, &expected)) in wide(got).into_iter().zip(expected).enumerate() {
        let same = match expected.is_finite() {
            true => (got - expected).abs() <= 100.0 * epsilon * scale,
            false => got.is_nan() == expected.is_nan() && (got.is_nan() || got == expected),
        };
        assert!(same, "at {i}: {got} is not {expected}: {what:?}");
    }
}
