use shapewright::prelude::*;

net! {
    pub struct Net: [3, 32, 32] -> [10] {
        Conv2d(6, kernel = 5),
        Flatten,
        Linear(10),
    }
}

fn main() {
    let dev = Cpu::default();
    let net = dev.build_module::<Net, f32>();
    net.forward(dev.sample_normal::<Rank4<8, 3, 64, 64>>());
}
