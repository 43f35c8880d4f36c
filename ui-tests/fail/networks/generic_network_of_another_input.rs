use shapewright::prelude::*;

net! {
    struct ResBlock<const IN: usize, const OUT: usize, const STRIDE: usize>:
        for<H, W> [IN, H, W] -> [OUT, _, _]
    {
        Residual {
            conv1: Conv2d(OUT, kernel = 3, stride = STRIDE, padding = 1),
        } shortcut {
            Conv2d(OUT, kernel = 1, stride = STRIDE),
        },
    }

    struct Net: [3, 32, 32] -> [10] {
        stem: Conv2d(16, kernel = 3, padding = 1),
        layer1: { ResBlock<16, 16, 1>, ResBlock<32, 32, 2> },
        GlobalAvgPool2d,
        fc: Linear(10),
    }
}

fn main() {}
