//! Every misuse that only the running program can find is an `Err` in words, never a panic.

use dfdx::prelude::*;
use shapewright::error::Error;
use shapewright::ops::{self, Erased};
use shapewright_shape::{Activation, Conv2d, Dropout, Linear, Padding, Pool2d};

type Image = Erased<f32, AutoDevice>;
type Bias = Tensor<(usize,), f32, AutoDevice>;

/// Half of all memory that could ever be addressed.
const HUGE: usize = usize::MAX / 2 + 1;

fn image(b: usize, c: usize, h: usize, w: usize) -> Image {
    AutoDevice::default().zeros_like(&(b, c, h, w))
}

fn bias(n: usize) -> Bias {
    AutoDevice::default().zeros_like(&(n,))
}

/// A convolution of zeros.
fn convolve(x: [usize; 4], w: [usize; 4], conv: &Conv2d) -> Result<Image, Error> {
    let ([b, c, h, wide], [o, i, k, l]) = (x, w);
    ops::conv2d(image(b, c, h, wide), &image(o, i, k, l), None::<&Bias>, conv)
}

/// Runs the tape of a tensor that may be empty, of which dfdx can't take the sum.
fn backward<S: Shape>(
    y: Tensor<S, f32, AutoDevice, OwnedTape<f32, AutoDevice>>,
) -> Gradients<f32, AutoDevice> {
    let (y, tape) = y.split_tape();
    y.device().zeros::<Rank0>().put_tape(tape).backward()
}

/// Asserts that the message has all these parts.
fn assert_says<T>(result: Result<T, Error>, parts: &[&str]) {
    let Err(error) = result else { panic!("no error, where {parts:?} was expected") };
    let message = error.to_string();
    for part in parts {
        assert!(message.contains(part), "`{part}` is not in `{message}`");
    }
}

#[test]
fn conv2d_with_a_weight_of_other_channels() {
    let result = convolve([8, 4, 32, 32], [6, 3, 5, 5], &Conv2d::new(6, [5, 5]));
    let message = "conv2d: the input is (8, 4, 32, 32), so it has 4 channels, but the weight \
                   (6, 3, 5, 5) with groups = 1 takes 3";
    assert_eq!(result.unwrap_err().to_string(), message);
    let grouped = Conv2d { groups: 2, ..Conv2d::new(6, [5, 5]) };
    let result = convolve([8, 4, 32, 32], [6, 3, 5, 5], &grouped);
    assert_says(result, &["(8, 4, 32, 32)", "4 channels", "(6, 3, 5, 5)", "groups = 2 takes 6"]);
}

#[test]
fn conv2d_with_a_weight_of_another_shape() {
    let conv = Conv2d::new(6, [5, 5]);
    for weight in [[6, 4, 3, 3], [7, 4, 5, 5], [6, 4, 5, 1]] {
        let shape = format!("{weight:?}").replace('[', "(").replace(']', ")");
        let result = convolve([8, 4, 32, 32], weight, &conv);
        assert_says(result, &["conv2d", "(8, 4, 32, 32)", "(6, 4, 5, 5)", &shape]);
    }
    let matrix: Tensor<Rank2<6, 100>, f32, _> = AutoDevice::default().zeros();
    let result = ops::conv2d(image(8, 4, 32, 32), &matrix, None::<&Bias>, &conv);
    assert_says(result, &["conv2d", "(8, 4, 32, 32)", "(6, 4, 5, 5)", "(6, 100)"]);
}

#[test]
fn conv2d_with_a_bias_of_another_length() {
    let (x, weight) = (image(1, 1, 4, 4), image(6, 1, 3, 3));
    let result = ops::conv2d(x, &weight, Some(&bias(5)), &Conv2d::new(6, [3, 3]));
    assert_says(result, &["conv2d", "(6, 1, 3, 3)", "(6)", "(5)"]);
}

#[test]
fn conv2d_with_a_kernel_larger_than_the_image() {
    let result = convolve([1, 1, 4, 9], [1, 1, 5, 5], &Conv2d::new(1, [5, 5]));
    assert_says(result, &["conv2d", "(1, 1, 4, 9)", "reaches over 5 rows", "has 4"]);
    let dilated = Conv2d { dilation: [1, 3], ..Conv2d::new(1, [3, 3]) };
    let result = convolve([1, 1, 9, 6], [1, 1, 3, 3], &dilated);
    assert_says(result, &["(1, 1, 9, 6)", "reaches over 7 columns", "has 6"]);
}

#[test]
fn conv2d_with_illegal_options() {
    let base = Conv2d::new(4, [1, 1]);
    let cases = [
        (Conv2d { groups: 0, ..base }, "the groups of `conv2d` must be at least 1"),
        (Conv2d { groups: 3, ..base }, "3 groups do not divide the 4 output channels"),
        (Conv2d { groups: 4, ..base }, "4 groups do not divide the 6 input channels"),
        (Conv2d { stride: [1, 0], ..base }, "the horizontal stride"),
        (Conv2d { dilation: [0, 1], ..base }, "the vertical dilation"),
        (Conv2d { kernel: [0, 1], ..base }, "the kernel height"),
        (Conv2d { out_channels: 0, ..base }, "at least 1 output"),
        (Conv2d { in_channels: Some(5), ..base }, "takes 5 channels, but the input has 6"),
    ];
    for (conv, message) in cases {
        assert_says(convolve([1, 6, 4, 4], [4, 6, 1, 1], &conv), &["(1, 6, 4, 4)", message]);
    }
    let result = convolve([1, 6, 0, 4], [4, 6, 1, 1], &base);
    assert_says(result, &["(1, 6, 0, 4)", "without pixels"]);
}

#[test]
fn pool2d_with_a_window_larger_than_the_image() {
    let result = ops::pool2d(image(2, 3, 4, 4), &Pool2d::max([5, 2]));
    assert_says(result, &["max_pool2d", "(2, 3, 4, 4)", "over 5 rows", "has 4"]);
    let result = ops::pool2d(image(2, 3, 4, 4), &Pool2d::avg([2, 5]));
    assert_says(result, &["avg_pool2d", "(2, 3, 4, 4)", "over 5 columns", "has 4"]);
}

#[test]
fn pool2d_with_illegal_options() {
    let base = Pool2d::avg([2, 2]);
    let cases = [
        (Pool2d { kernel: [2, 0], ..base }, "the kernel width"),
        (Pool2d { stride: [0, 2], ..base }, "the vertical stride"),
        (Pool2d { dilation: [0, 1], ..base }, "the vertical dilation"),
        (Pool2d { dilation: [2, 1], ..base }, "(2, 1)"),
        (
            Pool2d { padding: Padding::symmetric(0, 2), ..base },
            "is 2 columns, more than half of its kernel of 2",
        ),
    ];
    for (pool, message) in cases {
        let result = ops::pool2d(image(1, 1, 4, 4), &pool);
        assert_says(result, &["avg_pool2d", "(1, 1, 4, 4)", message]);
    }
}

#[test]
fn linear_with_a_weight_or_bias_of_another_shape() {
    let dev = AutoDevice::default();
    let weight: Tensor<Rank2<120, 400>, f32, _> = dev.zeros();
    let run = |x: Image, b: usize, out| {
        ops::linear(x, &weight, Some(&bias(b)), &Linear::new(out)).map(|_| ())
    };
    let message = "linear: the input is (1, 2704, 1, 1), so it has 2704 features, but the weight \
                   (120, 400) takes 400";
    assert_eq!(run(image(1, 2704, 1, 1), 120, 120).unwrap_err().to_string(), message);
    let parts = ["(1, 400, 1, 1)", "(84, 400)", "(120, 400)"];
    assert_says(run(image(1, 400, 1, 1), 84, 84), &parts);
    assert_says(run(image(1, 400, 1, 1), 84, 120), &["(120, 400)", "(120)", "(84)"]);
    assert_says(
        run(image(1, 16, 5, 5), 120, 120),
        &["(1, 16, 5, 5)", "[16, 5, 5]", "takes features"],
    );
    assert_says(run(image(1, 400, 1, 1), 120, 0), &["(1, 400, 1, 1)", "at least 1 output"]);
}

#[test]
fn dropout_with_a_probability_outside_0_to_1() {
    for p in [-0.1, 1.0, 2.0, f64::NAN, f64::INFINITY] {
        assert_says(
            ops::dropout(image(1, 2, 1, 1), &Dropout { p }),
            &["(1, 2, 1, 1)", "probability"],
        );
    }
}

#[test]
fn erase_of_a_rank_that_is_no_image() {
    let dev = AutoDevice::default();
    let x: Tensor<Rank5<1, 2, 3, 4, 5>, f32, _> = dev.zeros();
    assert_says(ops::erase(x), &["(1, 2, 3, 4, 5)", "(batch, channels, height, width)"]);
    let x: Tensor<Rank1<5>, f32, _> = dev.zeros();
    assert_says(ops::erase(x), &["(5)"]);
    let x: Tensor<Rank0, f32, _> = dev.zeros();
    assert_says(ops::erase(x), &["()"]);
}

#[test]
fn restore_of_another_number_of_elements() {
    let result = ops::restore(image(2, 3, 4, 5), (Const::<2>, Const::<61>));
    assert_says(result, &["(2, 3, 4, 5)", "(2, 61)"]);
    let result = ops::restore(image(2, 3, 4, 5), (HUGE, 2usize));
    assert_says(result, &["(2, 3, 4, 5)", &format!("({HUGE}, 2)")]);
}

#[test]
fn a_batch_of_0_is_no_mistake() {
    let dev = AutoDevice::default();
    let x = image(0, 3, 8, 8);
    let conv = Conv2d::new(4, [3, 3]);
    let (weight, bias) = (image(4, 3, 3, 3), bias(4));
    let matrix: Tensor<Rank2<5, 36>, f32, _> = dev.zeros();

    let y = ops::conv2d(x.leaky_trace(), &weight, Some(&bias), &conv).unwrap();
    assert_eq!(y.shape(), &(0, 4, 6, 6));
    let y = ops::activation(y, Activation::Softmax).unwrap();
    let y = ops::dropout(y, &Dropout { p: 0.5 }).unwrap();
    let y = ops::pool2d(y, &Pool2d::max([2, 2])).unwrap();
    let y = ops::flatten(ops::pool2d(y, &Pool2d::avg([1, 1])).unwrap()).unwrap();
    let y = ops::linear(y, &matrix, None::<&Bias>, &Linear::new(5)).unwrap();
    let y = ops::activation(y, Activation::LogSoftmax).unwrap();
    let y: Tensor<(usize, Const<5>), f32, _, _> = ops::restore(y, (0, Const)).unwrap();

    let grads = backward(y);
    // There, and empty.
    assert_eq!(grads.get(&x).shape(), x.shape());
    assert_eq!(grads.get(&weight).as_vec(), [0.0; 108]);
    assert_eq!(grads.get(&bias).as_vec(), [0.0; 4]);
    assert_eq!(grads.get(&matrix).as_vec(), [0.0; 180]);
}

#[test]
fn a_batch_of_0_in_any_memory_layout_is_no_mistake() {
    let dev = AutoDevice::default();
    let weight = image(4, 3, 3, 3);
    let conv = Conv2d::new(4, [3, 3]);
    let base = image(0, 3, 8, 9);
    let x = base.leaky_trace().permute::<_, Axes4<0, 1, 3, 2>>();
    let y = ops::conv2d(x, &weight, None::<&Bias>, &conv).unwrap();
    let grads = backward(ops::flatten(y).unwrap());
    assert_eq!(grads.get(&base).shape(), base.shape());
    // None of many: the gradient of what is there is 0.
    let base: Tensor<(usize, usize, usize), f32, _> = dev.zeros_like(&(3, 8, 8));
    let x = base.leaky_trace().broadcast_like::<_, Axis<0>>(&(0, 3, 8, 8));
    let y = ops::conv2d(x, &weight, None::<&Bias>, &conv).unwrap();
    assert_eq!(backward(y).get(&base).as_vec(), [0.0; 192]);
}

#[test]
fn images_without_channels_or_pixels() {
    let result = convolve([1, 0, 3, 3], [2, 0, 2, 2], &Conv2d::new(2, [2, 2]));
    assert_says(result, &["conv2d", "(1, 0, 3, 3)", "at least 1 channel"]);
    let result = ops::linear(image(2, 0, 1, 1), &image(3, 0, 1, 1), None::<&Bias>, &Linear::new(3));
    assert_says(result, &["linear", "(2, 0, 1, 1)", "at least 1 feature"]);
    for [c, h, w] in [[0, 2, 2], [2, 0, 2], [2, 2, 0]] {
        let x = || image(3, c, h, w).leaky_traced();
        for kind in [Activation::ReLU, Activation::Softmax, Activation::LogSoftmax] {
            let y = ops::activation(x(), kind).unwrap();
            assert_eq!(y.shape(), &(3, c, h, w));
            backward(y);
        }
        assert_eq!(ops::flatten(x()).unwrap().shape(), &(3, 0, 1, 1));
    }
    let y = ops::pool2d(image(3, 0, 2, 2).leaky_traced(), &Pool2d::max([2, 2])).unwrap();
    assert_eq!(y.shape(), &(3, 0, 1, 1));
}

#[test]
fn sizes_that_overflow() {
    let (x, w) = ([1, 1, 4, 4], [1, 1, 2, 2]);
    let base = Conv2d::new(1, [2, 2]);
    for n in [HUGE, usize::MAX, isize::MAX as usize, 1 << 40] {
        let conv = Conv2d { dilation: [n, 1], ..base };
        assert_says(convolve(x, w, &conv), &["conv2d", "(1, 1, 4, 4)"]);
        let padding = Padding::symmetric(n, 1);
        let conv = Conv2d { padding, ..base };
        assert_says(convolve(x, w, &conv), &["conv2d", "(1, 1, 4, 4)", "larger than any memory"]);
        // A stride as large leaves a small output, whose windows can't be counted all the same.
        let conv = Conv2d { padding, stride: [n, 1], ..base };
        assert_says(convolve(x, w, &conv), &["conv2d", "(1, 1, 4, 4)", "larger than any memory"]);
        let pool = Pool2d { kernel: [n, n], padding: Padding::Full, ..Pool2d::max([2, 2]) };
        assert_says(ops::pool2d(image(1, 1, 4, 4), &pool), &["max_pool2d", "(1, 1, 4, 4)"]);
        // Only one window.
        let conv = Conv2d { stride: [n, n], ..base };
        assert_eq!(convolve(x, w, &conv).unwrap().shape(), &(1, 1, 1, 1));
    }
    // A broadcast tensor can have more elements than memory, at no cost.
    let dot: Tensor<Rank0, f32, AutoDevice> = AutoDevice::default().zeros();
    let sky: Image = dot.broadcast_like(&(1, 1usize << 40, 1 << 20, 1 << 10));
    let parts = ["(1, 1099511627776, 1048576, 1024)", "larger than any memory"];
    assert_says(ops::flatten(sky.clone()), &parts);
    assert_says(ops::activation(sky.clone(), Activation::ReLU), &parts);
    assert_says(ops::pool2d(sky.clone(), &Pool2d::max([2, 2])), &parts);
    assert_says(ops::dropout(sky, &Dropout { p: 0.5 }), &parts);
}
