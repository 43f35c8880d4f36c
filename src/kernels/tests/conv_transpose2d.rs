use super::{assert_close, one_of, random, rng, wide};
use crate::kernels::Element;
use crate::kernels::conv_transpose2d::*;
use crate::kernels::conv2d::Conv2dOp;
use crate::kernels::simd::with_each_isa;
use rand::Rng;
use rand::rngs::StdRng;

/// A transposed convolution at random, as the convolution that it transposes.
fn random_op(rng: &mut StdRng) -> Conv2dOp {
    let groups = one_of(rng, &[1, 1, 2, 3]);
    let mut op = Conv2dOp {
        batch: one_of(rng, &[0, 1, 2, 3]),
        in_channels: groups * rng.gen_range(1..7),
        out_channels: groups * one_of(rng, &[1, 2, 3, 17]),
        groups,
        input: [0, 0],
        output: [rng.gen_range(1..7), one_of(rng, &[1, 3, 8, 13, 20])],
        kernel: [rng.gen_range(1..5), rng.gen_range(1..5)],
        stride: [rng.gen_range(1..4), rng.gen_range(1..4)],
        dilation: [rng.gen_range(1..4), rng.gen_range(1..4)],
        padding: [rng.gen_range(0..4), rng.gen_range(0..4)],
    };
    for axis in 0..2 {
        // The padding at the end need not be that at the start, and further pixels may follow.
        let reach = (op.kernel[axis] - 1) * op.dilation[axis];
        let whole = (op.output[axis] - 1) * op.stride[axis] + reach + 1;
        let further = rng.gen_range(0..op.stride[axis].max(op.dilation[axis]));
        let after = rng.gen_range(0..4);
        op.input[axis] = (whole + further).saturating_sub(op.padding[axis] + after).max(1);
    }
    op
}

pub(super) fn check<E: Element>(op: &Conv2dOp, rng: &mut StdRng) {
    let (inputs, outputs) = (op.out_channels / op.groups, op.in_channels / op.groups);
    let ([ih, iw], [oh, ow], [kh, kw]) = (op.output, op.input, op.kernel);
    let (x, w) = (random::<E>(rng, op.output_len()), random::<E>(rng, op.weight_len()));
    let (gy, bias) = (random::<E>(rng, op.input_len()), random::<E>(rng, op.in_channels));
    let gw0 = random::<E>(rng, w.len());
    let [xd, wd, gyd] = [&x, &w, &gy].map(|v| wide(v));
    let mut y = vec![0.0; gy.len()];
    let (mut gx, mut gw, mut gb) = (vec![0.0; x.len()], wide(&gw0), wide(&bias));
    for i in 0..x.len() {
        let (n, c, iy, ix) = (i / (op.out_channels * ih * iw), i / (ih * iw), i / iw % ih, i % iw);
        let c = c % op.out_channels;
        for k in 0..outputs * kh * kw {
            let (o, ky, kx) = (k / (kh * kw), k / kw % kh, k % kw);
            let oy = (iy * op.stride[0] + ky * op.dilation[0]).wrapping_sub(op.padding[0]);
            let ox = (ix * op.stride[1] + kx * op.dilation[1]).wrapping_sub(op.padding[1]);
            if oy < oh && ox < ow {
                let o = n * op.in_channels + c / inputs * outputs + o;
                let (o, k) = ((o * oh + oy) * ow + ox, c * outputs * kh * kw + k);
                y[o] += xd[i] * wd[k];
                gx[i] += gyd[o] * wd[k];
                gw[k] += gyd[o] * xd[i];
            }
        }
    }
    let mut out = vec![E::nan(); y.len()];
    forward(op, &x, &w, None, &mut out);
    assert_close(&out, &y, op);
    for (o, y) in y.iter_mut().enumerate() {
        let channel = o / (oh * ow) % op.in_channels;
        *y += wide(&bias)[channel];
        gb[channel] += gyd[o];
    }
    out.fill(E::nan());
    forward(op, &x, &w, Some(&bias), &mut out);
    assert_close(&out, &y, &("with bias", op));
    let (mut gradient, mut gradient_w, mut gradient_b) = (vec![E::nan(); x.len()], gw0, bias);
    backward_input(op, &w, &gy, &mut gradient);
    assert_close(&gradient, &gx, &("gradient of the input", op));
    backward_weight(op, &x, &gy, &mut gradient_w);
    assert_close(&gradient_w, &gw, &("gradient of the weight", op));
    backward_bias(op, &gy, &mut gradient_b);
    assert_close(&gradient_b, &gb, &("gradient of the bias", op));
}

#[test]
fn agrees_with_plain_loops() {
    let mut rng = rng(41);
    for _ in 0..200 {
        let op = random_op(&mut rng);
        with_each_isa(|_| {
            check::<f32>(&op, &mut rng);
            check::<f64>(&op, &mut rng);
        });
    }
}
