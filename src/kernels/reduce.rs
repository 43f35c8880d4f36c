//! One number of many, in sixteen strands that the compiler makes vectors of.

use super::Element;

/// The sum.
pub(super) fn sum<E: Element>(x: &[E]) -> E {
    let (blocks, rest) = x.as_chunks::<16>();
    let rest = rest.iter().fold(E::zero(), |sum, &x| sum + x);
    if blocks.is_empty() {
        return rest;
    }
    let mut strands = [E::zero(); 16];
    for block in blocks {
        strands.iter_mut().zip(block).for_each(|(s, &x)| *s += x);
    }
    strands.iter().fold(rest, |sum, &x| sum + x)
}

/// `Σ f(a, b)`.
pub(super) fn sum_of<E: Element>(a: &[E], b: &[E], f: impl Fn(E, E) -> E) -> E {
    let ((a_blocks, a_rest), (b_blocks, b_rest)) = (a.as_chunks::<16>(), b.as_chunks::<16>());
    let rest = a_rest.iter().zip(b_rest).fold(E::zero(), |sum, (&a, &b)| sum + f(a, b));
    if a_blocks.is_empty() {
        return rest;
    }
    let mut strands = [E::zero(); 16];
    for (a, b) in a_blocks.iter().zip(b_blocks) {
        for ((s, &a), &b) in strands.iter_mut().zip(a).zip(b) {
            *s += f(a, b);
        }
    }
    strands.iter().fold(rest, |sum, &x| sum + x)
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
