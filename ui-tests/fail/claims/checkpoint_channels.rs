use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [6, 28, 28] {
        conv: Conv2d(6, kernel = 5),
        => [16, _, _],
    }
}

fn main() {}
