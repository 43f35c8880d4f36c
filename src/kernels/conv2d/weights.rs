//! What a kernel is to compute, and the ways to read its weight.

use super::end::End;
use super::geometry::Geometry;

/// `y = end(conv(x, weight) + bias)`.
pub struct Convolution<'a, E> {
    pub g: &'a Geometry,
    pub x: &'a [E],
    pub weight: &'a Weights<'a, E>,
    pub bias: Option<&'a [E]>,
    pub end: End<E>,
}

/// What a planned kernel works on.
#[derive(Clone, Copy)]
pub struct Operands<'a, E> {
    pub x: &'a [E],
    /// Laid out as the plan wants it.
    pub weight: &'a [E],
    pub bias: Option<&'a [E]>,
    pub end: End<E>,
}

impl<E> Operands<'_, E> {
    /// Asserts the lengths that the kernels rely on.
    pub fn check(&self, g: &Geometry, y: &[E]) {
        assert!(self.x.len() == g.input_len() && y.len() == g.output_len());
        assert!(self.bias.is_none_or(|bias| bias.len() == g.groups * g.outputs));
    }
}

/// The weight of a convolution inside the weight of the op: as it lies there, or turned round
/// and with inputs and outputs exchanged, as the gradient of the input needs it.
pub struct Weights<'a, E> {
    pub data: &'a [E],
    /// Distances between groups, outputs and channels.
    pub group: usize,
    pub output: usize,
    pub channel: usize,
    /// Place of each tap in a channel.
    pub taps: Vec<usize>,
}

impl<'a, E: Copy> Weights<'a, E> {
    /// The weight as it is.
    pub fn plain(g: &Geometry, data: &'a [E]) -> Self {
        let products = g.products();
        Weights {
            data,
            group: g.outputs * products,
            output: products,
            channel: g.taps(),
            taps: (0..g.taps()).collect(),
        }
    }

    /// Whether it lies as the weight of `g` itself would.
    pub fn is_plain(&self, g: &Geometry) -> bool {
        self.channel == g.taps()
            && (g.outputs == 1 || self.output == g.products())
            && (g.groups == 1 || self.group == g.outputs * g.products())
            && self.taps.iter().copied().eq(0..g.taps())
    }

    /// Makes it plain, in `out`.
    pub fn copy_to(&self, g: &Geometry, out: &mut [E]) {
        let outputs = out.chunks_exact_mut(g.products());
        for (i, out) in outputs.enumerate() {
            let (group, output) = (i / g.outputs, i % g.outputs);
            let weight = &self.data[group * self.group + output * self.output..];
            for (channel, out) in out.chunks_exact_mut(g.taps()).enumerate() {
                let weight = &weight[channel * self.channel..];
                out.iter_mut().zip(&self.taps).for_each(|(out, &tap)| *out = weight[tap]);
            }
        }
    }
}
