use shapewright::prelude::*;

net! {
    pub struct Net: [3, 32, 32] -> [_, _, _] {
        Conv2d(6, kernel = 5),
    }
}

fn main() {
    let dev = Cpu::default();
    let net = dev.build_module::<Net, f32>();
    let x: Tensor<(usize, Const<3>, Const<32>, Const<32>), f32, _> =
        dev.sample_normal_like(&(2, Const, Const, Const));
    let _: Tensor<(usize, Const<6>, Const<27>, Const<28>), f32, _> = net.forward(x);
}
