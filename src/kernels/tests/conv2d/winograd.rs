//! Winograd's algorithm where it works in parts: blocks of images, groups of channels.

use super::*;

/// Adds the gradient of the weight over several blocks of transformed images, in one of which a
/// number may be infinite or none, to one that is not zero.
fn check_blocks<E: Element>(op: &Conv2dOp, special: Option<E>, rng: &mut StdRng) {
    let (mut x, gy) = (random::<E>(rng, op.input_len()), random::<E>(rng, op.output_len()));
    if let Some(special) = special {
        let at = rng.gen_range(0..x.len());
        x[at] = special;
    }
    let gw0 = random::<E>(rng, op.weight_len());
    let mut gw = wide(&gw0);
    let [xd, gyd] = [&x, &gy].map(|v| wide(v));
    each_product(op, |i, k, o| gw[k] += xd[i] * gyd[o]);
    with_each_isa(|_| {
        let mut out = gw0.clone();
        backward_weight(op, &x, &gy, &mut out);
        assert_close(&out, &gw, &("gradient of the weight", special, op));
    });
}

#[test]
fn gradients_of_the_weight_add_up_over_many_images() {
    let mut rng = rng(13);
    let op = Conv2dOp {
        batch: 5,
        in_channels: 21,
        out_channels: 35,
        groups: 1,
        input: [39, 65],
        output: [37, 63],
        kernel: [3, 3],
        stride: [1, 1],
        dilation: [1, 1],
        padding: [0, 0],
    };
    check_blocks::<f32>(&op, None, &mut rng);
    check_blocks::<f32>(&op, Some(f32::INFINITY), &mut rng);
    check_blocks::<f64>(&op, Some(f64::NAN), &mut rng);
}

/// Numbers whose transforms would be infinite, in sums that are not.
#[test]
fn large_numbers_keep_gradients_of_the_weight_finite() {
    let mut rng = rng(14);
    let op = Conv2dOp { batch: 2, ..winograd_op(&mut rng) };
    let x = vec![f32::MAX / 4.0; op.input_len()];
    let gy: Vec<f32> = random(&mut rng, op.output_len()).iter().map(|v: &f32| v * 1e-6).collect();
    let mut gw = vec![0.0; op.weight_len()];
    let [xd, gyd] = [&x, &gy].map(|v| wide(v));
    each_product(&op, |i, k, o| gw[k] += xd[i] * gyd[o]);
    with_each_isa(|_| {
        let mut out = vec![0.0; gw.len()];
        backward_weight(&op, &x, &gy, &mut out);
        assert_close(&out, &gw, &op);
    });
}

/// Few tiles, for which the weight is transformed on the way, with sums of several groups of
/// channels.
#[test]
fn few_tiles_agree_with_plain_loops() {
    let mut rng = rng(15);
    for i in 0..6 {
        let side = one_of(&mut rng, &[7, 10, 14]);
        let op = Conv2dOp {
            batch: if side == 7 { rng.gen_range(1..10) } else { 1 + i % 2 },
            in_channels: rng.gen_range(60..100),
            out_channels: rng.gen_range(70..150),
            input: [side; 2],
            output: [side; 2],
            padding: [1, 1],
            ..winograd_op(&mut rng)
        };
        with_each_isa(|_| {
            check::<f32>(&op, &mut rng);
            check::<f64>(&op, &mut rng);
        });
    }
}

/// An infinite weight reaches the outputs of its own channel.
#[test]
fn few_tiles_take_an_infinite_weight() {
    let mut rng = rng(16);
    let op = few_tiles([40, 150], &mut rng);
    let (x, mut w) = (random::<f32>(&mut rng, op.input_len()), random(&mut rng, op.weight_len()));
    w[100 * 40 * 9 + 5] = f32::INFINITY;
    let mut y = vec![0.0; op.output_len()];
    let [xd, wd] = [&x, &w].map(|v| wide(v));
    each_product(&op, |i, k, o| y[o] += xd[i] * wd[k]);
    with_each_isa(|_| {
        let mut out = vec![f32::NAN; y.len()];
        forward(&op, &x, &w, None, &mut out);
        assert_close(&out, &y, &op);
        check_containment(&op, f32::NAN, &mut rng);
    });
}

/// A very large weight leaves the sums of other channels as exact as they are.
#[test]
fn few_tiles_take_a_large_weight() {
    let mut rng = rng(17);
    let op = few_tiles([150, 40], &mut rng);
    let (mut w, gy) = (random::<f32>(&mut rng, op.weight_len()), random(&mut rng, op.output_len()));
    w[100 * 9 + 4] = 1e30;
    let mut gx = vec![0.0; op.input_len()];
    let [wd, gyd] = [&w, &gy].map(|v: &Vec<f32>| wide(v));
    each_product(&op, |i, k, o| gx[i] += wd[k] * gyd[o]);
    with_each_isa(|_| {
        let mut out = vec![f32::NAN; gx.len()];
        backward_input(&op, &w, &gy, &mut out);
        let pixels = op.input[0] * op.input[1];
        for (out, gx) in out.chunks_exact(pixels).zip(gx.chunks_exact(pixels)) {
            assert_close(out, gx, &op);
        }
    });
}

fn few_tiles([in_channels, out_channels]: [usize; 2], rng: &mut StdRng) -> Conv2dOp {
    Conv2dOp {
        batch: 2,
        in_channels,
        out_channels,
        input: [14, 14],
        output: [12, 12],
        padding: [0, 0],
        ..winograd_op(rng)
    }
}
