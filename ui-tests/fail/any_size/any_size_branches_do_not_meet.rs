use shapewright::prelude::*;

net! {
    struct UNet: for<H, W> [1, H, W] -> [1, H, W] {
        Concat {
            {},
            { MaxPool2d(2), Conv2d(4, kernel = 3, padding = 1), Upsample(scale = 2) },
        },
        Conv2d(1, kernel = 1),
    }
}

fn main() {
    let dev = Cpu::default();
    let net = dev.build_module::<UNet, f32>();
    let _ = net.forward(dev.zeros::<Rank4<1, 1, 64, 64>>());
    let _ = net.forward(dev.zeros::<Rank4<1, 1, 65, 64>>());
}
