//! The most common max pool: windows of 2 × 2 that tile images of an even width. Rows then follow
//! each other without a gap, so that pairs of columns are one long run over the whole plane.

use super::Pool2dOp;
use super::max::places;
use crate::kernels::Element;
use crate::kernels::simd::{MAX_LANES, Op, Simd};

/// Whether [`Halve`] can do it.
pub(super) fn suits(op: &Pool2dOp) -> bool {
    let [height, width] = op.input;
    op.kernel == [2, 2]
        && op.stride == [2, 2]
        && op.dilation == [1, 1]
        && op.padding == [[0, 0], [0, 0]]
        && op.output == [height / 2, width / 2]
        && width.is_multiple_of(2)
}

/// Numbers of the buffer for one plane: the winners of pairs of columns, their values and which
/// of the two they are, each in whole vectors and one more.
pub(super) fn buffer_len(op: &Pool2dOp) -> usize {
    2 * pairs(op)
}

fn pairs(op: &Pool2dOp) -> usize {
    (op.input_pixels() / 2).next_multiple_of(MAX_LANES) + MAX_LANES
}

/// One plane.
pub(super) struct Halve<'a, E> {
    pub op: &'a Pool2dOp,
    pub x: &'a [E],
    pub y: &'a mut [E],
    pub indices: Option<&'a mut [u32]>,
    pub buffer: &'a mut [E],
}

impl<E: Element> Op<E> for Halve<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Halve { op, x, y, mut indices, buffer } = self;
        let (best, right) = buffer.split_at_mut(pairs(op));
        let (zero, one) = (s.zero(), s.splat(E::one()));
        for at in (0..x.len() / 2).step_by(S::LANES) {
            let (a, b) = two_vectors(s, &x[2 * at..]);
            let (a, b) = s.unzip(a, b);
            s.put(s.if_beats(b, a, b, a), best, at);
            if indices.is_some() {
                s.put(s.if_beats(b, a, one, zero), right, at);
            }
        }
        let width = op.output[1];
        for oy in 0..op.output[0] {
            for ox in (0..width).step_by(S::LANES) {
                let upper = 2 * oy * width + ox;
                let (a, b) = (s.get(best, upper), s.get(best, upper + width));
                s.put(s.if_beats(b, a, b, a), y, oy * width + ox);
                if let Some(indices) = &mut indices {
                    let (left, below) = (s.get(right, upper), s.get(right, upper + width));
                    let taps = [s.if_beats(b, a, one, zero), s.if_beats(b, a, below, left)];
                    places(s, op, [oy, ox], taps, &mut indices[oy * width + ox..]);
                }
            }
        }
    }
}

/// Two vectors, or as much of them as there is.
#[inline(always)]
fn two_vectors<S: Simd>(s: S, x: &[S::E]) -> (S::V, S::V) {
    if x.len() >= 2 * S::LANES {
        return (s.get(x, 0), s.get(x, S::LANES));
    }
    let (low, high) = (x.len().min(S::LANES), x.len().saturating_sub(S::LANES));
    // SAFETY: no more than the numbers of `x`; where there are none, no address is made.
    unsafe {
        let a = s.load_first(x.as_ptr(), low);
        if high == 0 {
            return (a, s.zero());
        }
        (a, s.load_first(x.as_ptr().add(S::LANES), high))
    }
}
