//! Activations: functions of each element, and the softmaxes along the channels.
//!
//! Formulas and parameters are PyTorch's, to the letter where it matters: the gradient of ReLU
//! at 0 is 0, softplus is linear above 20, and a NaN stays a NaN.

use super::Element;
use super::parallel::pieces;
use super::softmax;
use shapewright_shape::Activation;

/// Above this, PyTorch takes `softplus(x) = x`.
pub(crate) const SOFTPLUS_LINEAR: f64 = 20.0;

/// Elements a task: one and a half page is cheap even for `exp`.
const PIECE: usize = 2048;

/// `y = kind(x)`. `shape` is `[batch, channels, inner]`, where `inner` is the pixels of a plane
/// (1 for features): the softmaxes run along the channels, the others do not look at it.
pub fn forward<E: Element>(kind: Activation, shape: [usize; 3], x: &[E], y: &mut [E]) {
    let len: usize = shape.iter().product();
    assert_eq!(x.len(), len);
    assert_eq!(y.len(), len);
    let one = E::one();
    match kind {
        Activation::ReLU => map(x, y, 1, |x| if x <= E::zero() { E::zero() } else { x }),
        Activation::LeakyReLU { slope } => {
            let slope = E::cast(slope);
            map(x, y, 1, move |x| if x > E::zero() { x } else { x * slope })
        }
        Activation::ELU { alpha } => {
            let alpha = E::cast(alpha);
            map(x, y, 8, move |x| if x <= E::zero() { x.exp_m1() * alpha } else { x })
        }
        Activation::GELU => map(x, y, 16, |x| x * normal_cdf(x)),
        Activation::SiLU => map(x, y, 8, move |x| x / (one + (-x).exp())),
        Activation::Sigmoid => map(x, y, 8, sigmoid),
        Activation::Tanh => map(x, y, 8, E::tanh),
        Activation::Softplus => {
            map(x, y, 16, |x| if x > E::cast(SOFTPLUS_LINEAR) { x } else { x.exp().ln_1p() })
        }
        Activation::Softmax => softmax::forward(shape, false, x, y),
        Activation::LogSoftmax => softmax::forward(shape, true, x, y),
    }
}

/// `y = relu(y)`.
pub fn relu_in_place<E: Element>(y: &mut [E]) {
    pieces(y.len(), y, PIECE, |_, y| {
        y.iter_mut().for_each(|y| *y = if *y <= E::zero() { E::zero() } else { *y });
    });
}

/// The gradient `g` with respect to `y = kind(x)` becomes that to `x`, `g · kind'(x)`.
pub fn backward_in_place<E: Element>(
    kind: Activation,
    shape: [usize; 3],
    x: &[E],
    y: &[E],
    g: &mut [E],
) {
    let len: usize = shape.iter().product();
    assert_eq!(x.len(), len);
    assert_eq!(y.len(), len);
    assert_eq!(g.len(), len);
    let (zero, one) = (E::zero(), E::one());
    match kind {
        Activation::ReLU => relu_backward_in_place(y, g),
        Activation::LeakyReLU { slope } => {
            let slope = E::cast(slope);
            slopes(x, g, 1, move |x, g| if x > zero { g } else { g * slope })
        }
        Activation::ELU { alpha } => {
            let alpha = E::cast(alpha);
            slopes(x, g, 8, move |x, g| if x <= zero { g * alpha * x.exp() } else { g })
        }
        Activation::GELU => slopes(x, g, 24, |x, g| g * (normal_cdf(x) + x * normal_pdf(x))),
        Activation::SiLU => slopes(x, g, 8, move |x, g| {
            let s = sigmoid(x);
            g * s * (one + x * (one - s))
        }),
        Activation::Sigmoid => slopes(y, g, 1, move |y, g| g * y * (one - y)),
        Activation::Tanh => slopes(y, g, 1, move |y, g| g * (one - y * y)),
        Activation::Softplus => {
            slopes(x, g, 8, |x, g| if x > E::cast(SOFTPLUS_LINEAR) { g } else { g * sigmoid(x) })
        }
        Activation::Softmax => softmax::backward_in_place(shape, false, y, g),
        Activation::LogSoftmax => softmax::backward_in_place(shape, true, y, g),
    }
}

/// [`backward_in_place`] of ReLU, which needs no more than its result.
pub fn relu_backward_in_place<E: Element>(y: &[E], g: &mut [E]) {
    slopes(y, g, 1, |y, g| if y <= E::zero() { E::zero() } else { g });
}

fn sigmoid<E: Element>(x: E) -> E {
    E::one() / (E::one() + (-x).exp())
}

/// Φ, the normal distribution's share below `x`.
fn normal_cdf<E: Element>(x: E) -> E {
    E::cast(0.5) * (E::one() + (x * E::cast(std::f64::consts::FRAC_1_SQRT_2)).erf())
}

/// φ = Φ'.
fn normal_pdf<E: Element>(x: E) -> E {
    let scale = std::f64::consts::FRAC_1_SQRT_2 * 0.5 * std::f64::consts::FRAC_2_SQRT_PI;
    E::cast(scale) * (E::cast(-0.5) * x * x).exp()
}

/// `y = f(x)`, where `f` costs about `cost` memory accesses.
fn map<E: Element>(x: &[E], y: &mut [E], cost: usize, f: impl Fn(E) -> E + Send + Sync) {
    pieces(x.len() * cost, y, PIECE, |i, y| {
        for (y, &x) in y.iter_mut().zip(&x[i * PIECE..]) {
            *y = f(x);
        }
    });
}

/// `g = f(a, g)`.
fn slopes<E: Element>(a: &[E], g: &mut [E], cost: usize, f: impl Fn(E, E) -> E + Send + Sync) {
    assert_eq!(a.len(), g.len());
    pieces(a.len() * cost, g, PIECE, |i, g| {
        for (g, &a) in g.iter_mut().zip(&a[i * PIECE..]) {
            *g = f(a, *g);
        }
    });
}
