use shapewright::modules::*;
use shapewright::prelude::*;

fn main() {
    let dev = Cpu::default();
    let net = dev.build_module::<(Flatten, Conv2d<3, 6, 5>), f32>();
    let images: Tensor<Rank4<64, 3, 12, 12>, f32, _> = dev.sample_normal();
    net.forward(images);
}
