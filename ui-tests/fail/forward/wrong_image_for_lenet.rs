use shapewright::prelude::*;

net! {
    struct LeNet: [3, 32, 32] -> [10] {
        conv1: Conv2d(6, kernel = 5),  ReLU, MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5), ReLU, MaxPool2d(2),
        Flatten, Linear(400 -> 120), ReLU, Linear(84), ReLU, Linear(10),
    }
}

fn main() {
    let dev = AutoDevice::default();
    let net = dev.build_module::<LeNet, f32>();
    let images: Tensor<Rank4<64, 3, 64, 64>, f32, _> = dev.sample_normal();
    net.forward(images);
}
