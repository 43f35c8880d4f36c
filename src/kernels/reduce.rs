//! One number of many, in sixteen strands that the compiler makes vectors of.

use super::Element;

/// The sum.
pub(super) fn sum<E: Element>(x: &[E]) -> E {
    let (blocks, rest) = x.as_chunks::<16>();
    let mut strands = [E::zero(); 16];
    for block in blocks {
        strands.iter_mut().zip(block).for_each(|(s, &x)| *s += x);
    }
    strands.iter().chain(rest).fold(E::zero(), |sum, &x| sum + x)
}

/// The largest number, NaN if there is one, -∞ if there is none.
pub(super) fn max<E: Element>(x: &[E]) -> E {
    let larger = |a: E, b: E| if b > a || b.is_nan() { b } else { a };
    let (blocks, rest) = x.as_chunks::<16>();
    let mut strands = [E::neg_infinity(); 16];
    for block in blocks {
        strands.iter_mut().zip(block).for_each(|(s, &x)| *s = larger(*s, x));
    }
    strands.iter().chain(rest).fold(E::neg_infinity(), |max, &x| larger(max, x))
}
