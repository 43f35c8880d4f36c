use shapewright::prelude::*;

/// Sizes that only the compiler can read.
mod config {
    pub const SIZE: usize = 64;
    pub const FEATURES: usize = 16 * 5 * 5;
}

const CLASSES: usize = 10;

net! {
    pub struct LeNet: [3, config::SIZE, config::SIZE] -> [CLASSES] {
        conv1: Conv2d(6, kernel = 5),
        ReLU,
        MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5),
        ReLU,
        MaxPool2d(2),
        Flatten,
        fc1: Linear(config::FEATURES -> { 4 * 30 }),
        ReLU,
        fc2: Linear(120 -> 84),
        ReLU,
        fc3: Linear(84 -> CLASSES),
    }
}

fn main() {
    let dev = Cpu::default();
    let net = dev.build_module::<LeNet, f32>();
    let x: Tensor<Rank4<8, 3, 64, 64>, f32, _> = dev.sample_normal();
    let y: Tensor<Rank2<8, 10>, f32, _> = net.forward(x);
    println!("{:?}", (y.array(), net.fc1.weight.array(), LeNet::summary()));
}
