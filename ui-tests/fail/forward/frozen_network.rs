//! A frozen network given images of another size.

use shapewright::prelude::*;

net! {
    struct LeNet: [3, 32, 32] -> [10] {
        Conv2d(6, kernel = 5), ReLU, MaxPool2d(2), Flatten, Linear(10),
    }
}

fn main() {
    let dev = Cpu::default();
    let engine = dev.build_module::<LeNet, f32>().freeze().unwrap();
    let images: Tensor<Rank4<8, 3, 64, 64>, f32, _> = dev.zeros();
    engine.forward(images);
}
