use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [6, 28, 28] {
        Conv2D(6, kernel = 5),
    }
}

fn main() {}
