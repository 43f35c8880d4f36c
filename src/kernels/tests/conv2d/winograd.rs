//! What Winograd's algorithm does with images in blocks.

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
