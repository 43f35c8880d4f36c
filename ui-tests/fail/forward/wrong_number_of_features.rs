use shapewright::prelude::*;

net! {
    struct Mlp: [784] -> [10] { Linear(128), ReLU, Linear(10) }
}

fn main() {
    let dev = Cpu::default();
    let mut net = dev.build_module::<Mlp, f32>();
    net.forward_mut(dev.zeros::<Rank2<8, 400>>());
}
