use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [16, 8, 8] {
        Conv2d(16, kernel = 3, padding = ((1, 1), (1, 1), (1, 1))),
    }
}

fn main() {}
