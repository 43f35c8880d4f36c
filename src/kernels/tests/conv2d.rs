mod winograd;
mod winograd_rows;

use super::{assert_close, one_of, random, rng, wide};
use crate::kernels::Element;
use crate::kernels::conv2d::*;
use crate::kernels::simd::with_each_isa;
use rand::Rng;
use rand::rngs::StdRng;

/// Calls `f(x, w, y)` with the places of every product of the convolution.
fn each_product(op: &Conv2dOp, mut f: impl FnMut(usize, usize, usize)) {
    let (channels, outputs) = (op.in_channels / op.groups, op.out_channels / op.groups);
    let ([oh, ow], [ih, iw], [kh, kw]) = (op.output, op.input, op.kernel);
    for y in 0..op.batch * op.out_channels * oh * ow {
        let (n, o, oy, ox) = (y / (op.out_channels * oh * ow), y / (oh * ow), y / ow % oh, y % ow);
        let o = o % op.out_channels;
        for w in 0..channels * kh * kw {
            let (c, ky, kx) = (w / (kh * kw), w / kw % kh, w % kw);
            let iy = (oy * op.stride[0] + ky * op.dilation[0]).wrapping_sub(op.padding[0]);
            let ix = (ox * op.stride[1] + kx * op.dilation[1]).wrapping_sub(op.padding[1]);
            if iy < ih && ix < iw {
                let c = o / outputs * channels + c;
                let x = ((n * op.in_channels + c) * ih + iy) * iw + ix;
                f(x, o * channels * kh * kw + w, y);
            }
        }
    }
}

/// Sizes and options at random: all that `Conv2dOp` can say.
fn random_op(rng: &mut StdRng) -> Conv2dOp {
    let groups = one_of(rng, &[1, 1, 1, 2, 3]);
    let depthwise = rng.gen_bool(0.15);
    let channels = if depthwise { 1 } else { rng.gen_range(1..7) };
    let groups = if depthwise { rng.gen_range(1..20) } else { groups };
    let kernel = [rng.gen_range(1..6), one_of(rng, &[1, 2, 3, 3, 3, 4, 5, 7])];
    let simple = rng.gen_bool(0.4);
    let mut option = |most| if simple { 1 } else { rng.gen_range(1..=most) };
    let (stride, dilation) = ([option(4), option(4)], [option(3), option(4)]);
    let padding = [rng.gen_range(0..5), rng.gen_range(0..9)];
    let mut op = Conv2dOp {
        batch: one_of(rng, &[0, 1, 1, 2, 3, 5]),
        in_channels: groups * channels,
        out_channels: groups * one_of(rng, &[1, 2, 3, 5, 8, 16, 17, 33]),
        groups,
        input: [rng.gen_range(1..14), one_of(rng, &[1, 3, 7, 8, 13, 16, 20, 33, 50])],
        output: [0, 0],
        kernel,
        stride,
        dilation,
        padding,
    };
    for axis in 0..2 {
        // The padding at the end need not be that at the start.
        let padded = op.input[axis] + op.padding[axis] + rng.gen_range(0..5);
        let reach = (op.kernel[axis] - 1) * op.dilation[axis];
        op.output[axis] = padded.saturating_sub(reach + 1) / op.stride[axis] + 1;
    }
    op
}

pub(super) fn check<E: Element>(op: &Conv2dOp, rng: &mut StdRng) {
    let (x, w) = (random::<E>(rng, op.input_len()), random::<E>(rng, op.weight_len()));
    let (gy, bias) = (random::<E>(rng, op.output_len()), random::<E>(rng, op.out_channels));
    let gw0 = random::<E>(rng, w.len());
    let [xd, wd, gyd] = [&x, &w, &gy].map(|v| wide(v));
    let pixels = op.output[0] * op.output[1];
    let mut y = vec![0.0; op.output_len()];
    let (mut gx, mut gw, mut gb) = (vec![0.0; x.len()], wide(&gw0), wide(&bias));
    each_product(op, |i, k, o| {
        y[o] += xd[i] * wd[k];
        gx[i] += wd[k] * gyd[o];
        gw[k] += xd[i] * gyd[o];
    });
    let mut out = vec![E::nan(); y.len()];
    forward(op, &x, &w, None, &mut out);
    assert_close(&out, &y, op);
    for (i, y) in y.iter_mut().enumerate() {
        *y += wide(&bias)[i / pixels % op.out_channels];
        gb[i / pixels % op.out_channels] += gyd[i];
    }
    out.fill(E::nan());
    forward(op, &x, &w, Some(&bias), &mut out);
    assert_close(&out, &y, &("with bias", op));
    let mut out = vec![E::nan(); x.len()];
    backward_input(op, &w, &gy, &mut out);
    assert_close(&out, &gx, &("gradient of the input", op));
    let mut out = gw0;
    backward_weight(op, &x, &gy, &mut out);
    assert_close(&out, &gw, &("gradient of the weight", op));
    let mut out = bias;
    backward_bias(op, &gy, &mut out);
    assert_close(&out, &gb, &("gradient of the bias", op));
}

#[test]
fn agrees_with_plain_loops() {
    let mut rng = rng(1);
    for _ in 0..200 {
        let op = random_op(&mut rng);
        with_each_isa(|_| {
            check::<f32>(&op, &mut rng);
            check::<f64>(&op, &mut rng);
        });
    }
}

/// Three by three, stride 1 and enough channels: Winograd's algorithm, in tiles of either size.
fn winograd_op(rng: &mut StdRng) -> Conv2dOp {
    // Many channels go in several steps.
    let deep = rng.gen_bool(0.3);
    let input = [rng.gen_range(6..if deep { 10 } else { 22 }), rng.gen_range(6..75)];
    let padding = [0; 2].map(|_| rng.gen_range(0..3));
    Conv2dOp {
        batch: rng.gen_range(2..5),
        in_channels: if deep { rng.gen_range(65..140) } else { rng.gen_range(16..25) },
        out_channels: rng.gen_range(16..43),
        groups: 1,
        input,
        output: [0, 1].map(|i| input[i] + padding[i] + rng.gen_range(0..3) - 2),
        kernel: [3, 3],
        stride: [1, 1],
        dilation: [1, 1],
        padding,
    }
}

#[test]
fn three_by_three_agrees_with_plain_loops() {
    let mut rng = rng(7);
    for _ in 0..8 {
        let op = winograd_op(&mut rng);
        with_each_isa(|_| {
            check::<f32>(&op, &mut rng);
            check::<f64>(&op, &mut rng);
        });
    }
}

/// What is not finite reaches exactly the outputs and gradients that it takes part in. Padding
/// is 0 and does take part, so the images here have none.
pub(super) fn check_containment<E: Element>(op: &Conv2dOp, special: E, rng: &mut StdRng) {
    let mut x = random::<E>(rng, op.input_len());
    let (w, mut gy) = (random::<E>(rng, op.weight_len()), random::<E>(rng, op.output_len()));
    let at = rng.gen_range(0..x.len());
    x[at] = special;
    let at = rng.gen_range(0..gy.len());
    gy[at] = special;
    let [xd, wd, gyd] = [&x, &w, &gy].map(|v| wide(v));
    let (mut y, mut gx, mut gw) = (vec![0.0; gy.len()], vec![0.0; x.len()], vec![0.0; w.len()]);
    each_product(op, |i, k, o| {
        y[o] += xd[i] * wd[k];
        gx[i] += wd[k] * gyd[o];
        gw[k] += xd[i] * gyd[o];
    });
    let mut out = vec![E::zero(); y.len()];
    forward(op, &x, &w, None, &mut out);
    assert_close(&out, &y, &(special, op));
    let mut out = vec![E::zero(); gx.len()];
    backward_input(op, &w, &gy, &mut out);
    assert_close(&out, &gx, &("gradient of the input", special, op));
    let mut out = vec![E::zero(); gw.len()];
    backward_weight(op, &x, &gy, &mut out);
    assert_close(&out, &gw, &("gradient of the weight", special, op));
}

#[test]
fn infinities_and_nans_stay_where_they_belong() {
    let mut rng = rng(8);
    for i in 0..100 {
        let op = if i % 10 == 0 { winograd_op(&mut rng) } else { random_op(&mut rng) };
        let reach = |i: usize| (op.kernel[i] - 1) * op.dilation[i];
        if op.batch == 0 || op.input[0] <= reach(0) || op.input[1] <= reach(1) {
            continue;
        }
        let output = [0, 1].map(|i| (op.input[i] - reach(i) - 1) / op.stride[i] + 1);
        let op = Conv2dOp { padding: [0, 0], output, ..op };
        with_each_isa(|_| {
            check_containment(&op, f32::INFINITY, &mut rng);
            check_containment(&op, f32::NAN, &mut rng);
            check_containment(&op, f64::NEG_INFINITY, &mut rng);
        });
    }
}

/// `y = clamp(y + conv(x, w) + b)`, as far as asked for.
fn plain_end<E: Element>(
    op: &Conv2dOp,
    (x, w, bias): (&[E], &[E], Option<&[E]>),
    end: End<E>,
    y: &[E],
) -> Vec<f64> {
    let [xd, wd, bias] = [x, w, bias.unwrap_or(&[])].map(|v| wide(v));
    let limits = end.clamp.map(|limits| wide(&limits));
    let mut out = if end.add { wide(y) } else { vec![0.0; y.len()] };
    each_product(op, |i, k, o| out[o] += xd[i] * wd[k]);
    let pixels = op.output[0] * op.output[1];
    for (i, out) in out.iter_mut().enumerate() {
        *out += bias.get(i / pixels % op.out_channels).unwrap_or(&0.0);
        if let Some(limits) = &limits {
            // Unlike `min` and `max`, this leaves NaN as it is.
            *out = out.clamp(limits[0], limits[1]);
        }
    }
    out
}

/// A convolution with a kept weight, for the batch that it was planned for and for others;
/// `special` is somewhere in the input.
fn check_prepared<E: Element>(op: &Conv2dOp, special: Option<E>, rng: &mut StdRng) {
    let (w, bias) = (random::<E>(rng, op.weight_len()), random::<E>(rng, op.out_channels));
    let bias = rng.gen_bool(0.5).then_some(&*bias);
    // Limits that some results exceed, but of their size, which is what rounding is measured by.
    let size = ((op.weight_len() / op.out_channels) as f64).sqrt() * 0.7;
    let [low, high, infinity] = [-size, 1.2 * size, f64::INFINITY].map(E::cast);
    let clamp = one_of(rng, &[None, Some([E::zero(), infinity]), Some([low, high])]);
    let end = End { add: rng.gen_bool(0.5), clamp };
    let first = Prepared::new(op, &w, bias, end);
    let planned = op.batch;
    for batch in [planned, 0, 1, 9] {
        let op = Conv2dOp { batch, ..*op };
        let mut x = random::<E>(rng, op.input_len());
        if let (Some(special), false) = (special, x.is_empty()) {
            let at = rng.gen_range(0..x.len());
            x[at] = special;
        }
        let mut y = random::<E>(rng, op.output_len());
        let expected = plain_end(&op, (&x, &w, bias), end, &y);
        let other = (batch != planned).then(|| first.for_batch(batch));
        other.as_ref().unwrap_or(&first).run(&x, &mut y);
        assert_close(&y, &expected, &("prepared", end, bias.is_some(), op));
    }
}

#[test]
fn kept_weights_give_the_same() {
    let mut rng = rng(10);
    for i in 0..40 {
        let op = if i % 10 == 0 { winograd_op(&mut rng) } else { random_op(&mut rng) };
        with_each_isa(|_| {
            check_prepared::<f32>(&op, None, &mut rng);
            check_prepared::<f64>(&op, None, &mut rng);
        });
    }
}

#[test]
fn kept_weights_leave_infinities_and_nans_where_they_belong() {
    let mut rng = rng(11);
    for _ in 0..4 {
        let op = winograd_op(&mut rng);
        let output = op.input.map(|side| side - 2);
        let op = Conv2dOp { padding: [0, 0], output, ..op };
        with_each_isa(|_| {
            check_prepared(&op, Some(f32::INFINITY), &mut rng);
            check_prepared(&op, Some(f32::NAN), &mut rng);
            check_prepared(&op, Some(f64::NEG_INFINITY), &mut rng);
        });
    }
}

/// A weight that Winograd's transform would spread is left to another kernel.
#[test]
fn kept_weights_may_be_infinite() {
    let mut rng = rng(12);
    let op = Conv2dOp { padding: [0, 0], batch: 2, ..winograd_op(&mut rng) };
    let op = Conv2dOp { output: op.input.map(|side| side - 2), ..op };
    let (x, mut w) = (random::<f32>(&mut rng, op.input_len()), random(&mut rng, op.weight_len()));
    w[7] = f32::INFINITY;
    let end = End { add: false, clamp: None };
    with_each_isa(|_| {
        let mut y = vec![0.0; op.output_len()];
        let expected = plain_end(&op, (&x, &w, None), end, &y);
        Prepared::new(&op, &w, None, end).run(&x, &mut y);
        assert_close(&y, &expected, &op);
    });
}

/// One channel a group and three by three taps, whose gradient of the weight has its own kernel.
#[test]
fn depthwise_three_by_three_agrees_with_plain_loops() {
    let mut rng = rng(10);
    for i in 0..40 {
        let groups = rng.gen_range(2..12);
        let input = [rng.gen_range(3..14), one_of(&mut rng, &[3, 7, 16, 20, 33, 50])];
        let padding = if i % 2 == 0 { [0; 2] } else { [0; 2].map(|_| rng.gen_range(0..3)) };
        let op = Conv2dOp {
            batch: rng.gen_range(0..4),
            in_channels: groups,
            out_channels: groups,
            groups,
            input,
            output: [0, 1].map(|i| input[i] + 2 * padding[i] - 2),
            kernel: [3, 3],
            stride: [1, 1],
            dilation: [1, 1],
            padding,
        };
        with_each_isa(|_| {
            check::<f32>(&op, &mut rng);
            check::<f64>(&op, &mut rng);
            if padding == [0, 0] && op.batch > 0 {
                check_containment(&op, f32::INFINITY, &mut rng);
                check_containment(&op, f64::NAN, &mut rng);
            }
        });
    }
}

/// Memory that an op leaves behind is no part of the next one's result.
#[test]
fn nothing_is_left_over_from_earlier_calls() {
    let mut rng = rng(9);
    for _ in 0..40 {
        let op = random_op(&mut rng);
        let nan = |len| vec![f32::NAN; len];
        let (x, w, gy) = (nan(op.input_len()), nan(op.weight_len()), nan(op.output_len()));
        forward(&op, &x, &w, None, &mut nan(op.output_len()));
        backward_input(&op, &w, &gy, &mut nan(op.input_len()));
        backward_weight(&op, &x, &gy, &mut nan(op.weight_len()));
        check::<f32>(&op, &mut rng);
    }
}
