use shapewright::prelude::*;

const THREE: usize = 3;

net! {
    struct Net: [3, 32, 32] -> [6, 14, 14] {
        Conv2d(6, kernel = 5),
        MaxPool2d(2),
        => [6, 15, 15],
    }

    struct ByConstant: [3, 32, 32] -> [6, 14, 14] {
        Conv2d(6, kernel = 5),
        MaxPool2d(2),
        => [6, { 5 * THREE }, 15],
    }
}

fn main() {}
