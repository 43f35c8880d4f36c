//! Normalisation of each channel over the batch and its pixels.

use super::{product, squares};
use crate::kernels::Element;
use crate::kernels::parallel::{pieces, pieces2};
use crate::kernels::reduce::sum;

/// The sizes of a batch normalisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchNormOp {
    /// Images.
    pub batch: usize,
    /// Channels, each with a weight and a bias.
    pub channels: usize,
    /// Pixels of a plane; 1 for features.
    pub inner: usize,
}

/// A number for each channel and another.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics<E> {
    /// The mean.
    pub mean: Vec<E>,
    /// The biased variance.
    pub variance: Vec<E>,
}

impl<E: Element> Statistics<E> {
    /// `1 / sqrt(variance + eps)` of each channel.
    fn scales(&self, eps: f64) -> Vec<E> {
        let scale = |&variance: &E| (variance + E::cast(eps)).sqrt().recip();
        self.variance.iter().map(scale).collect()
    }
}

impl BatchNormOp {
    fn check(&self, len: usize) {
        assert_eq!(len, self.batch * self.channels * self.inner);
    }

    fn check_statistics<E>(&self, statistics: &Statistics<E>) {
        assert_eq!(statistics.mean.len(), self.channels);
        assert_eq!(statistics.variance.len(), self.channels);
    }

    /// Elements of a channel.
    fn size(&self) -> usize {
        self.batch * self.inner
    }

    /// The planes of a channel.
    fn planes<'a, E>(&self, x: &'a [E], channel: usize) -> impl Iterator<Item = &'a [E]> {
        x.chunks_exact(self.inner).skip(channel).step_by(self.channels)
    }
}

/// The mean and the variance of each channel of the batch; zeros if the batch is empty.
pub fn batch_statistics<E: Element>(op: &BatchNormOp, x: &[E]) -> Statistics<E> {
    op.check(x.len());
    let mut statistics =
        Statistics { mean: vec![E::zero(); op.channels], variance: vec![E::zero(); op.channels] };
    if x.is_empty() {
        return statistics;
    }
    let size = E::cast(op.size() as f64);
    let both = ((&mut statistics.mean[..], 1), (&mut statistics.variance[..], 1));
    pieces2(2 * x.len(), both.0, both.1, |channel, mean, variance| {
        let total = |total, plane| total + sum(plane);
        mean[0] = op.planes(x, channel).fold(E::zero(), total) / size;
        // In a second pass, so that nothing cancels out.
        let total = |total, plane| total + squares(plane, mean[0]);
        variance[0] = op.planes(x, channel).fold(E::zero(), total) / size;
    });
    statistics
}

/// `y = (x - mean) / sqrt(variance + eps) · weight + bias` by the statistics of the batch, or in
/// evaluation the running ones; overwrites `y`.
pub fn batch_forward<E: Element>(
    op: &BatchNormOp,
    eps: f64,
    statistics: &Statistics<E>,
    [weight, bias]: [&[E]; 2],
    x: &[E],
    y: &mut [E],
) {
    op.check(x.len());
    op.check(y.len());
    op.check_statistics(statistics);
    assert_eq!(weight.len(), op.channels);
    assert_eq!(bias.len(), op.channels);
    let scales = statistics.scales(eps);
    pieces(y.len(), y, op.inner, |i, y| {
        let c = i % op.channels;
        let (mean, scale, bias) = (statistics.mean[c], scales[c] * weight[c], bias[c]);
        let x = &x[i * op.inner..][..op.inner];
        y.iter_mut().zip(x).for_each(|(y, &x)| *y = (x - mean) * scale + bias);
    });
}

/// The running statistics after a batch with these ones:
/// `running = (1 - momentum) · running + momentum · batch`, where the batch's variance counts
/// unbiased (times `n / (n - 1)`), as in PyTorch. A batch of one element a channel has no unbiased
/// variance; its biased one, 0, is taken.
pub fn update_running<E: Element>(
    op: &BatchNormOp,
    momentum: f64,
    batch: &Statistics<E>,
    running: &mut Statistics<E>,
) {
    op.check_statistics(batch);
    op.check_statistics(running);
    let (new, size) = (E::cast(momentum), op.size());
    let unbiased = E::cast(if size > 1 { size as f64 / (size - 1) as f64 } else { 1.0 });
    let old = E::one() - new;
    for (running, &mean) in running.mean.iter_mut().zip(&batch.mean) {
        *running = old * *running + new * mean;
    }
    for (running, &variance) in running.variance.iter_mut().zip(&batch.variance) {
        *running = old * *running + new * (variance * unbiased);
    }
}

/// Gradients of [`batch_forward`] by the batch's own statistics, which depend on `x` too. With
/// `z = (x - mean) / sqrt(variance + eps)`:
///
/// ```text
/// gb += Σ gy        gw += Σ gy · z
/// gx += weight / sqrt(variance + eps) · (gy - mean(gy) - z · mean(gy · z))
/// ```
pub fn batch_backward<E: Element>(
    op: &BatchNormOp,
    eps: f64,
    statistics: &Statistics<E>,
    weight: &[E],
    [x, gy]: [&[E]; 2],
    gx: &mut [E],
    [gw, gb]: [&mut [E]; 2],
) {
    let sums = sums(op, eps, statistics, [x, gy]);
    add_sums(&sums, gw, gb);
    op.check(gx.len());
    assert_eq!(weight.len(), op.channels);
    let (scales, size) = (statistics.scales(eps), E::cast(op.size() as f64));
    pieces(2 * gx.len(), gx, op.inner, |i, gx| {
        let c = i % op.channels;
        let (mean, scale) = (statistics.mean[c], scales[c]);
        let (product, total) = sums[c];
        let (slope, shift) = (product / size * scale, total / size);
        let factor = weight[c] * scale;
        let (x, gy) = (&x[i * op.inner..][..op.inner], &gy[i * op.inner..][..op.inner]);
        for ((gx, &x), &gy) in gx.iter_mut().zip(x).zip(gy) {
            *gx += factor * (gy - shift - (x - mean) * slope);
        }
    });
}

/// Gradients of [`batch_forward`] by running statistics, which are constants:
/// `gx += gy · weight / sqrt(variance + eps)`, `gw` and `gb` as in training.
pub fn batch_backward_eval<E: Element>(
    op: &BatchNormOp,
    eps: f64,
    statistics: &Statistics<E>,
    weight: &[E],
    [x, gy]: [&[E]; 2],
    gx: &mut [E],
    [gw, gb]: [&mut [E]; 2],
) {
    add_sums(&sums(op, eps, statistics, [x, gy]), gw, gb);
    op.check(gx.len());
    assert_eq!(weight.len(), op.channels);
    let scales = statistics.scales(eps);
    pieces(gx.len(), gx, op.inner, |i, gx| {
        let c = i % op.channels;
        let factor = weight[c] * scales[c];
        let gy = &gy[i * op.inner..][..op.inner];
        gx.iter_mut().zip(gy).for_each(|(gx, &gy)| *gx += factor * gy);
    });
}

/// `Σ gy · z` and `Σ gy` of each channel.
fn sums<E: Element>(
    op: &BatchNormOp,
    eps: f64,
    statistics: &Statistics<E>,
    [x, gy]: [&[E]; 2],
) -> Vec<(E, E)> {
    op.check(x.len());
    op.check(gy.len());
    op.check_statistics(statistics);
    let mut sums = vec![(E::zero(), E::zero()); op.channels];
    if x.is_empty() {
        return sums;
    }
    let scales = statistics.scales(eps);
    pieces(2 * x.len(), &mut sums, 1, |channel, sums| {
        let (mean, mut products, mut total) = (statistics.mean[channel], E::zero(), E::zero());
        for (x, gy) in op.planes(x, channel).zip(op.planes(gy, channel)) {
            products += product(gy, x, mean);
            total += sum(gy);
        }
        sums[0] = (products * scales[channel], total);
    });
    sums
}

fn add_sums<E: Element>(sums: &[(E, E)], gw: &mut [E], gb: &mut [E]) {
    assert_eq!(gw.len(), sums.len());
    assert_eq!(gb.len(), sums.len());
    for ((gw, gb), &(product, total)) in gw.iter_mut().zip(gb).zip(sums) {
        *gw += product;
        *gb += total;
    }
}
