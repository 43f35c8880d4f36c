use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [3] {
        AdaptiveAvgPool2d,
        AdaptiveMaxPool2d(5, stride = 2),
        AdaptiveAvgPool2d((1, 2, 3)),
        GlobalAvgPool2d(1),
    }
}

fn main() {}
