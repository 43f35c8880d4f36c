use shapewright::prelude::*;

net! {
    struct Net: [8, 8, 8] -> [16, 8, 8] {
        GroupNorm(4 -> 8),
        Conv2d(16, kernel = 1),
    }
}

fn main() {}
