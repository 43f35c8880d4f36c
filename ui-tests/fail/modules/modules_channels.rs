use shapewright::modules::*;
use shapewright::prelude::*;

fn main() {
    let dev = Cpu::default();
    let net = dev.build_module::<(Conv2d<3, 6, 5>, ReLU, Conv2d<8, 16, 5>), f32>();
    let images: Tensor<Rank4<64, 3, 32, 32>, f32, _> = dev.sample_normal();
    net.forward(images);
}
