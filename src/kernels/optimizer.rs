//! The updates of optimisers, element by element.
//!
//! As PyTorch's [`SGD`](https://pytorch.org/docs/stable/generated/torch.optim.SGD.html),
//! [`Adam`](https://pytorch.org/docs/stable/generated/torch.optim.Adam.html) and
//! [`RMSprop`](https://pytorch.org/docs/stable/generated/torch.optim.RMSprop.html), but for an
//! epsilon under the root in the last one.

use super::Element;
use super::parallel::{Shared, pieces};

/// Elements a task.
const PIECE: usize = 8192;

/// How a parameter shrinks: by so much of itself in the gradient, and beside the update.
#[derive(Clone, Copy, Debug)]
pub struct Decay<E> {
    /// Added to the gradient, in parts of the parameter.
    pub gradient: E,
    /// Taken off with the update, in parts of the parameter.
    pub update: E,
}

/// Stochastic gradient descent.
#[derive(Clone, Copy, Debug)]
pub struct Sgd<E> {
    /// Learning rate.
    pub lr: E,
    /// Momentum, and whether it is Nesterov's.
    pub momentum: Option<(E, bool)>,
    /// Weight decay.
    pub decay: Decay<E>,
}

impl<E: Element> Sgd<E> {
    /// Updates the parameter and its velocity.
    pub fn update(&self, parameter: &mut [E], velocity: &mut [E], gradient: &[E]) {
        let Sgd { lr, momentum, decay } = *self;
        each(parameter, [velocity], gradient, |p, [v], g| {
            let all = p.iter_mut().zip(v).zip(g);
            match momentum {
                None => all.for_each(|((p, _), &g)| {
                    let g = g + decay.gradient * *p;
                    *p = *p - (g * lr + decay.update * *p);
                }),
                Some((momentum, false)) => all.for_each(|((p, v), &g)| {
                    *v = g + decay.gradient * *p + momentum * *v;
                    *p = *p - (*v * lr + decay.update * *p);
                }),
                Some((momentum, true)) => all.for_each(|((p, v), &g)| {
                    let g = g + decay.gradient * *p;
                    *v = g + momentum * *v;
                    *p = *p - ((g + momentum * *v) * lr + decay.update * *p);
                }),
            }
        });
    }
}

/// Adam, whose correction of the moments' bias is in the learning rate and epsilon already.
#[derive(Clone, Copy, Debug)]
pub struct Adam<E> {
    /// Learning rate.
    pub lr: E,
    /// How much of each moment stays.
    pub betas: [E; 2],
    /// Added to the root of the second moment.
    pub eps: E,
    /// Weight decay.
    pub decay: Decay<E>,
}

impl<E: Element> Adam<E> {
    /// Updates the parameter and both moments.
    pub fn update(&self, parameter: &mut [E], moments: [&mut [E]; 2], gradient: &[E]) {
        let Adam { lr, betas, eps, decay } = *self;
        let new = betas.map(|beta| E::one() - beta);
        each(parameter, moments, gradient, |p, [m, v], g| {
            for (((p, m), v), &g) in p.iter_mut().zip(m).zip(v).zip(g) {
                let g = g + decay.gradient * *p;
                *m = *m * betas[0] + g * new[0];
                *v = *v * betas[1] + g * g * new[1];
                *p = *p - (lr * *m / (v.sqrt() + eps) + decay.update * *p);
            }
        });
    }
}

/// RMSprop.
#[derive(Clone, Copy, Debug)]
pub struct RmsProp<E> {
    /// Learning rate.
    pub lr: E,
    /// Momentum.
    pub momentum: Option<E>,
    /// How much of the means stays.
    pub alpha: E,
    /// Added to the mean of the squares.
    pub eps: E,
    /// Whether the mean's square is taken off the mean of the squares.
    pub centered: bool,
    /// Weight decay.
    pub decay: Decay<E>,
}

impl<E: Element> RmsProp<E> {
    /// Updates the parameter and `[velocity, mean of squares, mean]`.
    pub fn update(&self, parameter: &mut [E], moments: [&mut [E]; 3], gradient: &[E]) {
        let RmsProp { lr, momentum, alpha, eps, centered, decay } = *self;
        let new = E::one() - alpha;
        each(parameter, moments, gradient, |p, [velocity, squares, means], g| {
            let moments = velocity.iter_mut().zip(squares).zip(means);
            for ((p, ((v, square), mean)), &g) in p.iter_mut().zip(moments).zip(g) {
                let g = g + decay.gradient * *p;
                *square += new * (g * g - *square);
                let mut variance = *square;
                if centered {
                    *mean += new * (g - *mean);
                    variance = variance - *mean * *mean;
                }
                let mut step = g / (variance + eps).sqrt();
                if let Some(momentum) = momentum {
                    *v = *v * momentum + step;
                    step = *v;
                }
                *p = *p - (step * lr + decay.update * *p);
            }
        });
    }
}

/// Calls `update` with pieces of all of them that belong together.
fn each<E: Element, const N: usize>(
    parameter: &mut [E],
    moments: [&mut [E]; N],
    gradient: &[E],
    update: impl Fn(&mut [E], [&mut [E]; N], &[E]) + Send + Sync,
) {
    assert_eq!(gradient.len(), parameter.len());
    assert!(moments.iter().all(|moment| moment.len() == parameter.len()));
    let moments = moments.map(Shared::new);
    pieces(parameter.len(), parameter, PIECE, |i, parameter| {
        let (start, len) = (i * PIECE, parameter.len());
        // SAFETY: this piece of each moment, all as long as the parameter, is this task's alone.
        let moments = moments.map(|moment| unsafe { moment.part(start, len) });
        update(parameter, moments, &gradient[start..][..len]);
    });
}
