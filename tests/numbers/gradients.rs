//! Every gradient against finite differences, through dfdx's tape.
//!
//! Each operation is used twice in a loss, so a gradient that overwrites instead of adding up is
//! found, and so is an operation that hands back another's gradient.

use crate::finite_differences::{Tracked, assert_gradients, loss};
use dfdx::prelude::*;
use shapewright::ops;
use shapewright_shape::{
    Activation, AdaptiveKind, AdaptivePool2d, Claim, Conv1d, Conv2d, ConvTranspose2d, Dropout,
    Linear, Norm, NormKind, Padding, Pool1d, Pool2d, PoolKind, Reshape, Upsample, UpsampleMode,
    ZeroPad2d,
};

/// Checks a convolution of `(2, channels, height, width)`.
fn check_conv2d(name: &str, [channels, height, width]: [usize; 3], conv: Conv2d) {
    let [o, c, kh, kw] = conv.weight(channels);
    let (image, kernel) = ((2, channels, height, width), (o, c, kh, kw));
    assert_gradients(name, &[2 * channels * height * width, o * c * kh * kw, o], |dev, data| {
        let x = dev.tensor_from_vec(data[0].clone(), image);
        let weight = dev.tensor_from_vec(data[1].clone(), kernel);
        let bias = dev.tensor_from_vec(data[2].clone(), (o,));
        let used = conv.bias.then_some(&bias);
        let loss = loss(|| ops::conv2d(x.retaped(), &weight, used, &conv).unwrap());
        Tracked::of(loss).and(&x).and(&weight).and(&bias)
    });
}

#[test]
fn conv2d() {
    let base = Conv2d { bias: false, ..Conv2d::new(3, [3, 2]) };
    let explicit = |p| Padding::Explicit(p);
    check_conv2d("plain", [2, 5, 4], base);
    check_conv2d("bias", [2, 5, 4], Conv2d { bias: true, ..base });
    check_conv2d("one pixel", [2, 3, 2], base);
    check_conv2d("1x1", [2, 3, 3], Conv2d::new(2, [1, 1]));
    check_conv2d("1x1, stride", [2, 4, 5], Conv2d { stride: [2, 3], ..Conv2d::new(2, [1, 1]) });
    check_conv2d("stride, rows left over", [1, 8, 7], Conv2d { stride: [3, 2], ..base });
    check_conv2d("dilation", [2, 7, 5], Conv2d { dilation: [2, 3], ..base });
    check_conv2d("padding", [2, 3, 4], Conv2d { padding: Padding::symmetric(2, 1), ..base });
    let asymmetric = explicit([[0, 2], [1, 0]]);
    check_conv2d("asymmetric", [1, 4, 3], Conv2d { padding: asymmetric, ..base });
    let top = Conv2d { padding: explicit([[3, 0], [0, 3]]), stride: [2, 2], ..base };
    check_conv2d("padding larger than the kernel", [1, 2, 3], top);
    check_conv2d("same", [2, 4, 5], Conv2d { padding: Padding::Same, ..base });
    let same = Conv2d { padding: Padding::Same, dilation: [2, 3], stride: [2, 1], ..base };
    check_conv2d("same, dilation and stride", [1, 5, 6], same);
    check_conv2d("full", [1, 3, 4], Conv2d { padding: Padding::Full, ..base });
    let full = Conv2d { padding: Padding::Full, dilation: [2, 2], stride: [1, 3], ..base };
    check_conv2d("full, dilation and stride", [1, 3, 4], full);
    let groups = Conv2d { groups: 2, bias: true, ..Conv2d::new(4, [2, 2]) };
    check_conv2d("groups", [6, 3, 3], groups);
    let depthwise = Conv2d { groups: 3, padding: Padding::Same, ..Conv2d::new(3, [3, 3]) };
    check_conv2d("depthwise", [3, 4, 4], depthwise);
    let multiplier = Conv2d { groups: 3, out_channels: 6, stride: [2, 2], ..depthwise };
    check_conv2d("depthwise, two kernels a channel", [3, 4, 4], multiplier);
}

#[test]
fn pool2d() {
    let check = |name: &str, [height, width]: [usize; 2], pool: Pool2d| {
        let image = (2, 2, height, width);
        assert_gradients(name, &[4 * height * width], |dev, data| {
            let x = dev.tensor_from_vec(data[0].clone(), image);
            Tracked::of(loss(|| ops::pool2d(x.retaped(), &pool).unwrap())).and(&x)
        });
    };
    for max in [true, false] {
        let name = |what: &str| format!("{} pool, {what}", if max { "max" } else { "avg" });
        let base = if max { Pool2d::max([2, 3]) } else { Pool2d::avg([2, 3]) };
        check(&name("exact"), [4, 6], base);
        check(&name("rows left over"), [5, 7], base);
        check(&name("overlap"), [4, 5], Pool2d { stride: [1, 2], ..base });
        check(&name("gaps"), [5, 6], Pool2d { stride: [3, 4], ..base });
        check(&name("padding"), [4, 5], Pool2d { padding: Padding::symmetric(1, 1), ..base });
        let asymmetric = Padding::Explicit([[1, 0], [0, 1]]);
        check(&name("asymmetric"), [4, 5], Pool2d { padding: asymmetric, ..base });
        let same = Pool2d { padding: Padding::Same, stride: [2, 2], ..base };
        check(&name("same"), [5, 5], same);
        let ceil = Pool2d { ceil_mode: true, stride: [2, 2], ..base };
        check(&name("ceil_mode"), [5, 6], ceil);
        let ceil = Pool2d { padding: Padding::symmetric(1, 1), ..ceil };
        check(&name("ceil_mode and padding"), [4, 6], ceil);
    }
    check("min pool", [5, 6], Pool2d { kind: PoolKind::Min, ..Pool2d::max([2, 2]) });
    check("max pool, dilation", [6, 7], Pool2d { dilation: [3, 2], ..Pool2d::max([2, 3]) });
    let own = PoolKind::Avg { count_include_pad: false };
    let own = Pool2d { kind: own, padding: Padding::symmetric(1, 1), ..Pool2d::avg([3, 2]) };
    check("avg pool, padding not counted", [4, 5], own);
    check("and ceil_mode", [4, 6], Pool2d { ceil_mode: true, stride: [2, 2], ..own });
}

#[test]
fn conv1d() {
    let check = |name: &str, [channels, length]: [usize; 2], conv: Conv1d| {
        let [o, c, k] = conv.weight(channels);
        assert_gradients(name, &[2 * channels * length, o * c * k, o], |dev, data| {
            let x = dev.tensor_from_vec(data[0].clone(), (2, channels, 1, length));
            let weight = dev.tensor_from_vec(data[1].clone(), (o, c, k));
            let bias = dev.tensor_from_vec(data[2].clone(), (o,));
            let used = conv.bias.then_some(&bias);
            let loss = loss(|| ops::conv1d(x.retaped(), &weight, used, &conv).unwrap());
            Tracked::of(loss).and(&x).and(&weight).and(&bias)
        });
    };
    let base = Conv1d::new(3, 3);
    check("plain", [2, 7], base);
    check("no bias", [2, 3], Conv1d { bias: false, ..base });
    check("stride", [2, 8], Conv1d { stride: 3, ..base });
    check("dilation", [2, 9], Conv1d { dilation: 3, ..base });
    check("causal", [2, 5], Conv1d { padding: Padding::ends(4, 0), dilation: 2, ..base });
    check("same", [2, 6], Conv1d { padding: Padding::Same, stride: 2, ..base });
    check("full", [2, 4], Conv1d { padding: Padding::Full, ..base });
    check("groups", [4, 6], Conv1d { groups: 2, ..Conv1d::new(6, 2) });
}

#[test]
fn pool1d() {
    for base in [Pool1d::max(3), Pool1d::avg(3), Pool1d { kind: PoolKind::Min, ..Pool1d::max(2) }] {
        let padded = Pool1d { padding: Padding::ends(1, 0), stride: 2, ..base };
        for pool in [base, Pool1d { stride: 1, ..base }, Pool1d { ceil_mode: true, ..padded }] {
            assert_gradients(&format!("{pool:?}"), &[48], |dev, data| {
                let x = dev.tensor_from_vec(data[0].clone(), (2, 3, 1, 8));
                Tracked::of(loss(|| ops::pool1d(x.retaped(), &pool).unwrap())).and(&x)
            });
        }
    }
}

#[test]
fn adaptive_pool2d() {
    for kind in [AdaptiveKind::Avg, AdaptiveKind::Max] {
        let image = (2, 2, 5, 7);
        let outputs = [Some([2, 3]), Some([5, 7]), Some([1, 1]), Some([6, 2]), Some([9, 10]), None];
        for output in outputs {
            let pool = AdaptivePool2d { kind, output };
            assert_gradients(&format!("{pool:?}"), &[140], |dev, data| {
                let x = dev.tensor_from_vec(data[0].clone(), image);
                Tracked::of(loss(|| ops::adaptive_pool2d(x.retaped(), &pool).unwrap())).and(&x)
            });
        }
    }
}

#[test]
fn lp_pool2d() {
    let image = (2, 2, 5, 6);
    let base = Pool2d::lp([2, 3], 2.0);
    let ceil = Pool2d { ceil_mode: true, stride: [2, 2], ..base };
    for pool in [base, ceil, Pool2d::lp([2, 2], 4.0), Pool2d { stride: [1, 1], ..base }] {
        assert_gradients(&format!("{pool:?}"), &[120], |dev, data| {
            let x = dev.tensor_from_vec(data[0].clone(), image);
            Tracked::of(loss(|| ops::pool2d(x.retaped(), &pool).unwrap())).and(&x)
        });
    }
}

#[test]
fn upsample() {
    let image = (2, 2, 3, 4);
    let modes = [
        UpsampleMode::Nearest,
        UpsampleMode::Bilinear { align_corners: false },
        UpsampleMode::Bilinear { align_corners: true },
    ];
    for mode in modes {
        for base in [Upsample::scale(2, 3), Upsample::size(5, 7), Upsample::size(1, 2)] {
            let upsample = Upsample { mode, ..base };
            assert_gradients(&format!("{upsample:?}"), &[48], |dev, data| {
                let x = dev.tensor_from_vec(data[0].clone(), image);
                Tracked::of(loss(|| ops::upsample(x.retaped(), &upsample).unwrap())).and(&x)
            });
        }
    }
}

#[test]
fn zero_pad2d() {
    let pad = ZeroPad2d { padding: [[1, 0], [2, 1]] };
    assert_gradients("zero_pad2d", &[24], |dev, data| {
        let x = dev.tensor_from_vec(data[0].clone(), (2, 2, 2, 3));
        Tracked::of(loss(|| ops::zero_pad2d(x.retaped(), &pad).unwrap())).and(&x)
    });
}

#[test]
fn reshape() {
    let reshape = Reshape { to: Claim::image(Some(3), None, Some(2)) };
    assert_gradients("reshape", &[24], |dev, data| {
        let x = dev.tensor_from_vec(data[0].clone(), (2, 2, 2, 3));
        Tracked::of(loss(|| ops::reshape(x.retaped(), &reshape).unwrap())).and(&x)
    });
}

#[test]
fn dropout2d() {
    assert_gradients("dropout2d", &[48], |dev, data| {
        let x = dev.tensor_from_vec(data[0].clone(), (2, 6, 2, 2));
        let dropout = Dropout { p: 0.4 };
        Tracked::of(loss(|| ops::dropout2d(x.retaped(), &dropout).unwrap())).and(&x)
    });
}

#[test]
fn conv_transpose2d() {
    let check = |name: &str, [channels, height, width]: [usize; 3], conv: ConvTranspose2d| {
        let [i, o, kh, kw] = conv.weight(channels);
        let (image, kernel) = ((2, channels, height, width), (i, o, kh, kw));
        let sizes = [2 * channels * height * width, i * o * kh * kw, conv.out_channels];
        assert_gradients(name, &sizes, |dev, data| {
            let x = dev.tensor_from_vec(data[0].clone(), image);
            let weight = dev.tensor_from_vec(data[1].clone(), kernel);
            let bias = dev.tensor_from_vec(data[2].clone(), (conv.out_channels,));
            let run = || ops::conv_transpose2d(x.retaped(), &weight, Some(&bias), &conv).unwrap();
            Tracked::of(loss(run)).and(&x).and(&weight).and(&bias)
        });
    };
    let base = ConvTranspose2d::new(3, [3, 2]);
    check("plain", [2, 3, 4], base);
    check("stride", [2, 3, 4], ConvTranspose2d { stride: [2, 3], ..base });
    let padded = Padding::Explicit([[1, 0], [0, 2]]);
    check("asymmetric", [2, 3, 4], ConvTranspose2d { padding: padded, stride: [2, 2], ..base });
    let output_padding = ConvTranspose2d { output_padding: [1, 2], stride: [2, 3], ..base };
    check("output padding", [1, 2, 3], output_padding);
    let dilation = ConvTranspose2d { dilation: [2, 3], output_padding: [1, 2], ..base };
    check("dilation", [1, 2, 3], dilation);
    check("same", [2, 3, 3], ConvTranspose2d { padding: Padding::Same, stride: [2, 3], ..base });
    check("groups", [4, 3, 2], ConvTranspose2d { groups: 2, out_channels: 6, ..base });
}

#[test]
fn batch_norm2d() {
    let norm = Norm { eps: 1e-3, ..Norm::new(NormKind::Batch2d { momentum: 0.1 }) };
    for training in [true, false] {
        assert_gradients("batch norm", &[60, 3, 3], |dev, data| {
            let x = dev.tensor_from_vec(data[0].clone(), (2, 3, 2, 5));
            let weight = dev.tensor_from_vec(data[1].clone(), (3,));
            let bias = dev.tensor_from_vec(data[2].clone(), (3,));
            let mean = dev.tensor_from_vec(vec![0.1, -0.2, 0.3], (3,));
            let variance = dev.tensor_from_vec(vec![0.5, 1.0, 2.0], (3,));
            let run = || match training {
                true => {
                    let running = [&mut mean.clone(), &mut variance.clone()];
                    ops::batch_norm_train(x.retaped(), &weight, &bias, running, &norm).unwrap()
                }
                false => {
                    let running = [&mean, &variance];
                    ops::batch_norm(x.retaped(), &weight, &bias, running, &norm).unwrap()
                }
            };
            Tracked::of(loss(run)).and(&x).and(&weight).and(&bias)
        });
    }
}

#[test]
fn group_norm() {
    for (kind, n) in [(NormKind::Group { groups: 2 }, 4), (NormKind::Layer, 4 * 2 * 3)] {
        let norm = Norm { eps: 1e-3, ..Norm::new(kind) };
        assert_gradients(norm.name(), &[48, n, n], |dev, data| {
            let x = dev.tensor_from_vec(data[0].clone(), (2, 4, 2, 3));
            let weight = dev.tensor_from_vec(data[1].clone(), (n,));
            let bias = dev.tensor_from_vec(data[2].clone(), (n,));
            let run = || ops::group_norm(x.retaped(), &weight, &bias, &norm).unwrap();
            Tracked::of(loss(run)).and(&x).and(&weight).and(&bias)
        });
    }
}

#[test]
fn linear() {
    for bias in [true, false] {
        let linear = Linear { bias, ..Linear::new(4) };
        assert_gradients("linear", &[15, 20, 4], |dev, data| {
            let x = dev.tensor_from_vec(data[0].clone(), (3, 5, 1, 1));
            let weight = dev.tensor_from_vec(data[1].clone(), (4, 5));
            let b = dev.tensor_from_vec(data[2].clone(), (4,));
            let used = bias.then_some(&b);
            let loss = loss(|| ops::linear(x.retaped(), &weight, used, &linear).unwrap());
            Tracked::of(loss).and(&x).and(&weight).and(&b)
        });
    }
}

#[test]
fn activations() {
    let kinds = [
        Activation::ReLU,
        Activation::LeakyReLU { slope: 0.2 },
        Activation::ELU { alpha: 1.5 },
        Activation::GELU,
        Activation::SiLU,
        Activation::Sigmoid,
        Activation::Tanh,
        Activation::Softplus,
        Activation::Softmax,
        Activation::LogSoftmax,
    ];
    for kind in kinds {
        for shape in [(2, 3, 2, 3), (3, 5, 1, 1), (1, 1, 2, 2)] {
            let n = shape.0 * shape.1 * shape.2 * shape.3;
            assert_gradients(kind.name(), &[n], |dev, data| {
                let x = dev.tensor_from_vec(data[0].clone(), shape);
                let run = |x| ops::activation(x, kind).unwrap();
                // Also of what is three times as wide, so that tails count.
                let loss = loss(|| run(x.retaped())) + loss(|| run(x.retaped() * 3.0));
                Tracked::of(loss).and(&x)
            });
        }
    }
}

#[test]
fn flatten() {
    assert_gradients("flatten", &[24], |dev, data| {
        let x = dev.tensor_from_vec(data[0].clone(), (2, 3, 2, 2));
        Tracked::of(loss(|| ops::flatten(x.retaped()).unwrap())).and(&x)
    });
}

#[test]
fn dropout() {
    assert_gradients("dropout", &[24], |dev, data| {
        let x = dev.tensor_from_vec(data[0].clone(), (2, 3, 2, 2));
        let dropped = || ops::dropout(x.retaped(), &Dropout { p: 0.4 }).unwrap();
        Tracked::of(loss(dropped)).and(&x)
    });
}
