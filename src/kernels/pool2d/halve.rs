//! The most common max pool: windows of 2 × 2 that tile images of an even width. Rows then follow
//! each other without a gap, so that pairs of columns are one long run over the whole plane.

use super::Pool2dOp;
use crate::kernels::Element;
use crate::kernels::simd::{Op, Simd};

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

/// Numbers of the buffer for one plane: the winners of pairs of columns.
pub(super) fn buffer_len(op: &Pool2dOp) -> usize {
    2 * op.output_pixels()
}

/// One plane.
pub(super) struct Halve<'a, E> {
    /// Width of the output.
    pub width: usize,
    pub x: &'a [E],
    pub y: &'a mut [E],
    pub indices: Option<&'a mut [u32]>,
    pub buffer: &'a mut [E],
}

impl<E: Element> Op<E> for Halve<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, _: S) {
        let Halve { width, x, y, indices, buffer } = self;
        let (pairs, _) = x.as_chunks::<2>();
        match indices {
            None => {
                for (best, &[a, b]) in buffer.iter_mut().zip(pairs) {
                    *best = if beats(b, a) { b } else { a };
                }
                let rows = buffer.chunks_exact(2 * width).zip(y.chunks_exact_mut(width));
                for (rows, y) in rows {
                    let (upper, lower) = rows.split_at(width);
                    for ((y, &a), &b) in y.iter_mut().zip(upper).zip(lower) {
                        *y = if beats(b, a) { b } else { a };
                    }
                }
            }
            Some(indices) => {
                let mut places = vec![0; buffer.len()];
                let both = buffer.iter_mut().zip(&mut places).zip(pairs).enumerate();
                for (i, ((best, place), &[a, b])) in both {
                    let right = beats(b, a);
                    *best = if right { b } else { a };
                    *place = 2 * i as u32 + right as u32;
                }
                let rows = buffer.chunks_exact(2 * width).zip(places.chunks_exact(2 * width));
                let out = y.chunks_exact_mut(width).zip(indices.chunks_exact_mut(width));
                for ((rows, places), (y, indices)) in rows.zip(out) {
                    let (upper, lower) = rows.split_at(width);
                    let (place, place_below) = places.split_at(width);
                    for i in 0..width {
                        let below = beats(lower[i], upper[i]);
                        y[i] = if below { lower[i] } else { upper[i] };
                        indices[i] = if below { place_below[i] } else { place[i] };
                    }
                }
            }
        }
    }
}

/// Whether a later pixel takes the place of an earlier one: it is larger, or a NaN.
#[inline(always)]
fn beats<E: Element>(later: E, earlier: E) -> bool {
    (later > earlier) | later.is_nan()
}
