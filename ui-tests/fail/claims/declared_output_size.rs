use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [6, 27, 28] {
        Conv2d(6, kernel = 5),
    }
}

fn main() {}
