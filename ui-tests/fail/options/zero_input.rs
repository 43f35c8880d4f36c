use shapewright::prelude::*;

net! {
    struct Net: [3, 0, 8] -> [16, 8, 8] {
        Conv2d(16, kernel = 3),
    }
}

fn main() {}
