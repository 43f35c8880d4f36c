//! Normalisation of each channel over the batch and its pixels.

use super::{product, squares};
use crate::kernels::Element;
use crate::kernels::parallel::{Shared, pieces, pieces2};
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

    /// Where the plane of a channel of an image starts.
    fn place(&self, image: usize, channel: usize) -> usize {
        (image * self.channels + channel) * self.inner
    }

    /// The planes of a channel.
    fn planes<'a, E>(&self, x: &'a [E], channel: usize) -> impl Iterator<Item = &'a [E]> {
        x.chunks_exact(self.inner).skip(channel).step_by(self.channels)
    }
}

/// The mean and the variance of a channel of the batch, which is not empty.
fn moments<E: Element>(op: &BatchNormOp, x: &[E], channel: usize) -> (E, E) {
    let size = E::cast(op.size() as f64);
    let mean = op.planes(x, channel).fold(E::zero(), |total, plane| total + sum(plane)) / size;
    // In a second pass, so that nothing cancels out.
    let total = |total, plane| total + squares(plane, mean);
    (mean, op.planes(x, channel).fold(E::zero(), total) / size)
}

/// [`batch_forward`] by the mean and the variance of each channel of the batch, which it gives
/// back; zeros if the batch is empty.
pub fn batch_forward_train<E: Element>(
    op: &BatchNormOp,
    eps: f64,
    [weight, bias]: [&[E]; 2],
    x: &[E],
    y: &mut [E],
) -> Statistics<E> {
    op.check(x.len());
    op.check(y.len());
    assert_eq!(weight.len(), op.channels);
    assert_eq!(bias.len(), op.channels);
    let mut statistics =
        Statistics { mean: vec![E::zero(); op.channels], variance: vec![E::zero(); op.channels] };
    if x.is_empty() {
        return statistics;
    }
    let y = Shared::new(y);
    let both = ((&mut statistics.mean[..], 1), (&mut statistics.variance[..], 1));
    // Channel by channel, so that its planes are still in the cache when they are used again.
    pieces2(3 * x.len(), both.0, both.1, |channel, mean, variance| {
        (mean[0], variance[0]) = moments(op, x, channel);
        let (mean, scale) = (mean[0], scale(variance[0], eps) * weight[channel]);
        for (n, x) in op.planes(x, channel).enumerate() {
            // SAFETY: a plane of this channel, which is this task's alone.
            let y = unsafe { y.part(op.place(n, channel), op.inner) };
            normalize(x, mean, scale, bias[channel], y);
        }
    });
    statistics
}

/// `y = (x - mean) / sqrt(variance + eps) · weight + bias` by the running statistics, or any
/// others; overwrites `y`.
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
    let scales: Vec<E> = statistics.variance.iter().map(|&v| scale(v, eps)).collect();
    pieces(y.len(), y, op.inner, |i, y| {
        let c = i % op.channels;
        normalize(
            &x[i * op.inner..][..op.inner],
            statistics.mean[c],
            scales[c] * weight[c],
            bias[c],
            y,
        );
    });
}

/// `1 / sqrt(variance + eps)`.
fn scale<E: Element>(variance: E, eps: f64) -> E {
    (variance + E::cast(eps)).sqrt().recip()
}

fn normalize<E: Element>(x: &[E], mean: E, scale: E, bias: E, y: &mut [E]) {
    y.iter_mut().zip(x).for_each(|(y, &x)| *y = (x - mean) * scale + bias);
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
/// `z = (x - mean) / sqrt(variance + eps)`, the gradient `g` with respect to `y` becomes that to `x`:
///
/// ```text
/// gb += Σ g        gw += Σ g · z
/// g = weight / sqrt(variance + eps) · (g - mean(g) - z · mean(g · z))
/// ```
pub fn batch_backward_in_place<E: Element>(
    op: &BatchNormOp,
    eps: f64,
    statistics: &Statistics<E>,
    weight: &[E],
    x: &[E],
    g: &mut [E],
    parameters: [&mut [E]; 2],
) {
    let size = E::cast(op.size() as f64);
    each_channel(op, eps, statistics, [weight, x], g, parameters, |channel, sums, x, g| {
        let Channel { mean, scale, factor } = channel;
        let (slope, shift) = (sums.products / size * scale, sums.total / size);
        for (g, &x) in g.iter_mut().zip(x) {
            *g = factor * (*g - shift - (x - mean) * slope);
        }
    });
}

/// Gradients of [`batch_forward`] by running statistics, which are constants:
/// `g = g · weight / sqrt(variance + eps)`, `gw` and `gb` as in training.
pub fn batch_backward_eval_in_place<E: Element>(
    op: &BatchNormOp,
    eps: f64,
    statistics: &Statistics<E>,
    weight: &[E],
    x: &[E],
    g: &mut [E],
    parameters: [&mut [E]; 2],
) {
    each_channel(op, eps, statistics, [weight, x], g, parameters, |channel, _, _, g| {
        g.iter_mut().for_each(|g| *g = channel.factor * *g);
    });
}

/// What is the same for all elements of a channel.
#[derive(Clone, Copy)]
struct Channel<E> {
    mean: E,
    /// `1 / sqrt(variance + eps)`.
    scale: E,
    /// That times the weight.
    factor: E,
}

/// Over the elements of a channel.
#[derive(Clone, Copy)]
struct Sums<E> {
    /// `Σ g · z`.
    products: E,
    /// `Σ g`.
    total: E,
}

/// Adds each channel's sums to the gradients of the parameters, then calls
/// `plane(channel, sums, x, g)` for each of its planes.
fn each_channel<E: Element>(
    op: &BatchNormOp,
    eps: f64,
    statistics: &Statistics<E>,
    [weight, x]: [&[E]; 2],
    g: &mut [E],
    [gw, gb]: [&mut [E]; 2],
    plane: impl Fn(Channel<E>, Sums<E>, &[E], &mut [E]) + Send + Sync,
) {
    op.check(x.len());
    op.check(g.len());
    op.check_statistics(statistics);
    assert_eq!(weight.len(), op.channels);
    assert_eq!(gw.len(), op.channels);
    assert_eq!(gb.len(), op.channels);
    if x.is_empty() {
        return;
    }
    let g = Shared::new(g);
    pieces2(4 * x.len(), (gw, 1), (gb, 1), |c, gw, gb| {
        // SAFETY: a plane of this channel, which is this task's alone, and one at a time.
        let own = |n: usize| unsafe { g.part(op.place(n, c), op.inner) };
        let (mean, scale) = (statistics.mean[c], scale(statistics.variance[c], eps));
        let channel = Channel { mean, scale, factor: weight[c] * scale };
        let mut sums = Sums { products: E::zero(), total: E::zero() };
        for (n, x) in op.planes(x, c).enumerate() {
            let g = own(n);
            sums.products += product(g, x, mean);
            sums.total += sum(g);
        }
        sums.products = sums.products * scale;
        gw[0] += sums.products;
        gb[0] += sums.total;
        for (n, x) in op.planes(x, c).enumerate() {
            plane(channel, sums, x, own(n));
        }
    });
}
