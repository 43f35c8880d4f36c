use shapewright::prelude::*;

const PAD: usize = 2;

net! {
    struct Net: [3, 8, 8] -> [3, 3, 3] {
        MaxPool2d(3, padding = 2),
    }

    struct ByConstant: [3, 8, 8] -> [3, 3, 3] {
        MaxPool2d(3, padding = PAD),
    }
}

fn main() {}
