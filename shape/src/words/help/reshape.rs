//! Dimensions that hold all elements.

use super::Help;
use crate::{Claim, Layer, Reshape, Shape};

/// A dimension is 0.
pub(super) const fn zero(help: &mut Help, to: Claim) {
    let mut i = 0;
    while i < to.dims().len() {
        if let Some(0) = to.dims()[i] {
            // To be inferred, if nothing else is; else as many as arrive.
            if offer(help, with(to, i, None)) {
                return;
            }
            let there = help.mistake.input.dim(i);
            if offer(help, with(to, i, Some(there))) || offer(help, with(to, i, Some(1))) {
                return;
            }
        }
        i += 1;
    }
}

/// More than one dimension is to be inferred.
pub(super) const fn open(help: &mut Help, to: Claim) {
    let input = help.mistake.input;
    let (mut new, mut last, mut i) = (to, None, 0);
    while i < to.dims().len() {
        if to.dims()[i].is_none() {
            if let Some(before) = last {
                new = with(new, before, Some(input.dim(before)));
            }
            last = Some(i);
        }
        i += 1;
    }
    let mut ones = new;
    if let Some(last) = last {
        i = 0;
        while i < last {
            if to.dims()[i].is_none() {
                ones = with(ones, i, Some(1));
            }
            i += 1;
        }
    }
    if !offer(help, new) {
        offer(help, ones);
    }
}

/// There are other elements.
pub(super) const fn other_elements(help: &mut Help, to: Claim, input: Shape) {
    let Some(elements) = input.numel() else { return };
    let rank = to.dims().len();
    // One dimension made right, the last one first.
    let mut i = rank;
    while i > 0 {
        i -= 1;
        let open = with(to, i, None);
        if let Some(n) = inferred(open, elements)
            && offer(help, with(to, i, Some(n)))
        {
            let open = Layer::Reshape(Reshape { to: open });
            help.offer_after("let it be inferred: write ", open);
            return;
        }
        // The other one is inferred: the nearest that divides.
        if let Some(n) = to.dims()[i]
            && let Some(n) = nearest_divisor(elements, n)
            && offer(help, with(to, i, Some(n)))
        {
            return;
        }
    }
    // What fits always.
    let any = match rank {
        1 => Claim::features(Some(elements)),
        2 => Claim::sequence(Some(input.dim(0)), Some(elements / input.dim(0))),
        _ => Claim::image(Some(input.dim(0)), Some(input.dim(1)), Some(input.dim(2))),
    };
    offer(help, any);
}

const fn offer(help: &mut Help, to: Claim) -> bool {
    help.offer(Layer::Reshape(Reshape { to }))
}

/// What the one open dimension is.
const fn inferred(claim: Claim, elements: usize) -> Option<usize> {
    let (mut product, mut open, mut i) = (1usize, 0, 0);
    while i < claim.dims().len() {
        match claim.dims()[i] {
            Some(n) => product = product.saturating_mul(n),
            None => open += 1,
        }
        i += 1;
    }
    if open == 1 && elements.is_multiple_of(product) { Some(elements / product) } else { None }
}

const fn nearest_divisor(of: usize, n: usize) -> Option<usize> {
    let mut distance = 1;
    while distance <= 64 {
        if n > distance && of.is_multiple_of(n - distance) {
            return Some(n - distance);
        }
        let more = n.saturating_add(distance);
        if of.is_multiple_of(more) {
            return Some(more);
        }
        distance += 1;
    }
    None
}

const fn with(claim: Claim, i: usize, to: Option<usize>) -> Claim {
    let mut dims = [None; 3];
    let mut d = 0;
    while d < claim.dims().len() {
        dims[d] = if d == i { to } else { claim.dims()[d] };
        d += 1;
    }
    match claim.dims().len() {
        1 => Claim::features(dims[0]),
        2 => Claim::sequence(dims[0], dims[1]),
        _ => Claim::image(dims[0], dims[1], dims[2]),
    }
}
