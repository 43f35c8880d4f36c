use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] { BatchNorm1d, Dropout(0.5) }
}

fn main() {
    let dev = Cpu::default();
    let net = dev.build_module::<Net, f32>();
    net.forward_mut(dev.zeros::<Rank2<4, 8>>());
}
