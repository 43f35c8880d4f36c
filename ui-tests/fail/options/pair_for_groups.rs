use shapewright::prelude::*;

net! {
    struct Net: [8, 8, 8] -> [16, 6, 6] {
        Conv2d(16, kernel = 3, groups = (2, 2)),
    }
}

fn main() {}
