use shapewright::prelude::*;

net! {
    struct Net: [6, 8, 8] -> [6, 8, 8] {
        GroupNorm(groups = 1.5),
    }
}

fn main() {}
