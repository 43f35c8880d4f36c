//! Frozen networks against the networks themselves.

use shapewright::prelude::*;

net! {
    struct LeNet: [3, 32, 32] -> [10] {
        Conv2d(6, kernel = 5), ReLU, MaxPool2d(2),
        Conv2d(16, kernel = 5), ReLU, MaxPool2d(2),
        Flatten, Linear(120), ReLU, Linear(84), ReLU, Linear(10),
    }
}

#[test]
fn lenet() {
    let dev = Cpu::seed_from_u64(0);
    let net = dev.build_module::<LeNet, f32>();
    let engine = net.freeze().unwrap();
    for batch in [1, 3, 128, 5] {
        let x = dev.sample_normal_like(&(batch, Const::<3>, Const::<32>, Const::<32>));
        let (expected, got) = (net.forward(x.clone()).as_vec(), engine.forward(x).as_vec());
        assert_eq!(expected.len(), got.len());
        for (a, b) in expected.iter().zip(&got) {
            assert!((a - b).abs() < 1e-5, "{a} {b}");
        }
    }
}
