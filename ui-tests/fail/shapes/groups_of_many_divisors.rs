use shapewright::prelude::*;

net! {
    struct Net: [720, 4, 4] -> [720, 4, 4] {
        GroupNorm(7),
    }
}

fn main() {}
