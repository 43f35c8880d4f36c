use shapewright::prelude::*;

net! {
    struct LeNet: [3, 32, 32] -> [10] {
        Conv2d(6, kernel = 5),
        Flatten,
        Linear(10),
    }
}

fn forward<D: shapewright::ops::Backend<f32>>(net: &LeNet<f32, D>) {
    net.forward(Cpu::default().zeros::<Rank4<8, 3, 32, 32>>());
}

fn main() {
    forward(&Cpu::default().build_module::<LeNet, f32>());
}
