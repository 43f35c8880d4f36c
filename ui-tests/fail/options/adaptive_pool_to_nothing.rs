use shapewright::prelude::*;

const NONE: usize = 0;

net! {
    struct Net: [3, 32, 32] -> [3, 0, 5] {
        AdaptiveAvgPool2d((0, 5)),
    }
    struct Constant: [3, 32, 32] -> [_, _, _] {
        AdaptiveMaxPool2d((5, NONE)),
    }
}

fn main() {}
