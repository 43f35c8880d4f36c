use shapewright::prelude::*;

const CHANNELS: usize = 16;
const STRIDE: usize = 2;

net! {
    struct Net: [3, 32, 32] -> [_, _, _] {
        stem: Conv2d(CHANNELS, kernel = 3, padding = 1),
        layer1: {
            Residual {
                conv1: Conv2d(CHANNELS, kernel = 3, stride = STRIDE, padding = 1),
                ReLU,
            } shortcut {
                Conv2d({ 2 * CHANNELS }, kernel = 1, stride = STRIDE),
            },
        },
    }
}

fn main() {}
