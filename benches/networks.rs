//! Whole networks: forward passes and training steps of LeNet and ResNet-18, and a linear layer
//! beside dfdx's own.
//!
//! `cargo bench --bench networks`. Compare figures of one run only: machines are noisy.

mod groups;
mod rows;
mod workloads;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use dfdx::nn::modules;
use shapewright::prelude::*;

net! {
    struct Fc: [400] -> [120] {
        fc: Linear(120),
    }
}

fn networks(c: &mut Criterion) {
    groups::measure(c, groups::is_network);
}

/// The one layer that plain dfdx has on stable Rust: the same work, both ways.
fn linear(c: &mut Criterion) {
    let dev = Cpu::default();
    let own = dev.build_module::<Fc, f32>();
    let plain: modules::Linear<400, 120, f32, Cpu> = BuildModule::build(&dev);
    let x: Tensor<Rank2<128, 400>, f32, _> = dev.sample_normal();
    let mut group = c.benchmark_group("linear_400_to_120_batch_128");
    group.bench_function("forward/shapewright", |b| b.iter(|| black_box(own.forward(x.clone()))));
    group.bench_function("forward/dfdx", |b| b.iter(|| black_box(plain.forward(x.clone()))));
    group.bench_function("forward_backward/shapewright", |b| {
        b.iter(|| black_box(own.forward(x.leaky_trace()).sum().backward()));
    });
    group.bench_function("forward_backward/dfdx", |b| {
        b.iter(|| black_box(plain.forward(x.leaky_trace()).sum().backward()));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .sample_size(20);
    targets = networks, linear
}
criterion_main!(benches);
