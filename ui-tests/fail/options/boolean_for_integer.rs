use shapewright::prelude::*;

net! {
    struct Net: [8, 8, 8] -> [8, 6, 6] {
        conv: Conv2d(8, kernel = true),
    }
}

fn main() {}
