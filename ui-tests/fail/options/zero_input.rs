use shapewright::prelude::*;

const ZERO: usize = 0;

net! {
    struct Net: [3, 0, 32] -> [16, 30, 30] {
        Conv2d(16, kernel = 3),
    }

    struct ByConstant: [3, ZERO, 32] -> [16, 30, 30] {
        Conv2d(16, kernel = 3),
    }
}

fn main() {}
