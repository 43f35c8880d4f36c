//! Random numbers that depend on nothing but the numbers they are asked for with.
use rand::SeedableRng;
use rand::rngs::StdRng;

/// A generator of its own for every sequence of `keys`: neighbouring keys get unrelated streams.
///
/// What is drawn by `[seed, epoch, sample]` is the same on any number of threads, in any order.
pub(super) fn rng(keys: &[u64]) -> StdRng {
    StdRng::seed_from_u64(keys.iter().fold(0, |state, &key| mix(state.wrapping_add(key))))
}

/// SplitMix64's finaliser (Steele, Lea and Flood, 2014).
fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}
