use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [6, 14, 14] {
        Conv2d(6, kernel = 5),
        MaxPool2d(2),
        => [_, 16, _],
    }
}

fn main() {}
