use shapewright::prelude::*;

net! {
    struct Net: [8, 8, 8] -> [8, 8, 8] {
        GroupNorm(4, eps = -1.0),
    }
}

fn main() {}
