use shapewright::prelude::*;

net! {
    struct Net: [6, 4, 4] -> [16, 1, 1] {
        Conv2d(16, kernel = 5),
    }
}

fn main() {}
