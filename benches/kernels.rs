//! The kernels on the sizes of LeNet (batch 128 and 1) and ResNet-18 (batch 8 and 1).
//!
//! `cargo bench --bench kernels -- conv2d_forward` runs one group.

use criterion::{Criterion, criterion_group, criterion_main};
use shapewright::kernels::conv2d::{self, Conv2dOp};
use shapewright::kernels::linear;
use shapewright::kernels::pool2d::{self, Pool2dOp};
use std::time::Duration;

/// Numbers in (-1, 1), the same every time.
fn numbers(len: usize) -> Vec<f32> {
    let mut state = 1u32;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as f32 / u32::MAX as f32 * 2.0 - 1.0
    };
    (0..len).map(next).collect()
}

/// A convolution of `[batch, in, out]` channels on square images, with `[kernel, stride, padding]`.
fn conv(
    [batch, in_channels, out_channels]: [usize; 3],
    side: usize,
    [kernel, stride, padding]: [usize; 3],
) -> Conv2dOp {
    Conv2dOp {
        batch,
        in_channels,
        out_channels,
        groups: 1,
        input: [side; 2],
        output: [(side + 2 * padding - kernel) / stride + 1; 2],
        kernel: [kernel; 2],
        stride: [stride; 2],
        dilation: [1; 2],
        padding: [padding; 2],
    }
}

fn convolutions() -> Vec<(&'static str, Conv2dOp)> {
    let depthwise = Conv2dOp { groups: 96, ..conv([8, 96, 96], 56, [3, 1, 1]) };
    vec![
        ("lenet_conv1", conv([128, 3, 6], 32, [5, 1, 0])),
        ("lenet_conv2", conv([128, 6, 16], 14, [5, 1, 0])),
        ("lenet_conv1_batch1", conv([1, 3, 6], 32, [5, 1, 0])),
        ("lenet_conv2_batch1", conv([1, 6, 16], 14, [5, 1, 0])),
        ("resnet_stem", conv([8, 3, 64], 224, [7, 2, 3])),
        ("resnet_64", conv([8, 64, 64], 56, [3, 1, 1])),
        ("resnet_128", conv([8, 128, 128], 28, [3, 1, 1])),
        ("resnet_256", conv([8, 256, 256], 14, [3, 1, 1])),
        ("resnet_512", conv([8, 512, 512], 7, [3, 1, 1])),
        ("resnet_64_batch1", conv([1, 64, 64], 56, [3, 1, 1])),
        ("resnet_down_128", conv([8, 64, 128], 56, [3, 2, 1])),
        ("resnet_skip_128", conv([8, 64, 128], 56, [1, 2, 0])),
        ("pointwise_256_1024", conv([8, 256, 1024], 14, [1, 1, 0])),
        ("depthwise_96", depthwise),
    ]
}

fn conv2d_forward(c: &mut Criterion) {
    let mut group = c.benchmark_group("conv2d_forward");
    for (name, op) in convolutions() {
        let (x, w) = (numbers(op.input_len()), numbers(op.weight_len()));
        let (bias, mut y) = (numbers(op.out_channels), numbers(op.output_len()));
        group.bench_function(name, |b| {
            b.iter(|| conv2d::forward(&op, &x, &w, Some(&bias), &mut y));
        });
    }
}

fn conv2d_backward_input(c: &mut Criterion) {
    let mut group = c.benchmark_group("conv2d_backward_input");
    for (name, op) in convolutions() {
        let (w, gy) = (numbers(op.weight_len()), numbers(op.output_len()));
        let mut gx = vec![0.0; op.input_len()];
        group.bench_function(name, |b| b.iter(|| conv2d::backward_input(&op, &w, &gy, &mut gx)));
    }
}

fn conv2d_backward_weight(c: &mut Criterion) {
    let mut group = c.benchmark_group("conv2d_backward_weight");
    for (name, op) in convolutions() {
        let (x, gy) = (numbers(op.input_len()), numbers(op.output_len()));
        let mut gw = vec![0.0; op.weight_len()];
        group.bench_function(name, |b| b.iter(|| conv2d::backward_weight(&op, &x, &gy, &mut gw)));
    }
}

fn pool2d(c: &mut Criterion) {
    let pool = |batch, channels, side: usize, [kernel, stride, padding]: [usize; 3]| Pool2dOp {
        batch,
        channels,
        input: [side; 2],
        output: [(side + 2 * padding - kernel) / stride + 1; 2],
        kernel: [kernel; 2],
        stride: [stride; 2],
        dilation: [1; 2],
        padding: [[padding; 2]; 2],
    };
    let pools = [
        ("lenet_pool1", pool(128, 6, 28, [2, 2, 0])),
        ("resnet_pool", pool(8, 64, 112, [3, 2, 1])),
    ];
    let mut group = c.benchmark_group("pool2d");
    for (name, op) in pools {
        let planes = op.batch * op.channels;
        let x = numbers(planes * op.input[0] * op.input[1]);
        let mut y = vec![0.0; planes * op.output[0] * op.output[1]];
        let mut indices = vec![0; y.len()];
        let (gy, mut gx) = (numbers(y.len()), vec![0.0; x.len()]);
        group.bench_function(format!("{name}/max"), |b| {
            b.iter(|| pool2d::max_forward(&op, &x, &mut y, None));
        });
        group.bench_function(format!("{name}/max_indices"), |b| {
            b.iter(|| pool2d::max_forward(&op, &x, &mut y, Some(&mut indices)));
        });
        group.bench_function(format!("{name}/max_backward"), |b| {
            b.iter(|| pool2d::max_backward(&op, &indices, &gy, &mut gx));
        });
        group.bench_function(format!("{name}/avg"), |b| {
            b.iter(|| pool2d::avg_forward(&op, true, &x, &mut y));
        });
    }
}

fn linear(c: &mut Criterion) {
    let mut group = c.benchmark_group("linear");
    for [batch, inputs, outputs] in [[128, 400, 120], [1, 400, 120], [8, 512, 1000]] {
        let (x, w) = (numbers(batch * inputs), numbers(outputs * inputs));
        let (bias, gy) = (numbers(outputs), numbers(batch * outputs));
        let (mut y, mut gx) = (gy.clone(), x.clone());
        let mut gw = w.clone();
        let size = format!("{batch}x{inputs}x{outputs}");
        group.bench_function(format!("{size}/forward"), |b| {
            b.iter(|| linear::forward(batch, inputs, outputs, &x, &w, Some(&bias), &mut y));
        });
        group.bench_function(format!("{size}/backward_input"), |b| {
            b.iter(|| linear::backward_input(batch, inputs, outputs, &w, &gy, &mut gx));
        });
        group.bench_function(format!("{size}/backward_weight"), |b| {
            b.iter(|| linear::backward_weight(batch, inputs, outputs, &x, &gy, &mut gw));
        });
    }
}

/// Short runs: the whole file takes about two minutes.
fn config() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800))
        .sample_size(20)
}

criterion_group! {
    name = benches;
    config = config();
    targets = conv2d_forward, conv2d_backward_input, conv2d_backward_weight, pool2d, linear
}
criterion_main!(benches);
