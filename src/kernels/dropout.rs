//! Inverted dropout: some elements become 0, the others grow so that the mean stays.

use super::Element;
use rand::SeedableRng;
use rand::distributions::{Bernoulli, Distribution};
use rand::rngs::StdRng;

/// Which of `len` elements are kept when each is dropped with probability `p`, from 0 to 1; the
/// same for the same `seed`.
///
/// # Panics
/// If `p` is no probability.
pub fn draw(len: usize, p: f64, seed: u64) -> Vec<bool> {
    let dropped = Bernoulli::new(p).expect("a probability");
    let mut rng = StdRng::seed_from_u64(seed);
    (0..len).map(|_| !dropped.sample(&mut rng)).collect()
}

/// [`apply`] to planes as a whole, of which `kept` tells.
pub fn apply_to_planes<E: Element>(kept: &[bool], p: f64, y: &mut [E]) {
    if y.is_empty() {
        return;
    }
    assert_eq!(y.len() % kept.len(), 0);
    let scale = E::cast((1.0 - p).recip());
    let size = y.len() / kept.len();
    for (plane, &kept) in y.chunks_exact_mut(size).zip(kept) {
        if kept {
            plane.iter_mut().for_each(|y| *y = *y * scale);
        } else {
            plane.fill(E::zero());
        }
    }
}

/// Zeroes what is not kept, and divides the rest by `1 - p`: the layer and its gradient.
pub fn apply<E: Element>(kept: &[bool], p: f64, y: &mut [E]) {
    assert_eq!(kept.len(), y.len());
    let scale = E::cast((1.0 - p).recip());
    for (y, &kept) in y.iter_mut().zip(kept) {
        *y = if kept { *y * scale } else { E::zero() };
    }
}
