use shapewright::modules::*;
use shapewright::prelude::*;

type LeNet = (
    (Conv2d<3, 6, 5>, ReLU, MaxPool2d<2>),
    (Conv2d<6, 16, 5>, ReLU, MaxPool2d<2>),
    Flatten,
    (Linear<400, 120>, ReLU, Linear<120, 84>, ReLU, Linear<84, 10>),
);

fn main() {
    let dev = Cpu::default();
    let net = dev.build_module::<LeNet, f32>();
    let images: Tensor<Rank4<64, 3, 36, 36>, f32, _> = dev.sample_normal();
    net.forward(images);
}
