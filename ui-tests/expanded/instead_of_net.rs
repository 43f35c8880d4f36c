//! What `ui-tests/pass/expand.rs` has written, in the place of its declarations.
#![deny(warnings)]

use shapewright::prelude::*;

include!(concat!(env!("CARGO_MANIFEST_DIR"), "/expanded/small.rs"));
include!(concat!(env!("CARGO_MANIFEST_DIR"), "/expanded/marks.rs"));

fn main() {
    let dev = Cpu::default();
    let net = dev.build_module::<Small, f32>();
    let y: Tensor<Rank2<2, 5>, f32, _> = net.forward(dev.sample_normal::<Rank4<2, 3, 8, 8>>());
    assert!(y.as_vec().iter().all(|v| v.is_finite()));
    println!("{}\n{:?}", Small::summary(), net.block._0.weight.shape());

    let marks = dev.build_module::<Marks<3>, f32>();
    let y = marks.forward_one(dev.sample_normal::<Rank3<3, 7, 9>>());
    let _: Tensor<Rank3<2, 4, 5>, f32, _> = y;
}
