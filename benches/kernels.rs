//! Single ops, most of them kernels over slices, on the sizes of LeNet and ResNet-18.
//!
//! `cargo bench --bench kernels -- conv2d_forward` runs one group.

mod groups;
mod rows;
mod workloads;

use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};

fn ops(c: &mut Criterion) {
    groups::measure(c, |op| !groups::is_network(op));
}

/// Short runs: the whole file takes a few minutes.
fn config() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800))
        .sample_size(20)
}

criterion_group! {
    name = benches;
    config = config();
    targets = ops
}
criterion_main!(benches);
