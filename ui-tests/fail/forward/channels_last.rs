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
    net.forward(dev.zeros::<Rank4<8, 32, 32, 3>>());
}
