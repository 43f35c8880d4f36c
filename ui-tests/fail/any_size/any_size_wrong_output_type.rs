use shapewright::prelude::*;

net! {
    struct LeNetFullyConv: for<H, W> [3, H, W] -> [10, _, _] {
        conv1: Conv2d(6, kernel = 5),
        ReLU,
        MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5),
        ReLU,
        MaxPool2d(2),
        fc1: Conv2d(120, kernel = 5),
        ReLU,
        fc2: Conv2d(84, kernel = 1),
        ReLU,
        fc3: Conv2d(10, kernel = 1),
    }
}

fn main() {
    let dev = Cpu::default();
    let net = dev.build_module::<LeNetFullyConv, f32>();
    let x: Tensor<(usize, Const<3>, Const<64>, Const<64>), f32, _> =
        dev.zeros_like(&(4, Const, Const, Const));
    let y: Tensor<(usize, Const<10>, Const<8>, Const<8>), f32, _> = net.forward(x);
}
