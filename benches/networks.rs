//! Whole networks: LeNet's forward pass and training step, and a linear layer beside dfdx's own.
//!
//! `cargo bench --bench networks`. Compare figures of one run only: machines are noisy.

mod lenet;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use dfdx::nn::modules;
use shapewright::prelude::*;

use lenet::LeNet;

net! {
    struct Fc: [400] -> [120] {
        fc: Linear(120),
    }
}

type Images = Tensor<(usize, Const<3>, Const<32>, Const<32>), f32, Cpu>;

fn images(dev: &Cpu, batch: usize) -> Images {
    dev.sample_normal_like(&(batch, Const, Const, Const))
}

fn forward(c: &mut Criterion) {
    let dev = Cpu::default();
    let net = dev.build_module::<LeNet, f32>();
    let mut group = c.benchmark_group("lenet_forward");
    for batch in [1, 128] {
        let x = images(&dev, batch);
        group.bench_function(format!("batch_{batch}"), |b| {
            b.iter(|| black_box(net.forward(x.clone())));
        });
    }
    group.finish();
}

fn training_step(c: &mut Criterion) {
    let dev = Cpu::default();
    let mut net = dev.build_module::<LeNet, f32>();
    let x = images(&dev, 128);
    let mut one_hot = vec![0.0; 1280];
    (0..128).for_each(|i| one_hot[i * 10 + i % 10] = 1.0);
    let target = dev.tensor_from_vec(one_hot, (128, Const::<10>));
    let momentum = Some(Momentum::Classic(0.9));
    let mut sgd = Sgd::new(&net, SgdConfig { lr: 1e-3, momentum, weight_decay: None });
    let mut grads = Some(net.alloc_grads());
    let mut group = c.benchmark_group("lenet_training_step");
    group.bench_function("batch_128", |b| {
        b.iter(|| {
            let logits = net.forward_mut(x.clone().traced(grads.take().unwrap()));
            let loss = cross_entropy_with_logits_loss(logits, target.clone());
            let mut computed = loss.backward();
            sgd.update(&mut net, &computed).unwrap();
            net.zero_grads(&mut computed);
            grads = Some(computed);
        });
    });
    group.finish();
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
        .measurement_time(Duration::from_secs(2));
    targets = forward, training_step, linear
}
criterion_main!(benches);
