use super::{assert_close, random, rng, wide};
use crate::kernels::Element;
use crate::kernels::activation::*;
use rand::rngs::StdRng;
use shapewright_shape::Activation;

const ELEMENTWISE: [Activation; 8] = [
    Activation::ReLU,
    Activation::LeakyReLU { slope: 0.1 },
    Activation::ELU { alpha: 1.5 },
    Activation::GELU,
    Activation::SiLU,
    Activation::Sigmoid,
    Activation::Tanh,
    Activation::Softplus,
];

/// The formula of an elementwise activation, written once more.
fn formula(kind: Activation, x: f64) -> f64 {
    match kind {
        Activation::ReLU => x.max(0.0),
        Activation::LeakyReLU { slope } => x.max(slope * x),
        Activation::ELU { alpha } => x.max(0.0) + (alpha * (x.min(0.0).exp() - 1.0)),
        Activation::GELU => 0.5 * x * (1.0 + libm::erf(x / 2.0f64.sqrt())),
        Activation::SiLU => x / (1.0 + (-x).exp()),
        Activation::Sigmoid => 1.0 / (1.0 + (-x).exp()),
        Activation::Tanh => x.tanh(),
        Activation::Softplus => (1.0 + x.exp()).ln(),
        Activation::Softmax | Activation::LogSoftmax => unreachable!("not elementwise"),
    }
}

fn check_elementwise<E: Element>(kind: Activation, rng: &mut StdRng) {
    let x: Vec<E> = random::<E>(rng, 5000).into_iter().map(|x| x * E::cast(8.0)).collect();
    let gy = random::<E>(rng, x.len());
    let h = 1e-6;
    let expected: Vec<f64> = wide(&x).iter().map(|&x| formula(kind, x)).collect();
    let mut y = vec![E::nan(); x.len()];
    let shape = [1, 5, 1000];
    forward(kind, shape, &x, &mut y);
    assert_close(&y, &expected, &kind);
    let mut gx = gy.clone();
    backward_in_place(kind, shape, &x, &y, &mut gx);
    let slope = |x: f64| (formula(kind, x + h) - formula(kind, x - h)) / (2.0 * h);
    for (i, &x) in wide(&x).iter().enumerate().filter(|(_, x)| x.abs() > 2.0 * h) {
        let expected = slope(x) * wide(&gy)[i];
        let got = wide(&gx)[i];
        assert!((got - expected).abs() < 1e-5, "{kind:?}'s gradient at {x}: {got}, not {expected}");
    }
}

fn check_softmax<E: Element>(log: bool, shape @ [batch, channels, inner]: [usize; 3]) {
    let mut rng = rng(6);
    let len = batch * channels * inner;
    let x: Vec<E> = random::<E>(&mut rng, len).into_iter().map(|x| x * E::cast(5.0)).collect();
    let gy = random::<E>(&mut rng, len);
    let (xd, gyd) = (wide(&x), wide(&gy));
    let (mut expected, mut gradient) = (vec![0.0; len], vec![0.0; len]);
    for n in 0..batch {
        for i in 0..inner {
            let at = |c| (n * channels + c) * inner + i;
            let sum: f64 = (0..channels).map(|c| xd[at(c)].exp()).sum();
            let p: Vec<f64> = (0..channels).map(|c| xd[at(c)].exp() / sum).collect();
            for c in 0..channels {
                expected[at(c)] = if log { p[c].ln() } else { p[c] };
                for d in 0..channels {
                    // d y_d / d x_c
                    let delta = f64::from(c == d);
                    let slope = if log { delta - p[c] } else { p[d] * (delta - p[c]) };
                    gradient[at(c)] += slope * gyd[at(d)];
                }
            }
        }
    }
    let kind = if log { Activation::LogSoftmax } else { Activation::Softmax };
    let mut y = vec![E::nan(); len];
    forward(kind, shape, &x, &mut y);
    assert_close(&y, &expected, &(kind, shape));
    let mut gx = gy;
    backward_in_place(kind, shape, &x, &y, &mut gx);
    assert_close(&gx, &gradient, &("gradient", kind, shape));
}

#[test]
fn elementwise_activations_agree_with_their_formulas() {
    let mut rng = rng(5);
    for kind in ELEMENTWISE {
        check_elementwise::<f32>(kind, &mut rng);
        check_elementwise::<f64>(kind, &mut rng);
    }
}

#[test]
fn softmaxes_agree_with_their_formulas() {
    for log in [false, true] {
        for shape in [[0, 3, 2], [1, 1, 1], [4, 10, 1], [3, 7, 20], [2, 100, 33]] {
            check_softmax::<f32>(log, shape);
            check_softmax::<f64>(log, shape);
        }
    }
}

#[test]
fn softmax_of_large_numbers_does_not_overflow() {
    let mut y = [0.0f32; 2];
    forward(Activation::Softmax, [1, 2, 1], &[1000.0, 1000.0], &mut y);
    assert_eq!(y, [0.5, 0.5]);
}

#[test]
fn relu_passes_nan_and_stops_the_gradient_at_zero() {
    let (x, mut y, mut gx) = ([f32::NAN, 0.0, -1.0, 2.0], [0.0; 4], [1.0; 4]);
    forward(Activation::ReLU, [1, 4, 1], &x, &mut y);
    assert!(y[0].is_nan());
    assert_eq!(y[1..], [0.0, 0.0, 2.0]);
    backward_in_place(Activation::ReLU, [1, 4, 1], &x, &y, &mut gx);
    assert_eq!(gx, [1.0, 0.0, 0.0, 1.0]);
}
