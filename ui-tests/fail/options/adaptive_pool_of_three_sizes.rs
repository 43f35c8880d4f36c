use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [3, 1, 2] {
        AdaptiveAvgPool2d((1, 2, 3)),
    }
}

fn main() {}
