use shapewright::prelude::*;

net! {
    struct LeNet: [3, 32, 32] -> [10] {
        Conv2d(6, kernel = 5),
        Flatten,
        Linear(10),
    }
}

fn main() {
    let dev = Cpu::default();
    let net = dev.build_module::<LeNet, f32>();
    let images: Tensor<(usize, usize, usize, usize), f32, _> = dev.zeros_like(&(8, 3, 32, 32));
    net.forward(images);
}
