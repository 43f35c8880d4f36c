use shapewright::prelude::*;

const ZERO: usize = 0;

net! {
    struct Net: [3, 8, 8] -> [16, 6, 6] {
        Conv2d(16, kernel = 0),
    }

    struct ByConstant: [3, 8, 8] -> [16, 6, 6] {
        Conv2d(16, kernel = ZERO),
    }
}

fn main() {}
