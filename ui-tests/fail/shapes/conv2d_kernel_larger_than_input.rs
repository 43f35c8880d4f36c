use shapewright::prelude::*;

const KERNEL: usize = 3;

net! {
    struct Net: [6, 4, 4] -> [16, 1, 1] {
        Conv2d(16, kernel = 5),
    }

    struct ByConstant: [6, 4, 4] -> [16, 1, 1] {
        Conv2d(16, kernel = { 2 + KERNEL }),
    }
}

fn main() {}
