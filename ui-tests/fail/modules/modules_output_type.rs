use shapewright::modules::*;
use shapewright::prelude::*;

fn main() {
    let dev = Cpu::default();
    let conv = dev.build_module::<Conv2d<3, 6, 5>, f32>();
    let images: Tensor<Rank4<64, 3, 12, 12>, f32, _> = dev.sample_normal();
    let _maps: Tensor<Rank4<64, 6, 9, 9>, f32, _> = conv.forward(images);
}
