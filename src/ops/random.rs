//! The random numbers of a training step that can be repeated.

use std::cell::RefCell;

use dfdx::tensor::RandomU64;
use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};

thread_local! {
    static SEEDED: RefCell<Option<StdRng>> = const { RefCell::new(None) };
}

/// Runs `f`, in which everything that operations draw follows from `seed` and not from what the
/// device has drawn before: a step that is run again, by another process even, drops the same
/// elements. Only what `f` does on this thread counts, which is where networks draw.
///
/// ```
/// use shapewright::ops;
/// use shapewright::prelude::*;
///
/// net! { struct Net: [100] -> [100] { Dropout(0.5) } }
///
/// let mut net = Cpu::default().build_module::<Net, f32>();
/// let x: Tensor<Rank1<100>, f32, _> = Cpu::default().ones();
/// let mut run = |seed| ops::seeded(seed, || net.forward_one_mut(x.clone()).as_vec());
/// let first = run(1);
/// assert_ne!(run(2), first);
/// assert_eq!(run(1), first);
/// ```
pub fn seeded<T>(seed: u64, f: impl FnOnce() -> T) -> T {
    let _restored = Restored(SEEDED.replace(Some(StdRng::seed_from_u64(seed))));
    f()
}

/// Puts back what there was, after a panic, too.
struct Restored(Option<StdRng>);

impl Drop for Restored {
    fn drop(&mut self) {
        SEEDED.set(self.0.take());
    }
}

/// A number from [`seeded`], else from the device.
pub(super) fn draw(device: &impl RandomU64) -> u64 {
    let seeded = SEEDED.with_borrow_mut(|rng| rng.as_mut().map(RngCore::next_u64));
    seeded.unwrap_or_else(|| device.random_u64())
}
