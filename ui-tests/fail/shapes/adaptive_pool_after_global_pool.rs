use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [3] {
        GlobalAvgPool2d,
        AdaptiveAvgPool2d(1),
    }
}

fn main() {}
