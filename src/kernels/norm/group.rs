//! Normalisation of groups of the channels of each image.

use super::{product, squares};
use crate::kernels::Element;
use crate::kernels::parallel::{pieces, pieces2};
use crate::kernels::reduce::sum;

/// The sizes of a group normalisation. The layer normalisation of `n` elements is one of `n`
/// channels of 1 pixel in 1 group, since each of its elements has its own weight and bias.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupNormOp {
    /// Images.
    pub batch: usize,
    /// Channels, each with a weight and a bias; a multiple of the groups.
    pub channels: usize,
    /// Pixels of a plane.
    pub inner: usize,
    /// Groups of channels, each normalised by itself.
    pub groups: usize,
}

impl GroupNormOp {
    fn check(&self, len: usize, weight: usize) {
        assert_eq!(self.channels % self.groups, 0);
        assert_eq!(len, self.batch * self.channels * self.inner);
        assert_eq!(weight, self.channels);
    }

    /// Channels of a group.
    fn own(&self) -> usize {
        self.channels / self.groups
    }

    /// Elements of a group of an image.
    fn size(&self) -> usize {
        self.own() * self.inner
    }
}

/// The mean of a group, and `1 / sqrt(variance + eps)`.
fn statistics<E: Element>(x: &[E], eps: f64) -> (E, E) {
    let size = E::cast(x.len() as f64);
    let mean = sum(x) / size;
    (mean, (squares(x, mean) / size + E::cast(eps)).sqrt().recip())
}

/// `y = (x - mean) / sqrt(variance + eps) · weight + bias` by the statistics of each group of
/// each image; overwrites `y`.
pub fn group_forward<E: Element>(
    op: &GroupNormOp,
    eps: f64,
    [weight, bias]: [&[E]; 2],
    x: &[E],
    y: &mut [E],
) {
    op.check(x.len(), weight.len());
    op.check(y.len(), bias.len());
    pieces(3 * y.len(), y, op.size(), |i, y| {
        let x = &x[i * op.size()..][..op.size()];
        let (mean, scale) = statistics(x, eps);
        let own = i % op.groups * op.own();
        let (weight, bias) = (&weight[own..][..op.own()], &bias[own..][..op.own()]);
        if op.inner == 1 {
            for (((y, &x), &weight), &bias) in y.iter_mut().zip(x).zip(weight).zip(bias) {
                *y = (x - mean) * scale * weight + bias;
            }
            return;
        }
        let planes = y.chunks_exact_mut(op.inner).zip(x.chunks_exact(op.inner));
        for (((y, x), &weight), &bias) in planes.zip(weight).zip(bias) {
            y.iter_mut().zip(x).for_each(|(y, &x)| *y = (x - mean) * scale * weight + bias);
        }
    });
}

/// Gradients of [`group_forward`]. With `z = (x - mean) / sqrt(variance + eps)` and
/// `h = g · weight`, means being over the group, the gradient `g` with respect to `y` becomes that
/// to `x`:
///
/// ```text
/// gb += Σ g        gw += Σ g · z
/// g = (h - mean(h) - z · mean(h · z)) / sqrt(variance + eps)
/// ```
pub fn group_backward_in_place<E: Element>(
    op: &GroupNormOp,
    eps: f64,
    weight: &[E],
    x: &[E],
    g: &mut [E],
    [gw, gb]: [&mut [E]; 2],
) {
    op.check(x.len(), weight.len());
    op.check(g.len(), gw.len());
    assert_eq!(gb.len(), op.channels);
    let size = E::cast(op.size() as f64);
    let mut groups = vec![(E::zero(), E::zero()); op.batch * op.groups];
    pieces(2 * x.len(), &mut groups, 1, |i, group| {
        group[0] = statistics(&x[i * op.size()..][..op.size()], eps);
    });
    parameters(op, &groups, [x, g], [gw, gb]);
    pieces(4 * g.len(), g, op.size(), |i, g| {
        let x = &x[i * op.size()..][..op.size()];
        let (mean, scale) = groups[i];
        let weight = &weight[i % op.groups * op.own()..][..op.own()];
        if op.inner == 1 {
            g.iter_mut().zip(weight).for_each(|(g, &weight)| *g = *g * weight);
        } else {
            for (g, &weight) in g.chunks_exact_mut(op.inner).zip(weight) {
                g.iter_mut().for_each(|g| *g = *g * weight);
            }
        }
        let (shift, slope) = (sum(g) / size, product(g, x, mean) / size * scale * scale);
        for (g, &x) in g.iter_mut().zip(x) {
            *g = scale * (*g - shift - (x - mean) * slope);
        }
    });
}

/// The gradients of weight and bias: sums over the batch, some channels at a time.
fn parameters<E: Element>(
    op: &GroupNormOp,
    groups: &[(E, E)],
    [x, gy]: [&[E]; 2],
    [gw, gb]: [&mut [E]; 2],
) {
    const CHANNELS: usize = 16;
    let image = op.channels * op.inner;
    pieces2(2 * x.len(), (gw, CHANNELS), (gb, CHANNELS), |i, gw, gb| {
        for n in 0..op.batch {
            for (j, (gw, gb)) in gw.iter_mut().zip(gb.iter_mut()).enumerate() {
                let channel = i * CHANNELS + j;
                let (mean, scale) = groups[n * op.groups + channel / op.own()];
                let plane = n * image + channel * op.inner..n * image + (channel + 1) * op.inner;
                *gw += product(&gy[plane.clone()], &x[plane.clone()], mean) * scale;
                *gb += sum(&gy[plane]);
            }
        }
    });
}
