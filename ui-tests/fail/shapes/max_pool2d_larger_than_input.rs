use shapewright::prelude::*;

const KERNEL: usize = 5;

net! {
    struct Net: [6, 4, 4] -> [6, 1, 1] {
        MaxPool2d(5),
    }

    struct ByConstant: [6, 4, 4] -> [6, 1, 1] {
        MaxPool2d(KERNEL),
    }
}

fn main() {}
