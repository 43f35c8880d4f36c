//! The transform of the weight.

use super::super::weights::Weights;
use super::super::winograd::Magnitude;
use super::Plan;
use super::transform::{self, POINTS, TAPS};
use crate::kernels::Element;
use crate::kernels::simd::{MAX_LANES, Op, Simd};

impl Plan {
    /// Numbers of the buffer of [`Transform`]: each tap of the kernel rows of an output channel.
    pub(super) fn kernel_rows_len(&self) -> usize {
        TAPS * self.products().next_multiple_of(MAX_LANES)
    }
}

pub struct Transform<'a, E> {
    pub plan: &'a Plan,
    pub weight: &'a Weights<'a, E>,
    /// `[group][point][output][channel][row]`.
    pub out: &'a mut [E],
    pub buffer: &'a mut [E],
    /// Whether the numbers suit the algorithm.
    pub suits: &'a mut bool,
}

impl<E: Element> Op<E> for Transform<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Transform { plan, weight, out, buffer, suits } = self;
        let (g, products) = (&plan.g, plan.products());
        let len = buffer.len() / TAPS;
        let mut magnitude = Magnitude::new(s);
        // What no kernel row is transformed to is dropped, but seen by `magnitude`.
        buffer.fill(E::zero());
        for (group, out) in out.chunks_exact_mut(POINTS * g.outputs * products).enumerate() {
            for o in 0..g.outputs {
                for c in 0..g.channels {
                    let kernel = &weight.data[group * weight.group + o * weight.output..];
                    let kernel = &kernel[c * weight.channel..];
                    for (row, taps) in weight.taps.chunks_exact(TAPS).enumerate() {
                        for (i, &tap) in taps.iter().enumerate() {
                            buffer[i * len + c * g.kernel[0] + row] = kernel[tap];
                        }
                    }
                }
                for at in (0..products).step_by(S::LANES) {
                    let mut w = [s.zero(); TAPS];
                    for i in 0..TAPS {
                        w[i] = s.get(buffer, i * len + at);
                        magnitude.add(s, w[i]);
                    }
                    let w = transform::weight(s, w);
                    let n = S::LANES.min(products - at);
                    for i in 0..POINTS {
                        let to = &mut out[(i * g.outputs + o) * products + at..][..n];
                        // SAFETY: as many numbers.
                        unsafe { s.store_first(to.as_mut_ptr(), w[i], n) };
                    }
                }
            }
        }
        *suits = !magnitude.is_large(s);
    }
}
