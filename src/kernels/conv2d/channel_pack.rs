//! The weight as [`super::channel_vectors`] reads it.

use super::channel_vectors::Plan;
use super::weights::Weights;
use crate::kernels::Element;
use crate::kernels::parallel::{Shared, tasks};
use crate::kernels::simd::{MAX_LANES, Op, Simd, dispatch};

impl Plan {
    /// Packs the weight as `[group][panel of channels][phase][product][channel]`; channels that a
    /// panel has too many are 0.
    pub fn pack<E: Element>(&self, weight: &Weights<E>, packed: &mut [E]) {
        let panel = self.width * self.products;
        let panels = self.g.outputs.div_ceil(self.width);
        assert!(packed.len() == self.weight_len());
        let threads = if packed.len() < 1 << 15 { 1 } else { self.threads };
        let out = Shared::new(packed);
        tasks(threads, panels * self.g.groups, |p| {
            // SAFETY: the panels are in the buffer, whose length is asserted, and do not overlap;
            // each is one task's.
            let out = unsafe { out.part(p * panel, panel) };
            let (group, first) = (p / panels, p % panels * self.width);
            let channels = self.width.min(self.g.outputs - first);
            dispatch(self.isa, Pack { plan: self, weight, group, first, channels, out });
        });
    }
}

struct Pack<'a, E> {
    plan: &'a Plan,
    weight: &'a Weights<'a, E>,
    group: usize,
    /// The panel's first channel and how many it has.
    first: usize,
    channels: usize,
    out: &'a mut [E],
}

impl<E: Element> Op<E> for Pack<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Pack { plan, weight, group, first, channels, out } = self;
        let (width, products) = (plan.width, plan.products);
        let phases = plan.phases.iter().flatten();
        if phases.clone().count() == 1 && weight.is_plain(&plan.g) {
            // Blocks of LANES channels by LANES products, transposed in registers.
            let rows = &weight.data[(group * plan.g.outputs + first) * products..];
            let rows = &rows[..channels * products];
            for v in (0..width).step_by(S::LANES) {
                for k in (0..products).step_by(S::LANES) {
                    let n = S::LANES.min(products - k);
                    let mut block = [s.zero(); MAX_LANES];
                    for (i, block) in block.iter_mut().enumerate().take(S::LANES) {
                        if v + i < channels {
                            // SAFETY: `n` products from `k` on are in row `v + i`.
                            *block = unsafe {
                                s.load_first(rows.as_ptr().add((v + i) * products + k), n)
                            };
                        }
                    }
                    let block = s.transpose(block);
                    for (i, &column) in block.iter().enumerate().take(n) {
                        // SAFETY: product `k + i` of the panel has `width` channels.
                        unsafe { s.store(out.as_mut_ptr().add((k + i) * width + v), column) };
                    }
                }
            }
        } else {
            for phase in phases {
                let out = &mut out[phase.start * width..][..phase.taps.len() * width];
                let taps = phase.kernel.len();
                for (k, out) in out.chunks_exact_mut(width).enumerate() {
                    let place = group * weight.group
                        + first * weight.output
                        + k / taps * weight.channel
                        + weight.taps[phase.kernel[k % taps]];
                    let weights = weight.data[place..].iter().step_by(weight.output);
                    for (out, &w) in out[..channels].iter_mut().zip(weights) {
                        *out = w;
                    }
                    out[channels..].fill(E::zero());
                }
            }
        }
    }
}
