//! A row brought to the width of the output, and back.

use super::Upsample2dOp;
use super::bilinear::{Place, places};
use crate::kernels::Element;
use crate::kernels::simd::{MAX_LANES, Simd};

/// How the pixels of a row of the output come from those of a row of the input.
pub struct Columns<E> {
    places: Vec<Place<E>>,
    /// Twice the width, between pixels: the most common case, which goes in vectors. Each pixel
    /// becomes two, which lie a quarter to its left and to its right.
    doubled: bool,
    input: usize,
}

impl<E: Element> Columns<E> {
    pub fn new(op: &Upsample2dOp, align_corners: bool) -> Self {
        let doubled = !align_corners && op.output[1] == 2 * op.input[1];
        Columns { places: places(op, 1, align_corners), doubled, input: op.input[1] }
    }

    /// Numbers that a wide row takes: two vectors more than its own.
    pub fn wide(&self) -> usize {
        self.places.len().next_multiple_of(2 * MAX_LANES) + 2 * MAX_LANES
    }

    /// Numbers of the buffer that each row needs for itself.
    pub fn extra(&self) -> usize {
        if self.doubled { 2 * (self.input.next_multiple_of(MAX_LANES) + MAX_LANES) } else { 0 }
    }

    /// `wide` is `row` at the width of the output.
    #[inline(always)]
    pub fn widen<S: Simd<E = E>>(&self, s: S, row: &[E], extra: &mut [E], wide: &mut [E]) {
        if !self.doubled {
            for (y, place) in wide.iter_mut().zip(&self.places) {
                let [left, right] = place.pixels;
                *y = place.weights[0] * row[left] + place.weights[1] * row[right];
            }
            return;
        }
        // The row between its first and its last pixel once more.
        let width = self.input;
        let padded = &mut extra[..width.next_multiple_of(MAX_LANES) + MAX_LANES];
        for at in (0..width).step_by(S::LANES) {
            let n = S::LANES.min(width - at);
            // SAFETY: `n` numbers of `row`.
            let v = unsafe { s.load_first(row.as_ptr().add(at), n) };
            s.put(v, padded, 1 + at);
        }
        (padded[0], padded[width + 1]) = (row[0], row[width - 1]);
        let (far, near) = (s.splat(E::cast(0.25)), s.splat(E::cast(0.75)));
        for at in (0..width).step_by(S::LANES) {
            let pixel = s.mul(near, s.get(padded, at + 1));
            let left = s.fma(far, s.get(padded, at), pixel);
            let right = s.fma(far, s.get(padded, at + 2), pixel);
            let (low, high) = s.zip(left, right);
            s.put(low, wide, 2 * at);
            s.put(high, wide, 2 * at + S::LANES);
        }
        // The first pixel is not its own neighbour: it may lie beside an infinity, times 0.
        let [left, right] = self.places[0].pixels;
        wide[0] = self.places[0].weights[0] * row[left] + self.places[0].weights[1] * row[right];
    }

    /// `gx += ` the gradient of the row that `wide` was made from, given that of `wide`.
    #[inline(always)]
    pub fn add_back<S: Simd<E = E>>(&self, s: S, wide: &[E], extra: &mut [E], gx: &mut [E]) {
        if !self.doubled {
            for (&gy, place) in wide.iter().zip(&self.places) {
                gx[place.pixels[0]] += place.weights[0] * gy;
                gx[place.pixels[1]] += place.weights[1] * gy;
            }
            return;
        }
        let width = self.input;
        let (left, right) = extra.split_at_mut(width.next_multiple_of(MAX_LANES) + MAX_LANES);
        for at in (0..width).step_by(S::LANES) {
            let (a, b) = (s.get(wide, 2 * at), s.get(wide, 2 * at + S::LANES));
            let (even, odd) = s.unzip(a, b);
            s.put(even, left, at);
            s.put(odd, right, at + 1);
        }
        // Beyond the ends, the first and the last pixel are their own neighbours.
        (left[width], right[0]) = (right[width], left[0]);
        let (far, near) = (s.splat(E::cast(0.25)), s.splat(E::cast(0.75)));
        for at in (0..width).step_by(S::LANES) {
            let own = s.add(s.get(left, at), s.get(right, at + 1));
            let others = s.add(s.get(left, at + 1), s.get(right, at));
            let sum = s.fma(near, own, s.mul(far, others));
            let n = S::LANES.min(width - at);
            // SAFETY: `n` numbers of `gx`.
            unsafe {
                let gx = gx.as_mut_ptr().add(at);
                s.store_first(gx, s.add(s.load_first(gx, n), sum), n);
            }
        }
        // As above: what counts 0 there still spreads an infinity.
        gx[self.places[0].pixels[1]] += self.places[0].weights[1] * wide[0];
    }
}
