//! Convolutions of few channels, as at the start of a network.

use super::conv2d::{check, check_containment};
use super::{one_of, rng};
use crate::kernels::conv2d::Conv2dOp;
use crate::kernels::simd::with_each_isa;
use rand::Rng;
use rand::rngs::StdRng;

fn few_channels(rng: &mut StdRng) -> Conv2dOp {
    let groups = one_of(rng, &[1, 1, 1, 2]);
    let mut op = Conv2dOp {
        batch: rng.gen_range(1..4),
        in_channels: groups * rng.gen_range(2..8),
        out_channels: groups * one_of(rng, &[4, 16, 21, 40]),
        groups,
        input: [rng.gen_range(5..15), one_of(rng, &[6, 8, 9, 12, 14, 17])],
        output: [0, 0],
        kernel: [0; 2].map(|_| rng.gen_range(3..6)),
        stride: [one_of(rng, &[1, 1, 2]), one_of(rng, &[1, 1, 1, 2])],
        dilation: [0; 2].map(|_| one_of(rng, &[1, 1, 1, 2])),
        padding: [0; 2].map(|_| one_of(rng, &[0, 0, 1, 3])),
    };
    for axis in 0..2 {
        let padded = op.input[axis] + 2 * op.padding[axis];
        let reach = (op.kernel[axis] - 1) * op.dilation[axis];
        op.output[axis] = padded.saturating_sub(reach + 1) / op.stride[axis] + 1;
    }
    op
}

#[test]
fn agree_with_plain_loops() {
    let mut rng = rng(20);
    for _ in 0..80 {
        let op = few_channels(&mut rng);
        with_each_isa(|_| {
            check::<f32>(&op, &mut rng);
            check::<f64>(&op, &mut rng);
        });
    }
}

#[test]
fn leave_infinities_and_nans_where_they_belong() {
    let mut rng = rng(21);
    for _ in 0..80 {
        let op = few_channels(&mut rng);
        let reach = [0, 1].map(|i| (op.kernel[i] - 1) * op.dilation[i]);
        if op.input[0] <= reach[0] || op.input[1] <= reach[1] {
            continue;
        }
        let output = [0, 1].map(|i| (op.input[i] - reach[i] - 1) / op.stride[i] + 1);
        let op = Conv2dOp { padding: [0, 0], output, ..op };
        with_each_isa(|_| {
            check_containment(&op, f32::INFINITY, &mut rng);
            check_containment(&op, f64::NAN, &mut rng);
        });
    }
}
