//! Convolutions, transposed ones and their gradients with enough channels on both sides for
//! vectors of them.

use super::{conv_transpose2d, conv2d, one_of, rng};
use crate::kernels::conv2d::Conv2dOp;
use crate::kernels::simd::with_each_isa;
use rand::Rng;
use rand::rngs::StdRng;

fn random_op(rng: &mut StdRng, kernel: [usize; 2], padded: bool) -> Conv2dOp {
    let groups = one_of(rng, &[1, 1, 2]);
    let mut option = |most| [0; 2].map(|_| rng.gen_range(1..=most));
    let (stride, dilation) = (option(3), option(2));
    let padding = [0; 2].map(|_| if padded { rng.gen_range(0..4) } else { 0 });
    let mut op = Conv2dOp {
        batch: rng.gen_range(1..3),
        in_channels: groups * one_of(rng, &[16, 17, 24, 33]),
        out_channels: groups * one_of(rng, &[2, 16, 19]),
        groups,
        input: [rng.gen_range(1..9), one_of(rng, &[1, 5, 14, 21, 32, 37])],
        output: [0, 0],
        kernel,
        stride,
        dilation,
        padding,
    };
    for axis in 0..2 {
        let reach = (kernel[axis] - 1) * dilation[axis] + 1;
        // Without padding, the kernel has to find its place inside.
        op.input[axis] = op.input[axis].max(if padded { 1 } else { reach });
        let spare = if padded { rng.gen_range(0..3) } else { 0 };
        let size = op.input[axis] + padding[axis] + spare;
        op.output[axis] = size.saturating_sub(reach) / stride[axis] + 1;
    }
    op
}

fn check(op: &Conv2dOp, rng: &mut StdRng) {
    with_each_isa(|_| {
        conv2d::check::<f32>(op, rng);
        conv2d::check::<f64>(op, rng);
        conv_transpose2d::check::<f32>(op, rng);
        conv_transpose2d::check::<f64>(op, rng);
    });
}

#[test]
fn many_channels_agree_with_plain_loops() {
    let mut rng = rng(61);
    for _ in 0..50 {
        let kernel = [rng.gen_range(1..5), rng.gen_range(1..5)];
        let op = random_op(&mut rng, kernel, true);
        check(&op, &mut rng);
    }
}

#[test]
fn one_by_one_agrees_with_plain_loops() {
    let mut rng = rng(62);
    for i in 0..30 {
        let mut op = random_op(&mut rng, [1, 1], i % 3 == 0);
        if i % 3 == 1 {
            // A product of matrices, with fewer input channels than output channels.
            op.out_channels = op.groups * (op.in_channels + 3);
            (op.stride, op.output) = ([1, 1], op.input);
        }
        check(&op, &mut rng);
    }
}

#[test]
fn shared_images_agree_with_plain_loops() {
    let mut rng = rng(64);
    for (kernel, stride, padding) in [(3, 2, 1), (1, 2, 0), (1, 1, 0), (4, 2, 1)] {
        let input = [18, 24];
        let op = Conv2dOp {
            // Not as many for each thread.
            batch: 7,
            in_channels: 24,
            out_channels: 40,
            groups: 1,
            input,
            output: input.map(|size| (size + 2 * padding - kernel) / stride + 1),
            kernel: [kernel; 2],
            stride: [stride; 2],
            dilation: [1; 2],
            padding: [padding; 2],
        };
        check(&op, &mut rng);
    }
}

#[test]
fn infinities_and_nans_of_many_channels_stay_where_they_belong() {
    let mut rng = rng(63);
    for i in 0..40 {
        let kernel = if i % 2 == 0 { [1, 1] } else { [0; 2].map(|_| rng.gen_range(1..5)) };
        let op = random_op(&mut rng, kernel, false);
        with_each_isa(|_| {
            conv2d::check_containment(&op, f32::INFINITY, &mut rng);
            conv2d::check_containment(&op, f32::NAN, &mut rng);
            conv2d::check_containment(&op, f64::NEG_INFINITY, &mut rng);
        });
    }
}
