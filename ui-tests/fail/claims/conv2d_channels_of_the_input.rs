use shapewright::prelude::*;

net! {
    struct Net: [1, 28, 28] -> [6, 24, 24] {
        conv1: Conv2d(3 -> 6, kernel = 5),
    }
}

fn main() {}
