use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [10] {
        conv1: Conv2d(6, kernel = 5),
        block: { conv2: Conv2d(16, kernel = 5) },
        Flatten,
        fc: Linear(10),
    }
}

fn main() {
    let dev = Cpu::default();
    let net = dev.build_module::<Net, f32>();
    let a = net.activations(dev.zeros::<Rank4<2, 3, 32, 32>>());
    let conv1: Tensor<Rank4<2, 6, 28, 28>, f32, _> = a.conv1;
    let conv2: Tensor<Rank4<2, 16, 23, 24>, f32, _> = a.block.conv2;
}
