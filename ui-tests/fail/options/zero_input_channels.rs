use shapewright::prelude::*;

net! {
    struct Net: [0, 32, 32] -> [16, 30, 30] {
        Conv2d(16, kernel = 3),
    }
}

fn main() {}
