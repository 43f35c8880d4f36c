//! The most common max pool: windows of 2 × 2 that tile images of an even width. Rows then follow
//! each other without a gap, so that pairs of columns are one long run over the whole plane.

use super::Pool2dOp;
use crate::kernels::Element;
use crate::kernels::simd::{MAX_LANES, Op, Simd};
use num_traits::One;

/// Planes whose pixels single precision can count.
const MOST_PIXELS: usize = 1 << 24;

/// Whether [`Halve`] can do it.
pub(super) fn suits(op: &Pool2dOp) -> bool {
    let [height, width] = op.input;
    op.input_pixels() <= MOST_PIXELS
        && op.kernel == [2, 2]
        && op.stride == [2, 2]
        && op.dilation == [1, 1]
        && op.padding == [[0, 0], [0, 0]]
        && op.output == [height / 2, width / 2]
        && width.is_multiple_of(2)
}

/// Numbers of the buffer for one plane: the winners of pairs of columns, their values and their
/// places, each in whole vectors and one more.
pub(super) fn buffer_len(op: &Pool2dOp) -> usize {
    2 * pairs(op)
}

fn pairs(op: &Pool2dOp) -> usize {
    (op.input_pixels() / 2).next_multiple_of(MAX_LANES) + MAX_LANES
}

/// Some planes.
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
        let (pixels, windows) = (op.input_pixels(), op.output_pixels());
        let planes = x.chunks_exact(pixels).zip(y.chunks_exact_mut(windows));
        for (i, (x, y)) in planes.enumerate() {
            let indices = indices.as_mut().map(|indices| &mut indices[i * windows..][..windows]);
            plane(s, op, x, y, indices, buffer);
        }
    }
}

#[inline(always)]
fn plane<S: Simd>(
    s: S,
    op: &Pool2dOp,
    x: &[S::E],
    y: &mut [S::E],
    mut indices: Option<&mut [u32]>,
    buffer: &mut [S::E],
) {
    let (best, places) = buffer.split_at_mut(pairs(op));
    let mut even = evens(s);
    for at in (0..x.len() / 2).step_by(S::LANES) {
        let (a, b) = two_vectors(s, &x[2 * at..]);
        let (a, b) = s.unzip(a, b);
        s.put(s.if_beats(b, a, b, a), best, at);
        if indices.is_some() {
            let odd = s.add(even, s.splat(S::E::one()));
            s.put(s.if_beats(b, a, odd, even), places, at);
            even = s.add(even, s.splat(S::E::cast(2.0 * S::LANES as f64)));
        }
    }
    let width = op.output[1];
    for oy in 0..op.output[0] {
        for ox in (0..width).step_by(S::LANES) {
            let (upper, to) = (2 * oy * width + ox, oy * width + ox);
            let (a, b) = (s.get(best, upper), s.get(best, upper + width));
            s.put(s.if_beats(b, a, b, a), y, to);
            if let Some(indices) = &mut indices {
                let place = [s.get(places, upper), s.get(places, upper + width)];
                put_whole(s, s.if_beats(b, a, place[1], place[0]), 0, indices, to);
            }
        }
    }
}

/// `0 2 4 …`
#[inline(always)]
fn evens<S: Simd>(s: S) -> S::V {
    let evens: [S::E; MAX_LANES] = std::array::from_fn(|i| S::E::cast(2.0 * i as f64));
    s.get(&evens, 0)
}

/// [`Simd::put`] of whole numbers plus `start`.
#[inline(always)]
pub(super) fn put_whole<S: Simd>(s: S, v: S::V, start: u32, to: &mut [u32], at: usize) {
    let to = &mut to[at..];
    if to.len() >= S::LANES {
        // SAFETY: as just seen.
        return unsafe { s.store_whole(to.as_mut_ptr(), v, start) };
    }
    let mut all = [0; MAX_LANES];
    // SAFETY: no vector is longer than that.
    unsafe { s.store_whole(all.as_mut_ptr(), v, start) };
    to.copy_from_slice(&all[..to.len()]);
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
