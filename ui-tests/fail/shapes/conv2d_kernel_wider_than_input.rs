use shapewright::prelude::*;

net! {
    struct Net: [6, 8, 4] -> [16, 4, 1] {
        Conv2d(16, kernel = 5),
    }
}

fn main() {}
