//! Winograd's algorithm along rows, for kernels five wide.

use super::*;

/// Kernels five wide, stride 1 and few channels.
fn rows_op(rng: &mut StdRng) -> Conv2dOp {
    let groups = one_of(rng, &[1, 1, 1, 2]);
    let input = [rng.gen_range(5..20), rng.gen_range(5..60)];
    let kernel = [rng.gen_range(3..6), 5];
    let padding = [0; 2].map(|_| one_of(rng, &[0, 0, 1, 2, 4]));
    let output = [0, 1].map(|i| input[i] + padding[i] + rng.gen_range(0..=padding[i]) + 1);
    Conv2dOp {
        batch: rng.gen_range(1..20),
        in_channels: groups * rng.gen_range(1..9),
        out_channels: groups * rng.gen_range(4..20),
        groups,
        input,
        output: [0, 1].map(|i| output[i] - kernel[i]),
        kernel,
        stride: [1, 1],
        dilation: [1, 1],
        padding,
    }
}

/// An image in several tasks.
fn large_op() -> Conv2dOp {
    Conv2dOp {
        batch: 1,
        in_channels: 5,
        out_channels: 7,
        groups: 1,
        input: [61, 143],
        output: [59, 143],
        kernel: [5, 5],
        stride: [1, 1],
        dilation: [1, 1],
        padding: [1, 2],
    }
}

#[test]
fn five_wide_kernels_agree_with_plain_loops() {
    let mut rng = rng(21);
    for _ in 0..60 {
        let op = rows_op(&mut rng);
        if op.output.contains(&0) {
            continue;
        }
        with_each_isa(|_| {
            check::<f32>(&op, &mut rng);
            check::<f64>(&op, &mut rng);
        });
    }
}

#[test]
fn large_images_agree_with_plain_loops() {
    let mut rng = rng(22);
    with_each_isa(|_| {
        check::<f32>(&large_op(), &mut rng);
        check::<f64>(&large_op(), &mut rng);
    });
}

#[test]
fn infinities_and_nans_stay_in_their_tiles() {
    let mut rng = rng(23);
    for _ in 0..20 {
        let op = Conv2dOp { output: [4, 17], input: [8, 21], padding: [0; 2], ..rows_op(&mut rng) };
        let op = Conv2dOp { kernel: [5, 5], ..op };
        with_each_isa(|_| {
            check_containment(&op, f32::NAN, &mut rng);
            check_containment(&op, f32::INFINITY, &mut rng);
            check_containment(&op, f64::NAN, &mut rng);
        });
    }
}
