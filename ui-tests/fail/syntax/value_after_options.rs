use shapewright::prelude::*;

net! {
    struct Net: [8, 8, 8] -> [8, 6, 6] {
        Conv2d(kernel = 3, 8),
    }
}

fn main() {}
