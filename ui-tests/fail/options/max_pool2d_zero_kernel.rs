use shapewright::prelude::*;

const ZERO: usize = 0;

net! {
    struct Net: [3, 8, 8] -> [3, 4, 4] {
        MaxPool2d(0),
    }

    struct ByConstant: [3, 8, 8] -> [3, 4, 4] {
        MaxPool2d(ZERO),
    }
}

fn main() {}
