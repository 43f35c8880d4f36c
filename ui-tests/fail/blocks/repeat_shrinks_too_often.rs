use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [3, 1, 1] {
        down: Repeat<4> {
            conv: Conv2d(3, kernel = 3),
            ReLU,
            pool: MaxPool2d(2),
        },
    }
}

fn main() {}
