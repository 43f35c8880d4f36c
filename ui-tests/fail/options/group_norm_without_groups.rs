use shapewright::prelude::*;

net! {
    struct Net: [6, 8, 8] -> [6, 8, 8] {
        GroupNorm,
    }
}

fn main() {}
