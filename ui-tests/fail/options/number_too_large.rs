use shapewright::prelude::*;

net! {
    struct Net: [8, 8, 8] -> [16, 6, 6] {
        Conv2d(99999999999999999999, kernel = 3),
    }
}

fn main() {}
