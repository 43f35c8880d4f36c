use shapewright::prelude::*;

const ZERO: usize = 0;

net! {
    struct Net: [3, 32, 32] -> [3, 5, 5] {
        AdaptiveAvgPool2d((0, 5)),
    }

    struct ByConstant: [3, 32, 32] -> [3, 5, 5] {
        AdaptiveAvgPool2d((ZERO, 5)),
    }
}

fn main() {}
