use super::{assert_close, one_of, random, rng, wide};
use crate::kernels::Element;
use crate::kernels::norm::*;
use rand::Rng;

const EPS: f64 = 1e-3;

/// The elements that are normalised together, in terms of their place and their channel.
struct Set(Vec<(usize, usize)>);

/// Formulas as they stand in the documentation, for each set by itself. With `fixed` statistics of
/// each channel they are constants.
struct Expected {
    y: Vec<f64>,
    gx: Vec<f64>,
    gw: Vec<f64>,
    gb: Vec<f64>,
}

fn expected(
    sets: &[Set],
    fixed: Option<(&[f64], &[f64])>,
    [weight, bias]: [&[f64]; 2],
    [x, gy]: [&[f64]; 2],
) -> Expected {
    let (channels, len) = (weight.len(), x.len());
    let (y, gx) = (vec![f64::NAN; len], vec![0.0; len]);
    let mut result = Expected { y, gx, gw: vec![0.0; channels], gb: vec![0.0; channels] };
    for Set(set) in sets {
        let n = set.len() as f64;
        let mean: f64 = set.iter().map(|&(i, _)| x[i]).sum::<f64>() / n;
        let variance = set.iter().map(|&(i, _)| (x[i] - mean).powi(2)).sum::<f64>() / n;
        let (mean, variance) = match fixed {
            Some((means, variances)) => (means[set[0].1], variances[set[0].1]),
            None => (mean, variance),
        };
        let deviation = (variance + EPS).sqrt();
        for &(i, c) in set {
            let z = (x[i] - mean) / deviation;
            result.y[i] = z * weight[c] + bias[c];
            result.gw[c] += gy[i] * z;
            result.gb[c] += gy[i];
            if fixed.is_some() {
                result.gx[i] = gy[i] * weight[c] / deviation;
                continue;
            }
            // The derivative of every output of the set by this input.
            for &(j, c) in set {
                let zj = (x[j] - mean) / deviation;
                let same = if i == j { 1.0 } else { 0.0 };
                result.gx[i] += gy[j] * weight[c] * (same - 1.0 / n - z * zj / n) / deviation;
            }
        }
    }
    result
}

/// What a gradient that adds up should be.
fn added<E: Element>(before: &[E], gradient: &[f64]) -> Vec<f64> {
    wide(before).iter().zip(gradient).map(|(b, g)| b + g).collect()
}

fn check_batch<E: Element>(op: &BatchNormOp, seed: u64) {
    let rng = &mut rng(seed);
    let BatchNormOp { batch, channels, inner } = *op;
    let len = batch * channels * inner;
    let [x, gy] = [0; 2].map(|_| random::<E>(rng, len));
    let [weight, bias, gw0, gb0] = [0; 4].map(|_| random::<E>(rng, channels));
    let place = |c: usize, k: usize| ((k / inner * channels + c) * inner + k % inner, c);
    let set = |c| Set((0..batch * inner).map(|k| place(c, k)).collect());
    let sets: Vec<Set> = (0..channels).map(set).collect();
    let running = Statistics {
        mean: random::<E>(rng, channels),
        variance: random::<E>(rng, channels).into_iter().map(E::abs).collect(),
    };
    for training in [true, false] {
        let fixed = [wide(&running.mean), wide(&running.variance)];
        let fixed = (!training).then_some((&fixed[0][..], &fixed[1][..]));
        let wides = [&weight, &bias, &x, &gy].map(|v| wide(v));
        let want = expected(&sets, fixed, [&wides[0], &wides[1]], [&wides[2], &wides[3]]);
        let (mut y, mut gx) = (vec![E::nan(); len], gy.clone());
        let (mut gw, mut gb) = (gw0.clone(), gb0.clone());
        if training {
            let statistics = batch_forward_train(op, EPS, [&weight, &bias], &x, &mut y);
            let gradients: [&mut [E]; 2] = [&mut gw, &mut gb];
            batch_backward_in_place(op, EPS, &statistics, &weight, &x, &mut gx, gradients);
        } else {
            batch_forward(op, EPS, &running, [&weight, &bias], &x, &mut y);
            let gradients: [&mut [E]; 2] = [&mut gw, &mut gb];
            batch_backward_eval_in_place(op, EPS, &running, &weight, &x, &mut gx, gradients);
        }
        let what = (op, training);
        assert_close(&y, &want.y, &what);
        assert_close(&gx, &want.gx, &("gradient", what));
        assert_close(&gw, &added(&gw0, &want.gw), &("gradient of the weight", what));
        assert_close(&gb, &added(&gb0, &want.gb), &("gradient of the bias", what));
    }
}

fn check_group<E: Element>(op: &GroupNormOp, seed: u64) {
    let rng = &mut rng(seed);
    let GroupNormOp { batch, channels, inner, groups } = *op;
    let len = batch * channels * inner;
    let [x, gy] = [0; 2].map(|_| random::<E>(rng, len));
    let [weight, bias, gw0, gb0] = [0; 4].map(|_| random::<E>(rng, channels));
    let size = channels / groups * inner;
    let set =
        |g: usize| Set((g * size..(g + 1) * size).map(|i| (i, i / inner % channels)).collect());
    let sets: Vec<Set> = (0..batch * groups).map(set).collect();
    let wides = [&weight, &bias, &x, &gy].map(|v| wide(v));
    let want = expected(&sets, None, [&wides[0], &wides[1]], [&wides[2], &wides[3]]);
    let (mut y, mut gx) = (vec![E::nan(); len], gy);
    let (mut gw, mut gb) = (gw0.clone(), gb0.clone());
    group_forward(op, EPS, [&weight, &bias], &x, &mut y);
    group_backward_in_place(op, EPS, &weight, &x, &mut gx, [&mut gw, &mut gb]);
    assert_close(&y, &want.y, op);
    assert_close(&gx, &want.gx, &("gradient", op));
    assert_close(&gw, &added(&gw0, &want.gw), &("gradient of the weight", op));
    assert_close(&gb, &added(&gb0, &want.gb), &("gradient of the bias", op));
}

#[test]
fn batch_norm_agrees_with_plain_loops() {
    let mut rng = rng(31);
    for seed in 0..60 {
        let op = BatchNormOp {
            batch: rng.gen_range(1..5),
            channels: rng.gen_range(1..6),
            inner: one_of(&mut rng, &[1, 1, 2, 5, 16, 33]),
        };
        check_batch::<f64>(&op, seed);
        // With few elements a variance can be so small that single precision shows.
        if op.batch * op.inner > 8 {
            check_batch::<f32>(&op, seed);
        }
    }
}

#[test]
fn group_norm_agrees_with_plain_loops() {
    let mut rng = rng(32);
    for seed in 0..60 {
        let groups = rng.gen_range(1..4);
        let op = GroupNormOp {
            batch: rng.gen_range(0..4),
            channels: groups * one_of(&mut rng, &[1, 2, 3, 20]),
            inner: one_of(&mut rng, &[1, 1, 2, 5, 16, 33]),
            groups,
        };
        check_group::<f64>(&op, seed);
        if op.channels / groups * op.inner > 8 {
            check_group::<f32>(&op, seed);
        }
    }
}

#[test]
fn running_statistics_take_the_unbiased_variance() {
    let op = BatchNormOp { batch: 2, channels: 1, inner: 2 };
    let batch =
        batch_forward_train(&op, EPS, [&[1.0], &[0.0]], &[1.0, 2.0, 3.0, 4.0], &mut [0.0; 4]);
    assert_eq!(batch, Statistics { mean: vec![2.5], variance: vec![1.25] });
    let mut running = Statistics { mean: vec![0.0], variance: vec![1.0] };
    update_running(&op, 0.5, &batch, &mut running);
    // (1 + 5 / 3) / 2, the sum of squares being 5.
    assert_eq!(running.mean, [1.25]);
    assert!((running.variance[0] - 4.0 / 3.0f64).abs() < 1e-12);
}

#[test]
fn an_empty_batch_is_fine() {
    let op = BatchNormOp { batch: 0, channels: 3, inner: 4 };
    let statistics = batch_forward_train(&op, EPS, [&[1.0; 3], &[0.0; 3]], &[], &mut []);
    assert_eq!(statistics.mean, [0.0; 3]);
    batch_forward(&op, EPS, &statistics, [&[1.0; 3], &[0.0; 3]], &[], &mut []);
    let (mut gw, mut gb) = ([0.0; 3], [0.0; 3]);
    let gradients: [&mut [f32]; 2] = [&mut gw, &mut gb];
    batch_backward_in_place(&op, EPS, &statistics, &[1.0; 3], &[], &mut [], gradients);
    assert_eq!((gw, gb), ([0.0; 3], [0.0; 3]));
}
