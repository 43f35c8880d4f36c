use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [64, 16, 16] {
        stem: Conv2d(32, kernel = 3, padding = 1),
        Residual {
            conv1: Conv2d(64, kernel = 3, stride = 2, padding = 1),
            ReLU,
            conv2: Conv2d(64, kernel = 3, padding = 1),
        },
        ReLU,
    }
}

fn main() {
    let net = Cpu::default().build_module::<Net, f32>();
    let _ = &net.conv1.weight;
}
