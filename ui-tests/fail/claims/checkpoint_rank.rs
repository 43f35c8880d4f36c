use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [4704] {
        Conv2d(6, kernel = 5),
        Flatten,
        => [6, 28, 28],
    }
}

fn main() {}
