//! What `net!` generates: shapes, names, forward passes, dfdx's traits.

use shapewright::prelude::*;

net! {
    /// LeNet for 32×32 RGB images.
    #[allow(dead_code)]
    pub struct LeNet: [3, 32, 32] -> [10] {
        /// The first convolution.
        conv1: Conv2d(6, kernel = 5),
        ReLU,
        MaxPool2d(2),
        conv2: Conv2d(6 -> 16, kernel = 5),
        ReLU,
        pool2: MaxPool2d(2),
        => [16, 5, 5],
        Flatten,
        fc1: Linear(400 -> 120),
        ReLU,
        fc2: Linear(120 -> 84),
        ReLU,
        fc3: Linear(84 -> 10),
    }
}

#[test]
fn lenet_runs() {
    let dev = Cpu::default();
    let net = dev.build_module::<LeNet, f32>();
    let y: Tensor<Rank2<4, 10>, f32, _> = net.forward(dev.sample_normal::<Rank4<4, 3, 32, 32>>());
    assert!(y.as_vec().iter().all(|v| v.is_finite()));
    assert_eq!(net.num_trainable_params(), 62_006);
    println!("{}", LeNet::summary());
}
