use shapewright::prelude::*;

net! {
    struct Filter: [2, 100] -> [8, _] { Conv1d(8, kernel = 5) }
}

fn main() {
    let dev = Cpu::default();
    let net = dev.build_module::<Filter, f32>();
    net.forward_one(dev.zeros::<Rank2<100, 2>>());
}
