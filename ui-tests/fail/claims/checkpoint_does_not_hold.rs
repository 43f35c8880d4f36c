use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [16, 5, 5] {
        Conv2d(6, kernel = 5),
        ReLU,
        MaxPool2d(2),
        => [6, 15, 15],
        Conv2d(16, kernel = 5),
        MaxPool2d(2),
    }
}

fn main() {}
